"""What Bluetooth thermometers tell, and the shape of a conversation with one; no I/O."""

from dataclasses import dataclass
from typing import Protocol

from station.core.cases import ReadingMode, TrustClass

PLAUSIBLE_C = (30.0, 45.0)
"""What a person's thermometer can show."""


@dataclass(frozen=True, slots=True)
class BleReading:
    """One reading that a device told."""

    temperature_c: float
    """°C, converted once, in the decoder."""
    mode: ReadingMode
    """What the number means."""
    trust: TrustClass
    """By the site that it tells, or by the model."""
    device_time: str
    """The device's own clock, only to tell a record from one told before; empty without."""
    number: int | None = None
    """How many records the device held with this one, for the same purpose; None if untold."""

    @property
    def is_plausible(self) -> bool:
        """Whether a person's thermometer can show it."""
        low_c, high_c = PLAUSIBLE_C
        return low_c <= self.temperature_c <= high_c

    def may_be(self, other: "BleReading") -> bool:
        """Whether nothing tells the two records apart."""
        is_same = (self.device_time, self.temperature_c) == (other.device_time, other.temperature_c)
        return is_same and (self.number == other.number or None in {self.number, other.number})


@dataclass(frozen=True, slots=True)
class Write:
    """A value to send."""

    characteristic: str
    """UUID."""
    data: bytes
    """The value."""


class Conversation(Protocol):
    """What is said in one connection, as a pure machine."""

    may_be_silent: bool
    """Whether the device may stay connected and say nothing."""

    def begin(self) -> list[Write | BleReading | None]:
        """Return what to send when the device is connected."""
        ...

    def take(self, characteristic: str, data: bytes) -> list[Write | BleReading | None]:
        """Return what follows from one value: readings, what to send, and None when all is told.

        Raises:
            ProtocolError: if the value belongs to no such device; the connection may go on.
        """
        ...

    def go_on(self) -> list[Write | BleReading | None]:
        """Return what follows when the device has told nothing for a moment."""
        ...
