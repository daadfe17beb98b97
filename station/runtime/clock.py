"""The real clock, and what the operating system says of its quality."""

import ctypes
import sys
import time
from datetime import UTC, datetime
from threading import Lock

from station.core.clock_quality import ClockQuality, JumpWatch

_STA_UNSYNC = 0x0040
_TIME_ERROR = 5


class _Timex(ctypes.Structure):
    """The beginning of `struct timex`; the rest is only room for what the system writes.

    Source: Linux, adjtimex(2).
    """

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


class SystemClock:
    """The operating system's clocks; any thread may call."""

    def __init__(self) -> None:
        self._watch = JumpWatch()
        self._lock = Lock()
        self.begin(None)

    def begin(self, newest: datetime | None) -> None:
        """Note how the clocks stand, and the time of what was kept last, if there is any."""
        with self._lock:
            self._watch.begin(self.now(), self.monotonic_s(), newest)

    def now(self) -> datetime:
        """Return the wall-clock time, aware, UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Return seconds on a clock that never jumps."""
        return time.monotonic()

    def quality(self) -> ClockQuality:
        """Return how far the wall clock is to be believed now."""
        with self._lock:
            return self._watch.judge(self.now(), self.monotonic_s(), is_synchronised())


def is_synchronised() -> bool | None:
    """Whether the system keeps its clock by a time server; None where it does not tell.

    Only Linux is asked. Its flag clears when a daemon (chrony, ntpd, systemd-timesyncd) steers the
    clock, and is set again when none has done so for long enough.
    """
    if sys.platform != "linux":
        return None
    timex = _Timex()  # modes = 0: only read
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    if state < 0:
        return None
    return state != _TIME_ERROR and not timex.status & _STA_UNSYNC
