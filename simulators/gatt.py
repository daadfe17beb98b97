"""A Bluetooth device's side: what it is called, and what it says when it is connected."""

from abc import ABC, abstractmethod

Value = tuple[str, bytes]
"""A characteristic's UUID and its value."""


class GattDialect(ABC):
    """A device that sleeps until somebody measures; no fault of the radio is its business."""

    name: str
    """What it calls itself."""

    @abstractmethod
    def connected(self) -> list[Value]:
        """Return what it tells by itself as soon as it is connected."""

    @abstractmethod
    def written(self, characteristic: str, data: bytes) -> list[Value]:
        """Return what it tells in answer to a value that was written."""

    @abstractmethod
    def measured(self, body_c: float) -> list[Value]:
        """Measure a person, °C; return what it tells if it is connected, and remember it else."""

    @property
    def hangs_up(self) -> bool:
        """Whether it ends the connection by itself now."""
        return False
