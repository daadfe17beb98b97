"""Personal fields, readable by the CDC alone.

An alert that may carry an identity takes it as a text made here, at the moment the message is
made: the outbox on the station's disk, the broker and every backup then hold only what the CDC's
private key opens.

Source: RFC 7516 (JWE), RFC 7518 section 4.6 (ECDH-ES+A256KW), RFC 8037 section 3.2 (X25519).
"""

import json
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from station.core.errors import KnownError
from station.reporting.keyfiles import load_private

_ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]


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

    def seal(self, field: str) -> str:
        """Return the field as a compact JWE; another one each time."""
        header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": self._key.thumbprint()}
        return jwe.encrypt_compact(header, field, self._key, algorithms=_ALGORITHMS)


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
