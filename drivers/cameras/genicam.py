"""FLIR A-series and Ax5 cameras on GigE Vision, through GenICam."""

import logging
import time
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from drivers.api import DeviceInfo, ThermalCamera
from drivers.cameras import genicam_codec as codec
from drivers.cameras.genicam_opening import open_source
from drivers.cameras.genicam_source import GenicamSource, NodeRefused
from drivers.cameras.video import RepeatWatch
from drivers.errors import DeviceDisconnected, DeviceError, OpenFailed, ProtocolError
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_FIRST_FRAME_S = 5.0
# A camera that lost its settings sends counts that may look like temperatures.
_CHECK_EVERY_S = 5.0
_AGAIN_AFTER_S = 1.0
# A node may take its value only after another has taken its own.
_SET_ROUNDS = 2
# One picture twice is a duplicate; the shutter stays closed for about a second (not verified).
_SHUTTER_REPEATS = 2

_log = logging.getLogger(__name__)


class FlirGenicamCamera(ThermalCamera):
    """Reads temperatures (TemperatureLinear), never counts.

    The camera tells nothing of its shutter correction: it is seen by pictures that repeat.

    Args:
        source: a GenTL producer's file (`.cti`), or `tcp://host:port` of a stand-in.
        nodes: a stand-in's nodes, `socket://host:port`; nothing with a producer.
        serial_number: which camera of the producer; empty for its only one.
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright.
    """

    def __init__(
        self,
        *,
        source: str,
        nodes: str = "",
        serial_number: str = "",
        camera_id: str = "camera",
        orientation: Orientation | str = Orientation.NONE,
    ) -> None:
        super().__init__()
        self._where = source, nodes, serial_number
        self._camera_id = camera_id
        self._orientation = Orientation(orientation)
        self._source: GenicamSource | None = None
        self._form = codec.A_SERIES
        self._size = (0, 0)
        self._blocks = codec.BlockCounter()
        self._is_set_up = False
        self._checked_s = 0.0
        self._watch = RepeatWatch(_SHUTTER_REPEATS)

    def _open(self) -> DeviceInfo:
        source = self._source = open_source(*self._where)
        form = codec.choose_format(source.get)
        model, serial_number = source.identity()
        if form is None:
            raise OpenFailed(
                f"The camera {model or self._where[0]} has neither IRFormat nor "
                "TemperatureLinearMode: it cannot send temperatures; use an A-series or Ax5."
            )
        self._form = form
        self._blocks = codec.BlockCounter()
        refusal = self._set_up(source)
        if refusal:
            raise DeviceError(
                f"The camera {serial_number} does not send temperatures ({refusal}): power it off "
                "and on, and close other programs that use it."
            )
        self._watch = RepeatWatch(_SHUTTER_REPEATS)
        pixels, _ = self._next_picture(source, _FIRST_FRAME_S)
        self._watch.step(pixels.tobytes(), time.monotonic())
        return DeviceInfo("flir-genicam", model or form.name, serial_number)

    def _set_up(self, source: GenicamSource) -> str:
        """Set the nodes that are not right, and start; return what was refused, empty if nothing.

        Size and format are locked while pictures are taken, so it stops meanwhile.
        """
        refusal = ""
        source.stop()
        wrong = self._wrong_nodes(source)
        for _ in range(_SET_ROUNDS):
            if not wrong:
                break
            refusal = _set_all(source, wrong)
            wrong = self._wrong_nodes(source)
            if wrong and not refusal:
                refusal = f"{wrong[0][0]} stays {source.get(wrong[0][0])}"
        self._size = codec.decode_size(source.get("Height"), source.get("Width"))
        source.start()
        self._is_set_up = not wrong
        self._checked_s = time.monotonic()
        return refusal if wrong else ""

    def _wrong_nodes(self, source: GenicamSource) -> list[tuple[str, str]]:
        return [(node, value) for node, value in self._form.nodes if source.get(node) != value]

    def _close(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        source = self._source
        if source is None:
            raise DeviceDisconnected("the camera is not open: call open() first")
        pixels, block = self._next_picture(source, timeout_s)
        received_at, received_s = datetime.now(UTC), time.monotonic()
        temperature_c = codec.to_celsius(pixels, self._form)
        status = self._watch.step(pixels.tobytes(), received_s)
        are_counts = codec.looks_like_counts(temperature_c)
        if not self._is_still_set_up(source, is_suspect=are_counts) or are_counts:
            status = FrameStatus.NOT_RADIOMETRIC
        return ThermalFrame(
            temperature_c=self._orientation.upright(temperature_c),
            sequence=self._blocks.next(block),
            captured_at=received_at,
            monotonic_s=received_s,
            camera_id=self._camera_id,
            status=status,
            shutter_age_s=self._watch.shutter_age_s(received_s),
        )

    def _next_picture(
        self, source: GenicamSource, timeout_s: float
    ) -> tuple[NDArray[np.uint16], int | None]:
        """Return the next whole picture and its block number; those with holes are left out.

        Raises:
            DeviceTimeout: if nothing comes.
            ProtocolError: if only pictures with holes come.
        """
        until_s = time.monotonic() + timeout_s
        hole: bytes | None = None
        while True:
            try:
                buffer = source.fetch(max(0.0, until_s - time.monotonic()))
            except TimeoutError as error:
                if hole is None:
                    raise
                raise ProtocolError(
                    "all pictures of the camera are incomplete: switch jumbo frames on, or raise "
                    "the camera's packet delay",
                    hole,
                ) from error
            if buffer.is_complete:
                pixels = codec.decode_pixels(buffer.data, self._size, self._form)
                if pixels is not None:
                    return pixels, buffer.block
            hole = buffer.data

    def _is_still_set_up(self, source: GenicamSource, *, is_suspect: bool) -> bool:
        """Whether this picture's pixels are temperatures; if not, the next ones' shall be."""
        was_set_up = self._is_set_up
        wait_s = _AGAIN_AFTER_S if is_suspect or not was_set_up else _CHECK_EVERY_S
        now_s = time.monotonic()
        if now_s - self._checked_s < wait_s:
            return was_set_up
        self._checked_s = now_s
        if was_set_up and not self._wrong_nodes(source):
            return True
        if was_set_up:
            _log.warning("camera %s no longer sends temperatures", self._camera_id)
        self._set_up(source)
        return False


def _set_all(source: GenicamSource, nodes: list[tuple[str, str]]) -> str:
    """Set each node and return what the last of those that refused said, empty if none did."""
    refusal = ""
    for node, value in nodes:
        try:
            source.set(node, value)
        except NodeRefused as error:
            refusal = str(error)
    return refusal
