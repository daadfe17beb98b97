"""Files that only a key kept elsewhere opens: what leaves the station on a stick or a share.

The station holds the public half alone. A file begins with a mark and a public key made for it;
chunks follow, each sealed by AES-256-GCM under the key that both halves agree on. A chunk's number
and whether it is the last are part of its nonce: none can be cut off, moved or left out.

Source: RFC 7748 (X25519), RFC 5869 (HKDF), NIST SP 800-38D (GCM); the chunks as in STREAM (Hoang,
Reyhanitabar, Rogaway, Vizár 2015).
"""

import os
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from station.core.errors import KnownError

_MARK = b"fever-station sealed 1\n"
_CHUNK = 1 << 20
_TAG = 16
_KEY = 32


def make_key() -> tuple[bytes, bytes]:
    """Return a new private and its public key, both as PEM."""
    private = X25519PrivateKey.generate()
    return (
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )


def load_public(path: Path) -> X25519PublicKey:
    """Read the key that seals.

    Raises:
        KnownError: if it is no such key.
    """
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KnownError(f"{path} is no backup key: name backup.pub.") from error
    if not isinstance(key, X25519PublicKey):
        raise KnownError(f"{path} is no backup key: name backup.pub.")
    return key


def seal(plain: BinaryIO, sealed: BinaryIO, key: X25519PublicKey) -> None:
    """Copy a stream, sealed."""
    once = X25519PrivateKey.generate()
    begin = _MARK + once.public_key().public_bytes_raw()
    cipher = _cipher(once.exchange(key), begin, key)
    sealed.write(begin)
    number, chunk = 0, plain.read(_CHUNK)
    while True:
        following = plain.read(_CHUNK)
        sealed.write(cipher.encrypt(_nonce(number, is_last=not following), chunk, None))
        if not following:
            return
        number, chunk = number + 1, following


def unseal(sealed: BinaryIO, plain: BinaryIO, key: X25519PrivateKey) -> None:
    """Copy a sealed stream, opened.

    Raises:
        KnownError: if it is no sealed file, another key's, or not as it was written; what was
            copied until then must not be used.
    """
    begin = sealed.read(len(_MARK) + _KEY)
    if len(begin) != len(_MARK) + _KEY or not begin.startswith(_MARK):
        raise KnownError("This is no backup of a station: name another file.")
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(begin[len(_MARK) :]))
        cipher = _cipher(shared, begin, key.public_key())
        number, chunk = 0, sealed.read(_CHUNK + _TAG)
        while True:
            following = sealed.read(_CHUNK + _TAG)
            plain.write(cipher.decrypt(_nonce(number, is_last=not following), chunk, None))
            if not following:
                return
            number, chunk = number + 1, following
    except (InvalidTag, ValueError) as error:
        raise KnownError(
            "The backup cannot be opened: it is damaged or cut off, or was sealed for another key."
        ) from error


def open_private_file(path: Path) -> BinaryIO:
    """Make a new file that this user alone may read.

    Raises:
        KnownError: if it exists, or cannot be made.
    """
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
    except FileExistsError:
        raise KnownError(f"{path} exists and is not overwritten: name another file.") from None
    except OSError as error:
        raise KnownError(f"{path} cannot be written ({error.strerror}).") from error


def _cipher(shared: bytes, begin: bytes, key: X25519PublicKey) -> AESGCM:
    info = begin + key.public_bytes_raw()
    return AESGCM(HKDF(hashes.SHA256(), _KEY, None, info).derive(shared))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
