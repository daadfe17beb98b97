"""FLIR Boson 320 and 640 with radiometry ("R" parts): Y16 video and a control line, both needed."""

import logging
import time

import numpy as np
from numpy.typing import NDArray

from drivers.api import Capability, DeviceInfo
from drivers.cameras import boson_codec as codec
from drivers.cameras.fslp import Answer, FslpLink, RequestRefused
from drivers.cameras.fslp_codec import (
    Function,
    ReturnCode,
    decode_number,
    decode_text,
    encode_number,
)
from drivers.cameras.video import VideoCamera
from drivers.errors import DeviceDisconnected, DeviceError, OpenFailed
from drivers.transport.payloads import Payload
from station.core.frames import FrameStatus, Orientation, ThermalFrame

# Every other poll asks for the shutter, which makes five a second.
_POLL_EVERY_S = 0.1
_POLLS = (
    Function.FFC_STATUS,
    Function.LAST_FFC_FRAME,
    Function.FFC_STATUS,
    Function.IR16_MODE,
    Function.FFC_STATUS,
    Function.LAST_FFC_FRAME,
    Function.FFC_STATUS,
    Function.TLINEAR,
)
# Each waits a second: longer than any correction keeps the camera from answering.
_MOST_UNANSWERED = 5
_REQUIRED = {Function.IR16_MODE: codec.IR16_TLINEAR, Function.TLINEAR: 1}
_SETTERS = {
    Function.IR16_MODE: Function.SET_IR16_MODE,
    Function.TLINEAR: Function.SET_TLINEAR,
}

_log = logging.getLogger(__name__)


class BosonCamera(VideoCamera):
    """Reads temperatures (TLinear); asks the control line for the shutter between the pictures.

    Opening changes the camera's settings only where it does not send temperatures already.

    Args:
        source: its video device (`/dev/v4l/by-id/...`), or `tcp://host:port`.
        port: its control line (`/dev/serial/by-id/...`), or a URL (`socket://host:port`).
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright.
    """

    def __init__(
        self,
        *,
        source: str,
        port: str,
        camera_id: str = "camera",
        orientation: Orientation | str = Orientation.NONE,
    ) -> None:
        super().__init__(source, codec.MODES, camera_id, orientation)
        self._port = port
        self._link: FslpLink | None = None
        self._serial_number = ""
        self._part_number = ""
        self._is_telemetry_below = False
        self._previous: NDArray[np.uint16] | None = None
        self._shutter = codec.ShutterWatch(0.0)
        self._next_poll_s = 0.0
        self._poll_count = 0
        self._settings_lost: set[Function] = set()
        self._set_again: set[Function] = set()

    def _open(self) -> DeviceInfo:
        link = self._link = FslpLink(self._port)
        self._require_radiometric(link)
        self._serial_number = str(decode_number(link.ask(Function.SERIAL_NUMBER)))
        self._part_number = decode_text(link.ask(Function.PART_NUMBER))
        for setting in _REQUIRED:
            self._require_setting(link, setting)
        self._is_telemetry_below = decode_number(link.ask(Function.TELEMETRY_LOCATION)) == 1
        self._begin_watching(link)
        return super()._open()

    def _begin(self, payload: Payload) -> DeviceInfo:
        self._previous = self._pixels(payload)
        return DeviceInfo(
            "boson",
            f"FLIR Boson {self._part_number}".strip(),
            self._serial_number,
            frozenset({Capability.SHUTTER_STATE}),
        )

    def _begin_watching(self, link: FslpLink) -> None:
        asked_s = time.monotonic()
        status = decode_number(link.ask(Function.FFC_STATUS))
        now_s = time.monotonic()
        self._shutter = codec.ShutterWatch(since_s=now_s)
        self._shutter.note_status(status, asked_s=asked_s, now_s=now_s)
        self._next_poll_s, self._poll_count = now_s, 0
        self._settings_lost, self._set_again = set(), set()

    def _require_radiometric(self, link: FslpLink) -> None:
        try:
            is_radiometric = decode_number(link.ask(Function.IS_RADIOMETRIC)) == 1
        except RequestRefused as error:
            if error.code not in {ReturnCode.BAD_COMMAND, ReturnCode.NOT_ENABLED}:
                raise
            is_radiometric = False
        if not is_radiometric:
            raise OpenFailed(
                f"The Boson at {self._port} is not radiometric: it sends counts, not temperatures; "
                "use a Boson with an R in its part number."
            )

    def _require_setting(self, link: FslpLink, setting: Function) -> None:
        wanted = _REQUIRED[setting]
        if decode_number(link.ask(setting)) == wanted:
            return
        link.ask(_SETTERS[setting], encode_number(wanted))
        if (taken := decode_number(link.ask(setting))) != wanted:
            raise DeviceError(
                f"The Boson at {self._port} does not take {setting.name} {wanted}, it stays at "
                f"{taken}: power it off and on, and close other programs that use it."
            )

    def _close(self) -> None:
        super()._close()
        if self._link is not None:
            self._link.close()
            self._link = None

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        self._follow()
        return super()._read(timeout_s)

    def _frame(self, payload: Payload) -> ThermalFrame:
        self._follow()
        pixels = self._pixels(payload)
        temperature_c = codec.to_celsius(pixels)
        status = self._status(pixels, temperature_c, payload.received_s)
        self._previous = pixels
        age_s = self._shutter.age_s(payload.received_s)
        return self._upright(temperature_c, payload, status, age_s)

    def _pixels(self, payload: Payload) -> NDArray[np.uint16]:
        return codec.decode_pixels(payload.data, is_telemetry_below=self._is_telemetry_below)

    def _status(
        self, pixels: NDArray[np.uint16], temperature_c: NDArray[np.float32], now_s: float
    ) -> FrameStatus:
        if self._settings_lost or codec.looks_like_counts(temperature_c):
            return FrameStatus.NOT_RADIOMETRIC
        if self._shutter.is_in_doubt(now_s):
            return FrameStatus.SHUTTER
        if self._previous is not None and np.array_equal(pixels, self._previous):
            # Sensor noise never repeats: the same picture twice is an old picture.
            return FrameStatus.STALE
        return FrameStatus.LIVE

    def _follow(self) -> None:
        """Take an answer that has come and ask the next question; never waits for the camera."""
        link = self._link
        if link is None:
            raise DeviceDisconnected("the camera is not open: call open() first")
        if (answer := link.finish()) is not None:
            self._note(answer)
        now_s = time.monotonic()
        if now_s >= self._next_poll_s and not link.is_waiting:
            self._next_poll_s = now_s + _POLL_EVERY_S
            self._ask_next(link)
        if link.unanswered_count >= _MOST_UNANSWERED:
            raise link.trouble()

    def _ask_next(self, link: FslpLink) -> None:
        poll = _POLLS[self._poll_count % len(_POLLS)]
        self._poll_count += 1
        if poll in self._settings_lost and poll not in self._set_again:
            # In the next round the same poll looks whether it was taken.
            self._set_again.add(poll)
            link.begin(_SETTERS[poll], encode_number(_REQUIRED[poll]))
        else:
            self._set_again.discard(poll)
            link.begin(poll)

    def _note(self, answer: Answer) -> None:
        if answer.function not in _POLLS:
            return
        value, now_s = decode_number(answer.payload), time.monotonic()
        if answer.function is Function.FFC_STATUS:
            self._shutter.note_status(value, asked_s=answer.asked_s, now_s=now_s)
        elif answer.function is Function.LAST_FFC_FRAME:
            self._shutter.note_last_frame(value, now_s=now_s)
        elif value == _REQUIRED[answer.function]:
            self._settings_lost.discard(answer.function)
        elif answer.function not in self._settings_lost:
            _log.warning("camera %s no longer sends temperatures", self._camera_id)
            self._settings_lost.add(answer.function)
