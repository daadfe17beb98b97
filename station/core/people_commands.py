"""Commands about people: signing in and out, accounts, the audit trail."""

from dataclasses import dataclass, field
from uuid import UUID

from station.core.audit import EVERY_ROW, TrailFilter
from station.core.people import Role


@dataclass(frozen=True, slots=True)
class ActAsUser:
    """Session command: this connection is no kiosk but the machine's user, from a command line.

    Who can open the bridge's socket is that user and may do with the station what they like.
    """

    command_id: UUID
    """Answered by SessionChanged."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Session command: somebody names themselves and gives their PIN."""

    command_id: UUID
    """Answered by SessionChanged or CommandRefused."""
    name: str
    """The account."""
    pin: str = field(repr=False)
    """Its PIN."""


@dataclass(frozen=True, slots=True)
class SignInWithCard:
    """Session command: somebody holds a card before the reader."""

    command_id: UUID
    """Answered by SessionChanged or CommandRefused."""
    card: str = field(repr=False)
    """What the reader typed."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Session command: a kiosk that has been started again takes its session up."""

    command_id: UUID
    """Answered by SessionChanged or CommandRefused."""
    token: str = field(repr=False)
    """What it got with its session; it is good once."""


@dataclass(frozen=True, slots=True)
class SignOut:
    """Session command: whoever is signed in leaves, or the kiosk locks itself."""

    command_id: UUID
    """Answered by SessionChanged."""


@dataclass(frozen=True, slots=True)
class ListAccounts:
    """Command: tell all accounts."""

    command_id: UUID
    """Answered by AccountList."""


@dataclass(frozen=True, slots=True)
class AddAccount:
    """Command: make an account."""

    command_id: UUID
    """Answered by AccountList or CommandRefused."""
    name: str
    """How the ledger will call them; it cannot be changed."""
    role: Role
    """What they may do."""
    pin: str = field(repr=False)
    """Their PIN."""


@dataclass(frozen=True, slots=True)
class SetPin:
    """Command: give an account another PIN and end its sessions."""

    command_id: UUID
    """Answered by AccountList or CommandRefused."""
    name: str
    """The account."""
    pin: str = field(repr=False)
    """The new PIN."""


@dataclass(frozen=True, slots=True)
class SetCard:
    """Command: give an account a card, or take it away, and end its sessions."""

    command_id: UUID
    """Answered by AccountList or CommandRefused."""
    name: str
    """The account."""
    card: str = field(repr=False)
    """What the reader types; empty takes the card away."""


@dataclass(frozen=True, slots=True)
class BlockAccount:
    """Command: let nobody sign in by this account and end its sessions, or let them in again."""

    command_id: UUID
    """Answered by AccountList or CommandRefused."""
    name: str
    """The account."""
    is_blocked: bool
    """Whether it is blocked from now on."""


@dataclass(frozen=True, slots=True)
class ReadAudit:
    """Command: read a page of the audit trail, the newest first."""

    command_id: UUID
    """Answered by AuditPage."""
    before: int | None
    """Rows with smaller numbers; None begins with the newest."""
    count: int
    """At most so many."""
    wanted: TrailFilter = EVERY_ROW
    """Which rows."""


SessionCommand = ActAsUser | SignIn | SignInWithCard | Resume | SignOut
"""What says who asks, from now on; open to everybody who reaches the bridge."""

AccountCommand = ListAccounts | AddAccount | SetPin | SetCard | BlockAccount
"""What may be asked about accounts."""

PeopleCommand = AccountCommand | ReadAudit
"""What is answered at once, to who asks alone."""
