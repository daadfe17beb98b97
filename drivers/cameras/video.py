"""What video cameras share: payloads come in, upright frames go out."""

import time
from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from drivers.api import DeviceInfo, ThermalCamera
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport.frames import open_frames
from drivers.transport.payloads import FrameTransport, Payload, VideoMode
from station.core.frames import FrameStatus, Orientation, ThermalFrame

# A camera that is just switched on needs some seconds to its first picture.
_OPEN_TIMEOUT_S = 5.0
# A stream may begin in the middle of a frame, so the first payload may be torn.
_FIRST_PAYLOADS = 3
_NEXT_TIMEOUT_S = 1.0
_LONGEST_SHUTTER_S = 5.0


class VideoCamera(ThermalCamera):
    """A camera that sends payloads by itself.

    Args:
        source: a stable device path such as `/dev/v4l/by-id/usb-...-video-index0`, or
            `tcp://host:port`.
        modes: how it may send, the wished first.
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright.
    """

    def __init__(
        self,
        source: str,
        modes: tuple[VideoMode, ...],
        camera_id: str,
        orientation: Orientation | str,
    ) -> None:
        super().__init__()
        self._source = source
        self._modes = modes
        self._camera_id = camera_id
        self._orientation = Orientation(orientation)
        self._transport: FrameTransport | None = None
        self._sequence = -1

    def _open(self) -> DeviceInfo:
        self._transport = open_frames(self._source, self._modes)
        self._sequence = -1
        refusals: list[ProtocolError] = []
        while True:
            try:
                wait_s = _NEXT_TIMEOUT_S if refusals else _OPEN_TIMEOUT_S
                return self._begin(self._transport.read(wait_s))
            except ProtocolError as error:
                refusals.append(error)
                if len(refusals) == _FIRST_PAYLOADS:
                    raise
            except (DeviceTimeout, DeviceDisconnected) as error:
                if refusals:
                    raise refusals[-1] from None
                if isinstance(error, DeviceDisconnected):
                    raise OpenFailed(str(error)) from error
                raise

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        if self._transport is None:
            raise DeviceDisconnected("the camera is not open: call open() first")
        until_s = time.monotonic() + timeout_s
        has_come = False
        while True:
            try:
                payload = self._transport.read(max(0.0, until_s - time.monotonic()))
            except DeviceTimeout as error:
                if not has_come:
                    raise
                raise DeviceTimeout(
                    f"The camera {self._source} sends nothing new: give it time to start, then "
                    "plug it in again."
                ) from error
            has_come = True
            frame = self._frame(payload)
            if frame is not None:
                return frame

    @abstractmethod
    def _begin(self, payload: Payload) -> DeviceInfo:
        """Begin anew with the first payload and return who sent it.

        Raises:
            ProtocolError: if it is another camera's, or torn.
        """

    @abstractmethod
    def _frame(self, payload: Payload) -> ThermalFrame | None:
        """Return the frame of a payload, or None if it tells nothing new.

        Raises:
            DeviceError: as `read`.
        """

    def _upright(
        self,
        temperature_c: NDArray[np.float32],
        payload: Payload,
        status: FrameStatus,
        shutter_age_s: float | None = None,
        steps: int = 1,
    ) -> ThermalFrame:
        """Return the frame; `steps` is 1, and more where the camera tells of lost frames."""
        self._sequence += steps
        return ThermalFrame(
            temperature_c=self._orientation.upright(temperature_c),
            sequence=self._sequence,
            captured_at=payload.received_at,
            monotonic_s=payload.received_s,
            camera_id=self._camera_id,
            status=status,
            shutter_age_s=shutter_age_s,
        )


class RepeatWatch:
    """Watches for pictures that repeat bit for bit.

    The noise of a live sensor never repeats: such a picture is an old one, or the shutter is
    closed.

    Args:
        from_repeats: so many repeats in a row are a shutter correction; fewer are duplicates.
    """

    def __init__(self, from_repeats: int = 1) -> None:
        self._from_repeats = from_repeats
        self._pixels = b""
        self._since_s = 0.0
        self._opened_s: float | None = None
        self.repeats = 0
        """How often the last picture has repeated."""

    def step(self, pixels: bytes, now_s: float) -> FrameStatus:
        """Compare a picture with the one before.

        Args:
            pixels: its bytes as they came.
            now_s: its receipt, on a clock that never jumps, seconds.

        Returns:
            LIVE for a new picture, SHUTTER while the shutter is closed, STALE for a duplicate or
            a camera that stands for longer than any shutter is closed.
        """
        if pixels != self._pixels:
            if self.repeats >= self._from_repeats:
                self._opened_s = now_s
            self._pixels, self._since_s, self.repeats = pixels, now_s, 0
            return FrameStatus.LIVE
        self.repeats += 1
        is_shutter = (
            self.repeats >= self._from_repeats and now_s - self._since_s <= _LONGEST_SHUTTER_S
        )
        return FrameStatus.SHUTTER if is_shutter else FrameStatus.STALE

    def shutter_age_s(self, now_s: float) -> float | None:
        """Return how long ago the shutter was seen to open, seconds; None if it never was."""
        return None if self._opened_s is None else now_s - self._opened_s
