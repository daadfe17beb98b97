"""Signing in as plain values: the PIN being typed, cards at the reader, what a role may not do."""

from dataclasses import dataclass, replace
from datetime import datetime

from station.core.accounts import LONGEST_PIN, SHORTEST_PIN
from station.core.cases import Refusal
from station.core.commands import Command
from station.core.events import CommandRefused
from station.core.people import Person
from station.core.rights import LEAST_ROLE, may_give
from ui.texts import REFUSALS, ROLES, say, translate

CARD_GAP_S = 0.06
"""Readers type a key every 2 to 20 ms, nimble people one every 80 ms; chosen between them."""

_LEAST_CARD = 4
_NAME_LINE = 12


@dataclass(frozen=True, slots=True)
class SignInEntry:
    """Who signs in, and how far they are; every touch gives a new value."""

    name: str | None = None
    """The account, once it was chosen."""
    digits: str = ""
    """The PIN typed so far."""
    is_waiting: bool = False
    """Whether the station was asked and has not answered."""

    @property
    def is_whole(self) -> bool:
        """Whether the PIN can be entered."""
        return self.name is not None and len(self.digits) >= SHORTEST_PIN and not self.is_waiting

    @property
    def shown(self) -> str:
        """A dot for each digit, and a line for each that is missing at the least."""
        return " ".join("●" * len(self.digits) + "_" * (SHORTEST_PIN - len(self.digits)))

    def chosen(self, name: str | None) -> "SignInEntry":
        """Return the entry of this person; None goes back to the names."""
        return SignInEntry(name)

    def pressed(self, digit: str) -> "SignInEntry":
        """Return the entry with one more digit; none is taken without a name."""
        if self.name is None:
            return self
        return replace(self, digits=(self.digits + digit)[:LONGEST_PIN])

    def erased(self) -> "SignInEntry":
        """Return the entry without its last digit."""
        return replace(self, digits=self.digits[:-1])

    def sent(self) -> "SignInEntry":
        """Return the entry while the station looks."""
        return replace(self, digits="", is_waiting=True)

    def answered(self) -> "SignInEntry":
        """Return the entry after the station said no."""
        return replace(self, is_waiting=False)


@dataclass(frozen=True, slots=True)
class CardTyping:
    """What a card reader types: letters and digits quickly one after the other, then Enter."""

    text: str = ""
    """What came so far, each close behind the one before."""
    last_s: float = float("-inf")
    """When the last of it came."""

    def typed(self, character: str, now_s: float) -> "CardTyping":
        """Return it with one more character; one that comes late begins anew."""
        text = self.text if now_s - self.last_s <= CARD_GAP_S else ""
        return CardTyping(text + character, now_s)

    def card(self, now_s: float) -> str | None:
        """Return the card's number when Enter comes now, or None if somebody typed by hand."""
        is_quick = now_s - self.last_s <= CARD_GAP_S
        return self.text if is_quick and len(self.text) >= _LEAST_CARD else None


def refusal_text(refused: CommandRefused | None, now: datetime) -> str:
    """Return why somebody could not sign in, with the seconds left to wait."""
    if refused is None:
        return ""
    if refused.until is not None and (left_s := (refused.until - now).total_seconds()) > 0:
        wait = translate("signing", "Too many wrong PINs: wait {0} s")
        return wait.format(int(left_s) + 1)
    # The wait is over, and so is what it was about.
    return "" if refused.refusal is Refusal.WAIT else say(REFUSALS, refused.refusal)


def must_wait(refused: CommandRefused | None, now: datetime) -> bool:
    """Whether the station would not look at a PIN yet."""
    return refused is not None and refused.until is not None and now < refused.until


def person_text(person: Person) -> str:
    """Return who somebody is in short lines: a long name breaks, the role stands below."""
    name = person.name
    lines = [name[i : i + _NAME_LINE] for i in range(0, len(name), _NAME_LINE)]
    return "\n".join([*lines, say(ROLES, person.role)])


def closed_reason(person: Person | None, kind: type[Command]) -> str:
    """Return why somebody may not give commands of this type; empty if they may."""
    if person is None:
        return say(REFUSALS, Refusal.NOT_SIGNED_IN)
    if may_give(kind, person.role):
        return ""
    least = LEAST_ROLE.get(kind)
    words = translate("signing", "Signed in as {0}: this takes at least {1}")
    return words.format(say(ROLES, person.role), say(ROLES, least) if least else "—")
