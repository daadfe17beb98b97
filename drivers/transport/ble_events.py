"""What can happen to a Bluetooth Low Energy thermometer, and whoever carries it.

Such a device sleeps, shows itself for a moment after a measurement, is connected, tells and goes
away again: none of that is a fault.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Awake:
    """The device shows itself and can be connected."""

    name: str
    """The name that it tells, empty if none."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The device is connected and every characteristic asked for is subscribed."""


@dataclass(frozen=True, slots=True)
class Notified:
    """The device told something."""

    characteristic: str
    """UUID, 128 bits, lower case."""
    data: bytes
    """Its value."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The connection ended or did not come about."""

    reason: str
    """In words; empty if the device just went to sleep."""


BleEvent = Awake | Connected | Notified | Gone
"""What can happen."""


class BleTransport(Protocol):
    """One device's events."""

    def next_event(self, timeout_s: float) -> BleEvent | None:
        """Return the next event, or None after `timeout_s` seconds.

        Raises:
            DeviceDisconnected: if the radio is gone.
            ProtocolError: if the peer says something that is no event.
        """
        ...

    def connect(self) -> None:
        """Begin to connect; `Connected` or `Gone` follows."""
        ...

    def write(self, characteristic: str, data: bytes) -> None:
        """Send a value without waiting for its answer."""
        ...

    def disconnect(self) -> None:
        """Let go of the device; `Gone` follows."""
        ...

    def close(self) -> None:
        """Release the radio; safe to call twice."""
        ...
