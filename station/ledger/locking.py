"""One writer at a time for each ledger."""

import fcntl
import os
from pathlib import Path

from station.core.errors import KnownError


def lock_for_writing(path: Path) -> int:
    """Hold `<path>.lock` until the returned descriptor is closed; the system frees it at a crash.

    Two writers would give out the same numbers.
    """
    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise KnownError(
            f"The ledger {path} cannot be opened ({error.strerror}): check that its folder exists "
            "and that this user may write there."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise KnownError(
            f"Another station uses the ledger {path}: stop it, or name another ledger_path."
        ) from error
    return descriptor
