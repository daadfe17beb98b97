"""Personal fields, readable by the CDC alone.

An alert that may carry an identity takes it as a text made here, at the moment the message is
made: the outbox on the station's disk, the broker and every backup then hold only what the CDC's
private key opens.

Source: RFC 7516 (JWE), RFC 7518 section 4.6 (ECDH-ES+A256KW), RFC 8037 section 3.2 (X25519).
"""

import json
import logging
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from station.core.errors import KnownError
from station.reporting.keyfiles import load_private
from station.reporting.watching import FileWatch

_log = logging.getLogger(__name__)

BEFORE = ".before-"
"""Stands between the name of a private key's file and the id of the key that it held before."""

_SHORT = 8
_ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]


class Sealing(Protocol):
    """Seals fields for the CDC."""

    def seal(self, field: str) -> str:
        """Return the field, sealed."""


class Opening(Protocol):
    """Opens what was sealed for the CDC."""

    def open(self, sealed: str) -> str:
        """Return the field.

        Raises:
            KnownError: if it cannot be opened.
        """


class SealingKey:
    """The CDC's public key: whoever has it can seal and not open."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the JWK that `fever-station pki encryption-key` writes.

        Raises:
            KnownError: if it is no public X25519 key.
        """
        try:
            # As a dictionary: a text could be a private key in PEM.
            key = OKPKey.import_key(dict(json.loads(path.read_bytes())))
        except (OSError, ValueError, TypeError, KeyError, JoseError) as error:
            raise KnownError(f"{path} is no key of the CDC: name cdc-encryption.jwk.") from error
        if key.curve_name != "X25519" or key.is_private:
            raise KnownError(f"{path} is not the CDC's public key: name cdc-encryption.jwk.")
        return cls(key)

    @property
    def name(self) -> str:
        """The key's id: its JWK thumbprint."""
        return self._key.thumbprint()

    def seal(self, field: str) -> str:
        """Return the field as a compact JWE; another one each time."""
        header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": self.name}
        return jwe.encrypt_compact(header, field, self._key, algorithms=_ALGORITHMS)


class SealingKeyFile:
    """The CDC's public key in its file: another one counts from the next identity on.

    No restart is needed, and an identity is never without a key: a file that is missing, or holds
    none, leaves the key before in use.

    Raises:
        KnownError: if there is no key at the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._watch = FileWatch(path)
        self._key = SealingKey.load(path)

    def seal(self, field: str) -> str:
        """Return the field, sealed for the key that the file holds now."""
        if self._watch.has_changed():
            try:
                self._key = SealingKey.load(self._path)
            except KnownError as error:
                _log.warning("%s The key before (%s) stays in use.", error, short(self._key.name))
            else:
                _log.info("identities are sealed for the CDC's key %s now", short(self._key.name))
        return self._key.seal(field)


class OpeningKey:
    """The CDC's private key."""

    def __init__(self, key: X25519PrivateKey) -> None:
        self._key = OKPKey.import_key(key)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key.

        Raises:
            KnownError: if the file is missing, open to others, or no X25519 key.
        """
        return cls(load_private(path, X25519PrivateKey))  # type: ignore[type-abstract]

    @property
    def public(self) -> SealingKey:
        """The key that stations get."""
        return SealingKey(OKPKey.import_key(self._key.as_dict(private=False)))

    def open(self, sealed: str) -> str:
        """Return the field.

        Raises:
            KnownError: if it was sealed for another key, or altered.
        """
        try:
            plain = jwe.decrypt_compact(sealed, self._key, algorithms=_ALGORITHMS).plaintext
            return (plain or b"").decode()
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise KnownError(
                "The sealed field cannot be opened: it was sealed for another key, or altered."
            ) from error


class OpeningKeys:
    """The CDC's private keys, the present one and those before: each field finds its own."""

    def __init__(self, keys: Iterable[OpeningKey]) -> None:
        self.keys: Mapping[str, OpeningKey] = {key.public.name: key for key in keys}
        """The keys by their id."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key's file, and those beside it that hold the keys before.

        Raises:
            KnownError: if there is none, or one of them is open to others or no X25519 key.
        """
        before = sorted(path.parent.glob(f"{path.name}{BEFORE}*"))
        # Who lost the present key can still open what was sealed for those before.
        files = before if before and not path.exists() else [path, *before]
        return cls(OpeningKey.load(one) for one in files)

    def open(self, sealed: str) -> str:
        """Return the field.

        Raises:
            KnownError: if the key that it was sealed for is not here, or it was altered.
        """
        name = key_name(sealed)
        key = self.keys.get(name)
        if name and key is None:
            raise KnownError(
                f"The sealed field cannot be opened: it was sealed for another key, {short(name)}, "
                "which is not here. Look for its file in the backups; if it is lost, nobody can "
                "open what was sealed for it."
            )
        return (key or next(iter(self.keys.values()))).open(sealed)


def key_name(sealed: str) -> str:
    """Return the id of the key that a field was sealed for; empty if it does not say."""
    head = sealed.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, Base64Error, RecursionError):
        return ""
    name = header.get("kid") if isinstance(header, dict) else None
    return name if isinstance(name, str) else ""


def short(name: str) -> str:
    """Return as much of a key's id as people compare."""
    return name[:_SHORT]
