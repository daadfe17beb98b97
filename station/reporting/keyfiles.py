"""Private keys on disk, read and checked."""

from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from station.core.errors import KnownError

_OTHERS = 0o077
_Key = TypeVar("_Key")


def check_private(path: Path) -> None:
    """Make sure that a key file is there and nobody else can read it.

    Raises:
        KnownError: with what to do.
    """
    try:
        mode = path.stat().st_mode
        path.open("rb").close()
    except OSError as error:
        raise KnownError(
            f"The key {path} cannot be read ({error.strerror}): check its name and owner."
        ) from error
    if mode & _OTHERS:
        raise KnownError(f"The key {path} is open to other users: chmod 600 {path}")


def load_private(path: Path, kind: type[_Key]) -> _Key:
    """Read a private key of one kind.

    Raises:
        KnownError: if the file is missing, open to others, or holds no key of this kind.
    """
    check_private(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KnownError(f"The key {path} cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KnownError(f"{path} is no private key without password: name another.") from error
    if not isinstance(key, kind):
        wanted = kind.__name__.removesuffix("PrivateKey")
        raise KnownError(f"{path} is a key of another kind ({wanted} is needed): name another.")
    return key
