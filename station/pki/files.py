"""Files of the authority: private ones that are never overwritten, public ones replaced whole."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station.core.errors import KnownError


def write_private(path: Path, content: bytes) -> None:
    """Write a key that only its owner may read.

    Raises:
        KnownError: if the file exists already, or cannot be written.
    """
    with _known_errors(path):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KnownError(
                f"{path} exists and a key is never overwritten: move it away first, if you are "
                "sure that nothing needs it."
            ) from None
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(handle)


def write_public(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace a file as a whole: whoever reads it sees the old one or the new one.

    Raises:
        KnownError: if it cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    with _known_errors(path):
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        beside.replace(path)


def read(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        KnownError: if it cannot be read.
    """
    with _known_errors(path):
        return path.read_bytes()


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter; one that exists is left as it is.

    Raises:
        KnownError: if it cannot be made.
    """
    with _known_errors(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep two runs of the program from changing one authority at once.

    Raises:
        KnownError: if another run is at it, or the folder cannot be written.
    """
    with _known_errors(folder), (folder / ".lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise KnownError(
                f"Another run of fever-station pki works in {folder}: wait until it has ended."
            ) from None
        yield


@contextmanager
def _known_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnownError(
            f"{error.filename or path} cannot be used ({error.strerror}): check --dir and its "
            "permissions."
        ) from error
