"""TaiDoc and FORA forehead thermometers: IR42, IR40, TD-1241, TD-1261, TD-1035."""

from typing import ClassVar

from drivers.api import Capability
from drivers.thermometers.ble import BleThermometer
from drivers.thermometers.taidoc_codec import CHARACTERISTIC, NAMES, TaidocConversation


class TaidocThermometer(BleThermometer):
    """Reads the latest record as soon as the device shows itself, then leaves it alone.

    Args:
        address: Bluetooth address, or `tcp://host:port`.
        device_id: the device's name in the settings.
        rest_s: so long it is left alone after a reading, s: it still shows itself for a moment.
    """

    DRIVER: ClassVar[str] = "taidoc"
    MODEL: ClassVar[str] = "TaiDoc/FORA forehead thermometer"
    CHARACTERISTICS: ClassVar[tuple[str, ...]] = (CHARACTERISTIC,)
    CAPABILITIES: ClassVar[frozenset[Capability]] = frozenset({Capability.SURFACE_MODE})
    # Its clock tells minutes, and the number of records stands still when its memory is full: two
    # people may look the same, so that only what it shows again before it sleeps is one record.
    KNOWN_FOR_S: ClassVar[float] = 30.0

    def __init__(self, *, address: str, device_id: str = "handheld", rest_s: float = 1.0) -> None:
        super().__init__(address=address, device_id=device_id, rest_s=rest_s)

    def _new_conversation(self) -> TaidocConversation:
        return TaidocConversation()

    def _is_model(self, name: str) -> bool:
        return NAMES.match(name) is not None
