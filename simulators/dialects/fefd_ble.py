"""What the "FE FD" forehead gun says over Bluetooth: the bytes of its serial line.

Source: OEM document "Bluetooth Thermometer (IR) Communication Protocol": service FFF0, notify FFF1,
write FFF2.
"""

from simulators.dialects.fefd import FefdDialect
from simulators.gatt import GattDialect, Value

NOTIFY = "0000fff1-0000-1000-8000-00805f9b34fb"
"""What it tells."""
WRITE = "0000fff2-0000-1000-8000-00805f9b34fb"
"""What it is told."""


class FefdBleDialect(GattDialect):
    """The gun; a trigger that woke it is told as soon as it is connected.

    Args:
        serial: what it says on its serial line.
    """

    name = "Bluetooth Thermometer"

    def __init__(self, serial: FefdDialect) -> None:
        self._serial = serial
        self._waiting: list[bytes] = []
        self._is_connected = False

    def connected(self) -> list[Value]:
        """Tell the reading that woke it."""
        waiting, self._waiting = self._waiting, []
        return [(NOTIFY, message) for message in waiting]

    def written(self, characteristic: str, data: bytes) -> list[Value]:
        """Acknowledge what is known."""
        if characteristic != WRITE:
            return []
        return [(NOTIFY, message) for message in self._serial.answer(data)]

    def measured(self, body_c: float) -> list[Value]:
        """Pull the trigger."""
        message = self._serial.measure(body_c)
        self._waiting = [message]
        return [(NOTIFY, message)]
