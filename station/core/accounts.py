"""Accounts: what names, PINs and cards may be, who may change whom, patience with wrong PINs."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from station.core.cases import CaseRefused, Refusal
from station.core.people import Person, Role

SHORTEST_PIN, LONGEST_PIN = 6, 12
"""Digits; chosen: a million PINs, of which a locked kiosk lets somebody try about 100 a day."""
FREE_TRIES = 3
"""So many wrong PINs in a row bring the first wait."""
FIRST_WAIT = timedelta(seconds=10)
"""It doubles with each further wrong PIN; chosen."""
LONGEST_WAIT = timedelta(minutes=15)
"""Chosen: nobody keeps a colleague out for a shift."""

_NAME = re.compile(r"[\w.\- ]{1,24}")
_CARD = re.compile(r"[0-9A-Za-z]{4,40}")


@dataclass(frozen=True, slots=True)
class Account:
    """One person; accounts are blocked, never deleted, because the trail names them."""

    name: str
    """How the ledger calls them."""
    role: Role
    """What they may do."""
    is_blocked: bool = False
    """Whether they may not sign in."""
    has_card: bool = False
    """Whether a card signs them in."""

    @property
    def person(self) -> Person:
        """Who they are once signed in."""
        return Person(self.name, self.role)


class SignInRefused(CaseRefused):
    """Somebody may not sign in, or not yet.

    Attributes:
        until: when it may be tried again, aware, UTC; None at once.
    """

    def __init__(self, refusal: Refusal, text: str, until: datetime | None = None) -> None:
        super().__init__(refusal, text)
        self.until = until


def check_name(name: str) -> None:
    """Refuse what cannot be an account's name.

    Raises:
        CaseRefused: saying what can.
    """
    is_taken = name.casefold() in {"kiosk", "station"}
    if not _NAME.fullmatch(name) or name != name.strip() or is_taken:
        raise CaseRefused(
            Refusal.BAD_NAME,
            "Give a name of up to 24 letters, digits, spaces, '.', '-' or '_', and neither "
            "'kiosk' nor 'station'.",
        )


def check_pin(pin: str) -> None:
    """Refuse PINs that are too short or too easy.

    Raises:
        CaseRefused: saying which are taken.
    """
    is_number = pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN
    if not is_number or _steps(pin) in ({0}, {1}, {-1}):
        raise CaseRefused(
            Refusal.BAD_PIN,
            f"Give a PIN of {SHORTEST_PIN} to {LONGEST_PIN} digits that are neither all the same "
            "nor a run like 123456.",
        )


def _steps(pin: str) -> set[int]:
    """Return by how much a PIN's digits go up or down."""
    return {int(after) - int(before) for before, after in pairwise(pin)}


def check_card(card: str) -> None:
    """Refuse what no card reader types.

    Raises:
        CaseRefused: always then.
    """
    if not _CARD.fullmatch(card):
        raise CaseRefused(Refusal.BAD_CARD, "The card reader typed no card number: try again.")


def check_may_change(person: Person, role: Role) -> None:
    """Refuse changes of accounts above one's own: only a technician changes leads and technicians.

    Raises:
        CaseRefused: if the person may not make or change accounts of this role.
    """
    if person.role is not Role.TECHNICIAN and role.rank >= Role.SHIFT_LEAD.rank:
        raise CaseRefused(
            Refusal.NOT_ALLOWED,
            f"{person.name} may change accounts of operators and auditors: ask a technician.",
        )


def may_try_at(failures: int, failed_at: datetime | None) -> datetime | None:
    """Return when the next PIN is looked at, or None at once.

    Args:
        failures: wrong PINs in a row.
        failed_at: when the last of them was given, aware.
    """
    if failures < FREE_TRIES or failed_at is None:
        return None
    # The exponent is bounded: nobody needs a wait of 2^1000 s to be cut down.
    doublings = min(failures - FREE_TRIES, 20)
    wait_s = FIRST_WAIT.total_seconds() * 2.0**doublings
    return failed_at + min(timedelta(seconds=wait_s), LONGEST_WAIT)
