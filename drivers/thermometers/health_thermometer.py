"""Any thermometer with the Bluetooth SIG's Health Thermometer service: Beurer FT95, FORA IR42."""

from typing import ClassVar

from drivers.thermometers.ble import BleThermometer
from drivers.thermometers.health_thermometer_codec import MEASUREMENT, HealthConversation
from station.core.cases import TrustClass


class HealthThermometer(BleThermometer):
    """Delivers what the device indicates; its trust follows the site that it tells.

    Args:
        address: Bluetooth address, or `tcp://host:port`.
        device_id: the device's name in the settings.
        trust: of readings that do not tell their site: contact, tympanic, forehead or surface.
    """

    DRIVER: ClassVar[str] = "health-thermometer"
    TRUST: ClassVar[TrustClass | None] = None
    MODEL: ClassVar[str] = "Bluetooth Health Thermometer"
    CHARACTERISTICS: ClassVar[tuple[str, ...]] = (MEASUREMENT,)

    def __init__(
        self,
        *,
        address: str,
        device_id: str = "handheld",
        trust: TrustClass | str = TrustClass.FOREHEAD,
    ) -> None:
        super().__init__(address=address, device_id=device_id)
        self._untyped = TrustClass(trust)

    def _new_conversation(self) -> HealthConversation:
        return HealthConversation(self._untyped)

    def _is_model(self, name: str) -> bool:
        # The service is what counts; every maker has names of its own.
        return True
