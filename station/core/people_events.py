"""Events about people, each told only to the connection that it concerns."""

from dataclasses import dataclass, field
from uuid import UUID

from station.core.accounts import Account
from station.core.audit import AuditRow
from station.core.people import Person


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """Who stands behind this connection from now on."""

    person: Person | None
    """Who; None while nobody is signed in."""
    command_id: UUID | None = None
    """The command that it answers, if any."""
    is_required: bool = False
    """Whether people have to sign in at a kiosk."""
    names: tuple[str, ...] = ()
    """The accounts by which somebody can sign in."""
    lock_after_s: float = 0.0
    """After so long without a touch a kiosk signs out by itself; 0 stands for never."""
    token: str = field(default="", repr=False)
    """Takes the session up again, once, after the kiosk was started again; may be empty."""


@dataclass(frozen=True, slots=True)
class AccountList:
    """All accounts."""

    accounts: tuple[Account, ...]
    """By name."""
    command_id: UUID
    """The command that it answers."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the audit trail."""

    rows: tuple[AuditRow, ...]
    """The newest first."""
    command_id: UUID
    """The command that it answers."""
    is_last: bool
    """Whether there are none before."""
