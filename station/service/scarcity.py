"""What a process is refused by the system it runs on, in one sentence instead of a crash."""

import errno
import sys

from station.core.errors import KnownError

# Measured on 26 Nov 2026 with one lane on two cores: 1.5 GB were too little, 2 GB enough.
_NEEDED_BYTES = 2_000_000_000


def check_address_space() -> None:
    """Check that the station may map what it needs: libraries crash where they may not.

    Raises:
        KnownError: if a limit is set that is too low.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - only where there is one

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _NEEDED_BYTES:
        raise KnownError(
            f"This process may use {limit / 1e9:.1f} GB of address space, and a station needs "
            f"{_NEEDED_BYTES / 1e9:.0f}: lift the limit (ulimit -v, or LimitAS in systemd)."
        )


def in_words(error: Exception) -> str | None:
    """Return what the system refused and what to do, or None if it is a bug of ours."""
    match error:
        case ImportError() if "failed to map segment" in str(error):
            return in_words(MemoryError())
        case MemoryError():
            return (
                "the system gives no more memory: end other programs, or lift what limits this "
                "one (ulimit -v, MemoryMax in systemd)."
            )
        case RuntimeError() if str(error) == "can't start new thread":
            return (
                "the system gives no more threads: end other programs, or lift what limits this "
                "one (ulimit -u, ulimit -v, TasksMax in systemd)."
            )
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            where = f" for {error.filename}" if error.filename else ""
            return f"the disk has no room left{where}: make room, then do it again."
        case UnicodeEncodeError() if not error.encoding.lower().startswith("utf"):
            return (
                f"this environment writes {error.encoding} only, and a name or text here has "
                f"other signs ({error.object[error.start : error.end]!r}): set LC_ALL=C.UTF-8, "
                "and unset PYTHONUTF8 and PYTHONIOENCODING."
            )
        case _:
            return None
