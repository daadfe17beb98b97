"""People at the station and their roles."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do, each all that those before may; stored values are stable."""

    AUDITOR = "auditor"
    """Look, and read the audit trail."""
    OPERATOR = "operator"
    """Check travellers."""
    SHIFT_LEAD = "shift_lead"
    """Answer for a shift: reports, thresholds, the accounts of operators."""
    TECHNICIAN = "technician"
    """Keep the instruments and all accounts."""

    @property
    def rank(self) -> int:
        """How much it may do, counted from 0."""
        return list(Role).index(self)

    def covers(self, least: "Role") -> bool:
        """Whether it may do what `least` may."""
        return self.rank >= least.rank


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who gives commands, as the ledger names them."""

    name: str
    """An account's name, `cli:` and the machine's user, or `kiosk` where nobody signs in."""
    role: Role
    """What they may do."""


KIOSK = Person("kiosk", Role.TECHNICIAN)
"""Whoever stands before a kiosk on which nobody has to sign in."""
