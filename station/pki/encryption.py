"""The CDC's keys for personal fields: which there were, and which are retired."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from station.core.errors import KnownError

BOOK_NAME = "encryption-keys.json"
"""The book's file, beside the private keys."""

_SHORTEST = 6


class EncryptionKey(BaseModel):
    """One key, by its id alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kid: str
    """Its JWK thumbprint, as sealed fields name it."""
    made_at: AwareDatetime
    """Since when it is there."""
    retired_at: AwareDatetime | None = None
    """Since when it is known to be lost or in other hands; None if it is not."""


class _Stored(BaseModel):
    keys: tuple[EncryptionKey, ...]


@dataclass(frozen=True, slots=True)
class EncryptionBook:
    """All keys that were made, oldest first; changes give a new book."""

    keys: tuple[EncryptionKey, ...] = ()
    """The keys."""

    @classmethod
    def beside(cls, key_file: Path) -> "EncryptionBook":
        """Return the book beside a private key, or an empty one if none is there.

        Raises:
            KnownError: if it is damaged.
        """
        path = key_file.with_name(BOOK_NAME)
        try:
            return cls(_Stored.model_validate_json(path.read_bytes()).keys)
        except FileNotFoundError:
            return cls()
        except (OSError, ValidationError) as error:
            raise KnownError(f"{path} is damaged: restore it from the backup.") from error

    def write(self) -> bytes:
        """Return the book's bytes."""
        return _Stored(keys=self.keys).model_dump_json(indent=1, exclude_none=True).encode()

    def find(self, start: str) -> EncryptionKey:
        """Return the key whose id begins so.

        Raises:
            KnownError: if there is none, or more than one.
        """
        found = [key for key in self.keys if key.kid.startswith(start)]
        if len(start) < _SHORTEST or len(found) != 1:
            raise KnownError(
                f"'{start[:60]}' names no key: give the first letters of one, as "
                "`fever-station pki list` shows them."
            )
        return found[0]

    def retired_at(self, kid: str) -> datetime | None:
        """Return since when a key is retired; None if it is not, or is not known."""
        return next((key.retired_at for key in self.keys if key.kid == kid), None)

    def known(self, kids: Iterable[str], now: datetime) -> "EncryptionBook":
        """Return the book with these keys in it, new ones last."""
        there = {key.kid for key in self.keys}
        new = (EncryptionKey(kid=kid, made_at=now) for kid in kids if kid not in there)
        return EncryptionBook((*self.keys, *new))

    def without(self, kid: str, now: datetime) -> "EncryptionBook":
        """Return the book with this key retired."""
        return EncryptionBook(
            tuple(
                key.model_copy(update={"retired_at": key.retired_at or now})
                if key.kid == kid
                else key
                for key in self.keys
            )
        )
