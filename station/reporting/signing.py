"""Signatures of messages, whose keys the CDC trusts, and which of the CDC's keys a station does.

A signature is a detached JWS over the message's exact bytes, carried beside them as an MQTT user
property: the message itself stays the plain JSON that any client can read, and any JOSE library
can check it. It is made when the message is published, not when it is written: Ed25519 gives the
same signature every time, what waits in the outbox is signed by the key that is valid when it
leaves, and messages written before the station had a key are signed as well. The CDC signs what it
answers in the same way.

Source: RFC 7515 appendix F (detached content), RFC 7797 (b64=false), RFC 9864 ("Ed25519"), RFC 7638
(thumbprint as key id), RFC 8037 (OKP keys).
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from station.core.errors import KnownError
from station.reporting.keyfiles import load_private
from station.reporting.topics import StationIdentity

SIGNATURE_PROPERTY = "jws"
"""Name of the MQTT user property."""

_LONGEST_JWS = 1000


class SignatureError(KnownError):
    """A message that does not come from whom it names, or was altered."""


def signature_among(properties: Iterable[tuple[str, str]]) -> str | None:
    """Return the signature among a message's user properties; several are none."""
    found = [value for name, value in properties if name == SIGNATURE_PROPERTY]
    return found[0] if len(found) == 1 else None


class SigningKey:
    """A private signing key, a station's or the CDC's."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        header = {"alg": "Ed25519", "b64": False, "crit": ["b64"], "kid": key_id(key.public_key())}
        self._header = _encode(json.dumps(header, separators=(",", ":")).encode())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key.

        Raises:
            KnownError: if the file is missing, open to others, or no Ed25519 key.
        """
        return cls(load_private(path, Ed25519PrivateKey))  # type: ignore[type-abstract]

    def sign(self, payload: bytes) -> str:
        """Return the detached JWS of these bytes; the same for the same bytes."""
        signature = self._key.sign(self._header + b"." + payload)
        return f"{self._header.decode()}..{_encode(signature).decode()}"

    def secret_name(self, purpose: str) -> str:
        """Return a name that whoever has this key can make, and nobody else can guess."""
        digest = sha256(b"name:" + purpose.encode() + b":" + self._key.private_bytes_raw()).digest()
        return _encode(digest[:18]).decode()


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """One station's public signing key, as the CDC knows it."""

    identity: StationIdentity
    """The station, with the region and site it was enrolled for."""
    key: Ed25519PublicKey
    """The key."""
    revoked_at: datetime | None = None
    """Since when it is trusted no more, aware; None while it is trusted."""


class KeyRegistry:
    """The stations' keys that a receiver trusts: a JWK Set.

    Raises:
        KnownError: from read() and load(), if it is no such set.
    """

    def __init__(self, keys: Iterable[TrustedKey]) -> None:
        self.keys: Mapping[str, TrustedKey] = {key_id(one.key): one for one in keys}
        """The keys by their id."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the registry from its file."""
        try:
            return cls.read(path.read_bytes())
        except OSError as error:
            raise KnownError(
                f"The registry of station keys {path} cannot be read ({error.strerror}): name the "
                "stations.jwks that `fever-station pki` writes."
            ) from error
        except SignatureError as error:
            raise KnownError(f"{path}: {error}") from error

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read the registry from its bytes."""
        try:
            return cls(_trusted(jwk) for jwk in _JwkSet.model_validate_json(content).keys)
        except (ValidationError, ValueError, KnownError) as error:
            raise SignatureError(
                "This is no registry of station keys: restore the one that `fever-station pki` "
                "writes."
            ) from error

    def write(self) -> bytes:
        """Return the registry's bytes."""
        jwks = [_jwk(one).model_dump(mode="json", exclude_none=True) for one in self.keys.values()]
        return json.dumps({"keys": jwks}, indent=1).encode()

    def check(self, payload: bytes, signature: str | None, identity: StationIdentity) -> None:
        """Make sure that these exact bytes come from this station.

        Args:
            payload: the message's bytes, not looked into yet.
            signature: the detached JWS that came with it, if one did.
            identity: the station whose topic was used.

        Raises:
            SignatureError: one sentence why not; it never repeats what the sender wrote.
        """
        if signature is None:
            raise SignatureError("The message is not signed.")
        parts = _split(signature)
        trusted = self.keys.get(parts.key_name)
        if trusted is None:
            raise SignatureError("The message is signed with a key that is not registered.")
        if trusted.identity != identity:
            raise SignatureError("The message is signed with another station's key.")
        if trusted.revoked_at is not None:
            raise SignatureError("The message is signed with a key that was revoked.")
        parts.verify(trusted.key, payload)


class CdcKeys:
    """The CDC's keys that a station trusts: a JWK Set, more than one while the key changes.

    Raises:
        KnownError: from read() and load(), if it is no such set.
    """

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self.keys: Mapping[str, Ed25519PublicKey] = {key_id(one): one for one in keys}
        """The keys by their id."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the keys from their file."""
        try:
            return cls.read(path.read_bytes())
        except OSError as error:
            raise KnownError(
                f"The CDC's keys {path} cannot be read ({error.strerror}): name the cdc.jwks that "
                "`fever-station pki` gave to this station."
            ) from error
        except SignatureError as error:
            raise KnownError(f"{path}: {error}") from error

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read the keys from their bytes."""
        try:
            return cls(_public(jwk) for jwk in _CdcJwkSet.model_validate_json(content).keys)
        except (ValidationError, ValueError) as error:
            raise SignatureError(
                "These are not the CDC's keys: take the cdc.jwks that `fever-station pki` writes."
            ) from error

    def write(self) -> bytes:
        """Return the set's bytes."""
        jwks = [
            _CdcJwk(kid=name, x=_encode(key.public_bytes_raw()).decode()).model_dump(mode="json")
            for name, key in self.keys.items()
        ]
        return json.dumps({"keys": jwks}, indent=1).encode()

    def check(self, payload: bytes, signature: str | None) -> None:
        """Make sure that these exact bytes come from the CDC.

        Raises:
            SignatureError: one sentence why not; it never repeats what the sender wrote.
        """
        if signature is None:
            raise SignatureError("The message is not signed.")
        parts = _split(signature)
        key = self.keys.get(parts.key_name)
        if key is None:
            raise SignatureError("The message is not signed with a key of the CDC.")
        parts.verify(key, payload)


def key_id(key: Ed25519PublicKey) -> str:
    """Return the key's id: its JWK thumbprint."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": _encode(key.public_bytes_raw()).decode()}
    return _encode(sha256(json.dumps(members, separators=(",", ":")).encode()).digest()).decode()


class _PublicJwk(BaseModel):
    model_config = ConfigDict(frozen=True)

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    use: Literal["sig"] = "sig"
    alg: Literal["Ed25519"] = "Ed25519"
    kid: str
    x: str


class _Jwk(_PublicJwk):
    fs_source: str
    fs_revoked_at: AwareDatetime | None = None


class _CdcJwk(_PublicJwk):
    # A set of stations' keys in this place would let every station write receipts.
    model_config = ConfigDict(extra="forbid")


class _JwkSet(BaseModel):
    keys: tuple[_Jwk, ...]


class _CdcJwkSet(BaseModel):
    keys: tuple[_CdcJwk, ...] = Field(min_length=1)


class _Header(BaseModel):
    # Nothing but exactly this: no other algorithm, no key brought along, no unknown extension.
    model_config = ConfigDict(extra="forbid", strict=True)

    alg: Literal["Ed25519"]
    b64: Literal[False]
    crit: list[Literal["b64"]]
    kid: str


class _Parts(NamedTuple):
    """A detached JWS, taken apart."""

    header: bytes
    key_name: str
    signature: bytes

    def verify(self, key: Ed25519PublicKey, payload: bytes) -> None:
        try:
            key.verify(self.signature, self.header + b"." + payload)
        except InvalidSignature:
            raise SignatureError("The signature does not fit: the message was altered.") from None


def _split(signature: str) -> _Parts:
    try:
        if len(signature) > _LONGEST_JWS:
            raise ValueError("too long")
        # A payload inside the JWS is refused: what is checked must be what is stored.
        segment, inside, raw = signature.encode("ascii").split(b".")
        if inside:
            raise ValueError("not detached")
        return _Parts(segment, _named_key(segment), _decode(raw))
    except (ValueError, RecursionError):
        raise SignatureError("The signature is no detached JWS with Ed25519.") from None


@lru_cache(maxsize=4096)
def _named_key(segment: bytes) -> str:
    """Return the key's id that a header names; a station's header is always the same."""
    header = _Header.model_validate_json(_decode(segment))
    if header.crit != ["b64"]:
        raise ValueError("an unknown extension")
    return header.kid


def _trusted(jwk: _Jwk) -> TrustedKey:
    identity = StationIdentity.from_source(jwk.fs_source)
    if identity is None:
        raise ValueError("no station")
    return TrustedKey(identity, _public(jwk), jwk.fs_revoked_at)


def _public(jwk: _PublicJwk) -> Ed25519PublicKey:
    key = Ed25519PublicKey.from_public_bytes(_decode(jwk.x.encode("ascii")))
    if jwk.kid != key_id(key):
        raise ValueError("the id does not fit the key")
    return key


def _jwk(trusted: TrustedKey) -> _Jwk:
    return _Jwk(
        kid=key_id(trusted.key),
        x=_encode(trusted.key.public_bytes_raw()).decode(),
        fs_source=trusted.identity.source,
        fs_revoked_at=trusted.revoked_at,
    )


def _encode(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    # urlsafe_b64decode drops strange characters; the round trip refuses them and loose ends.
    raw = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if _encode(raw) != text:
        raise ValueError("no base64url")
    return raw
