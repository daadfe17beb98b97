"""USB video cameras through OpenCV, as raw payload bytes.

OpenCV hides a refusal: it converts 16-bit pixels to colours unless told not to, keeps another mode
than the one asked for, and flattens the array. So every property is read back and every payload's
byte count checked (OpenCV PR 7293, issue 27166). Its read blocks up to ten seconds, so a thread of
its own keeps the newest payload, and releases the device when it is back from its last read.
"""

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from drivers import wire_tap
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport.payloads import Payload, VideoMode

# Three failed reads in a row mean that the camera was unplugged.
_FAILURES = 3
# A read that hangs goes on by itself; who closes a camera shall not hang with it.
_JOIN_S = 0.5


class V4l2Transport:
    """One video device.

    Args:
        source: its path.
        modes: how the camera may send, the wished first.

    Raises:
        OpenFailed: if it cannot be opened or offers none of the modes.
    """

    def __init__(self, source: str, modes: tuple[VideoMode, ...]) -> None:
        self._source = source
        if not Path(source).exists():
            raise OpenFailed(f"There is no camera {source}: plug it in, or see `devices list`.")
        self._capture = cv2.VideoCapture(str(Path(source).resolve()), cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise OpenFailed(
                f"The camera {source} cannot be opened: check that no other program uses it."
            )
        try:
            self._mode = self._settle(modes)
        except OpenFailed:
            self._release()
            raise
        self._changed = threading.Condition()
        self._newest: Payload | ProtocolError | None = None
        self._is_lost = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"video {source}", daemon=True)
        self._thread.start()

    @property
    def mode(self) -> VideoMode:
        """The mode that the camera agreed to."""
        return self._mode

    def read(self, timeout_s: float) -> Payload:
        """See `FrameTransport.read`."""
        until_s = time.monotonic() + timeout_s
        with self._changed:
            while self._newest is None:
                left_s = until_s - time.monotonic()
                if self._is_lost:
                    raise DeviceDisconnected(f"The camera {self._source} is gone: plug it in.")
                if left_s <= 0:
                    raise DeviceTimeout(
                        f"The camera {self._source} sends no picture: check its cable."
                    )
                self._changed.wait(left_s)
            newest, self._newest = self._newest, None
        if isinstance(newest, ProtocolError):
            raise newest
        wire_tap.heard(self._source, newest.data)
        return newest

    def close(self) -> None:
        """Release the device, at the latest when OpenCV comes back from its read."""
        self._stop.set()
        self._thread.join(_JOIN_S)

    def _settle(self, modes: tuple[VideoMode, ...]) -> VideoMode:
        """Return the first mode that the camera takes.

        Raises:
            OpenFailed: if it takes none.
        """
        try:
            mode = next((mode for mode in modes if self._agree(mode)), None)
        except cv2.error as error:
            # OpenCV's own text is long and has several lines; the cause keeps it.
            raise OpenFailed(
                f"The camera {self._source} cannot be set up: plug it in again."
            ) from error
        if mode is None:
            wished = ", ".join(f"{m.fourcc.strip()} {m.columns}x{m.rows}" for m in modes)
            raise OpenFailed(
                f"The camera {self._source} offers none of {wished}: it is another camera, its "
                "firmware is too old, or another program uses it."
            )
        return mode

    def _agree(self, mode: VideoMode) -> bool:
        """Ask for a mode, in OpenCV's order, and read back whether it was taken."""
        fourcc = cv2.VideoWriter.fourcc(*mode.fourcc)
        wished = (
            (cv2.CAP_PROP_FOURCC, fourcc),
            (cv2.CAP_PROP_FRAME_WIDTH, mode.columns),
            (cv2.CAP_PROP_FRAME_HEIGHT, mode.rows),
            (cv2.CAP_PROP_CONVERT_RGB, 0),
        )
        for name, value in wished:
            self._capture.set(name, value)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return all(int(self._capture.get(name)) == value for name, value in wished)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set() and failures < _FAILURES:
            picture = self._picture()
            failures = failures + 1 if picture is None else 0
            if picture is not None:
                self._put(self._payload(picture))
        self._release()
        with self._changed:
            self._is_lost = True
            self._changed.notify_all()

    def _picture(self) -> cv2.typing.MatLike | None:
        try:
            is_read, picture = self._capture.read()
        except cv2.error:
            return None
        return picture if is_read else None

    def _release(self) -> None:
        with suppress(cv2.error):
            self._capture.release()

    def _payload(self, picture: cv2.typing.MatLike) -> Payload | ProtocolError:
        data = np.ascontiguousarray(picture).reshape(-1).view(np.uint8).tobytes()
        if len(data) != self._mode.byte_count:
            return ProtocolError(
                f"the camera {self._source} sent {len(data)} bytes instead of "
                f"{self._mode.byte_count}",
                data,
            )
        return Payload(data, datetime.now(UTC), time.monotonic())

    def _put(self, item: Payload | ProtocolError) -> None:
        with self._changed:
            self._newest = item
            self._changed.notify_all()
