"""The "FE FD" forehead gun over Bluetooth: the same bytes as on its serial line."""

from typing import ClassVar

from drivers.api import Capability
from drivers.errors import ProtocolError
from drivers.thermometers.ble import BleThermometer
from drivers.thermometers.ble_reading import BleReading, Write
from drivers.thermometers.fefd_codec import CONNECT, FefdParser
from station.core.cases import TrustClass

NOTIFY = "0000fff1-0000-1000-8000-00805f9b34fb"
"""What the gun tells."""
WRITE = "0000fff2-0000-1000-8000-00805f9b34fb"
"""What it is told."""


class FefdConversation:
    """Connects the gun and takes its triggers."""

    may_be_silent = True

    def __init__(self) -> None:
        self._parser = FefdParser()

    def begin(self) -> list[Write | BleReading | None]:
        """Say that a host is there."""
        return [Write(WRITE, CONNECT)]

    def take(self, characteristic: str, data: bytes) -> list[Write | BleReading | None]:
        """Take what the gun tells."""
        if characteristic != NOTIFY:
            return []
        found = self._parser.feed(data)
        foreign = next((item for item in found if isinstance(item, ProtocolError)), None)
        if foreign is not None:
            raise foreign
        return [
            BleReading(item.temperature_c, item.mode, TrustClass.FOREHEAD, "")
            for item in found
            if not isinstance(item, ProtocolError)
        ]

    def go_on(self) -> list[Write | BleReading | None]:
        """Wait for the trigger."""
        return []


class FefdBleThermometer(BleThermometer):
    """Delivers a reading for every pull of the trigger while the gun is awake."""

    DRIVER: ClassVar[str] = "fefd-ble"
    MODEL: ClassVar[str] = "FE FD forehead gun"
    CHARACTERISTICS: ClassVar[tuple[str, ...]] = (NOTIFY,)
    CAPABILITIES: ClassVar[frozenset[Capability]] = frozenset({Capability.SURFACE_MODE})

    def _new_conversation(self) -> FefdConversation:
        return FefdConversation()

    def _is_model(self, name: str) -> bool:
        # Sold under many brands: the bytes tell.
        return True
