"""A Linux input device (`/dev/input/by-id/...`), held so that nobody else sees its keys."""

import errno
import fcntl
import os
import select
import stat

from drivers import wire_tap
from drivers.errors import DeviceDisconnected, OpenFailed

# linux/input.h: EVIOCGRAB, and EVIOCGNAME for up to 256 bytes.
_GRAB, _NAME = 0x40044590, 0x81004506
_NAME_BYTES = 256
_INPUT_MAJOR = 13
_CHUNK = 4096


class EventDevice:
    """One input device.

    Args:
        path: its stable path.

    Raises:
        OpenFailed: if it does not exist, may not be read, or another program holds it.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.name = ""
        """What the device calls itself."""
        try:
            self._file: int | None = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise OpenFailed(
                f"The input device {path} cannot be opened ({error.strerror}): plug it in, and "
                "let this user read it (group input)."
            ) from error
        try:
            self._grab(self._file)
        except OSError as error:
            self.close()
            raise OpenFailed(
                f"The input device {path} is held by another program ({error.strerror}): close it."
            ) from error

    def _grab(self, file: int) -> None:
        """Keep its keys from the desktop, where they would be typed into any window."""
        about = os.fstat(file)
        if not stat.S_ISCHR(about.st_mode) or os.major(about.st_rdev) != _INPUT_MAJOR:
            # A simulator's terminal: nobody else listens there.
            return
        fcntl.ioctl(file, _GRAB, 1)
        raw = fcntl.ioctl(file, _NAME, bytes(_NAME_BYTES))
        self.name = raw.split(b"\x00", 1)[0].decode("utf-8", "replace")

    def read(self, timeout_s: float) -> bytes:
        """Return what has come, or nothing after `timeout_s` seconds.

        Raises:
            DeviceDisconnected: if the device is gone.
        """
        if self._file is None:
            raise self._lost("it was closed")
        try:
            if not select.select([self._file], [], [], timeout_s)[0]:
                return b""
            data = os.read(self._file, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            why = "unplugged" if error.errno in {errno.ENODEV, errno.EIO} else str(error.strerror)
            raise self._lost(why) from error
        if not data:
            raise self._lost("unplugged")
        wire_tap.heard(self._path, data)
        return data

    def close(self) -> None:
        """Release it; safe to call twice."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _lost(self, why: str) -> DeviceDisconnected:
        return DeviceDisconnected(f"The input device {self._path} is gone ({why}): plug it in.")
