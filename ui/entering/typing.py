"""A reading that staff type in, as plain values: what is shown and what a key does."""

from dataclasses import dataclass, replace

from station.core.cases import TrustClass

KINDS = (TrustClass.CONTACT, TrustClass.TYMPANIC, TrustClass.FOREHEAD)
"""The kinds of thermometer whose reading may be typed in."""

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """What has been typed so far; every key gives a new value.

    A temperature is three digits, the last one the tenths: nobody looks for a decimal point.
    """

    kind: TrustClass | None = None
    """The kind of thermometer, once it was chosen."""
    first: str = ""
    """The three digits typed first; empty until they were entered."""
    digits: str = ""
    """The digits typed now."""

    @property
    def is_repeat(self) -> bool:
        """Whether the reading is being typed for the second time."""
        return bool(self.first)

    @property
    def is_whole(self) -> bool:
        """Whether the digits can be entered."""
        return self.kind is not None and len(self.digits) == _DIGITS

    @property
    def shown(self) -> str:
        """The digits as a temperature, with a line for each that is missing."""
        filled = self.digits + "_" * (_DIGITS - len(self.digits))
        return f"{filled[:-1]}.{filled[-1]} °C"

    def chosen(self, kind: TrustClass) -> "TypedEntry":
        """Return the entry for a kind of thermometer."""
        return replace(self, kind=kind)

    def pressed(self, digit: str) -> "TypedEntry":
        """Return the entry with one more digit; a fourth is not taken."""
        return replace(self, digits=(self.digits + digit)[:_DIGITS])

    def erased(self) -> "TypedEntry":
        """Return the entry without its last digit."""
        return replace(self, digits=self.digits[:-1])

    def entered(self) -> "TypedEntry":
        """Return the entry that asks for the same again."""
        return replace(self, first=self.digits, digits="")

    def values_c(self) -> tuple[float, float]:
        """Return what was typed first and again, °C.

        Raises:
            ValueError: if not both are whole.
        """
        return int(self.first) / 10, int(self.digits) / 10
