"""Which certificates the authority has given out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from station.core.errors import KnownError
from station.pki.certificates import Role


class Issued(BaseModel):
    """One certificate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Its CN."""
    role: Role
    """Whose it is."""
    serial: int
    """Its serial number."""
    not_after: AwareDatetime
    """Until when it is valid."""
    hosts: tuple[str, ...] = ()
    """A broker's names and addresses."""
    revoked_at: AwareDatetime | None = None
    """Since when it is revoked; None while it is not."""

    def state(self, now: datetime, warn_days: int) -> str:
        """Return one word for lists: revoked, expired, "expires" (soon), or valid."""
        if self.revoked_at is not None:
            return "revoked"
        if self.not_after <= now:
            return "expired"
        return "expires" if (self.not_after - now).days < warn_days else "valid"


class _Stored(BaseModel):
    issued: tuple[Issued, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All certificates, oldest first; changes give a new register."""

    issued: tuple[Issued, ...] = ()
    """The certificates."""

    @classmethod
    def read(cls, content: bytes) -> "Register":
        """Read a register.

        Raises:
            KnownError: if it is none.
        """
        try:
            return cls(_Stored.model_validate_json(content).issued)
        except ValidationError as error:
            raise KnownError(
                "register.json is damaged: restore the authority's folder from its backup."
            ) from error

    def write(self) -> bytes:
        """Return the register's bytes."""
        return _Stored(issued=self.issued).model_dump_json(indent=1).encode()

    def live(self, name: str) -> list[Issued]:
        """Return the certificates of this name that are not revoked, oldest first."""
        return [one for one in self.issued if one.name == name and one.revoked_at is None]

    def names(self, role: Role) -> list[str]:
        """Return the names of this role with a certificate that is not revoked."""
        live = (one.name for one in self.issued if one.role is role and one.revoked_at is None)
        return list(dict.fromkeys(live))

    def with_issued(self, one: Issued) -> "Register":
        """Return the register with one certificate more."""
        return Register((*self.issued, one))

    def without(self, serials: Iterable[int], at: datetime) -> "Register":
        """Return the register with these certificates revoked."""
        gone = set(serials)
        return Register(
            tuple(
                one.model_copy(update={"revoked_at": at}) if one.serial in gone else one
                for one in self.issued
            )
        )
