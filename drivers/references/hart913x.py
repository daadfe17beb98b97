"""Hart 9132 and 9133 blackbodies on a serial port or a socket."""

from drivers.api import Capability, DeviceInfo
from drivers.references import hart913x_codec as codec
from drivers.references.conversation import Conversation
from drivers.references.lines import Quantity
from drivers.references.plain import PlainSource
from drivers.transport.serial_port import SerialTransport


class Hart913x(PlainSource):
    """Reads temperature and set point, and sets the set point.

    It is told apart from other devices by the form of its answers: the pages read name no query
    for its serial number.

    Args:
        port: serial device or URL (`socket://host:port` behind a serial server).
        baud: as set at its panel. 2400 is the sister instruments' pre-set (not confirmed for it).
        device_id: the device's name in the settings.
    """

    def __init__(self, *, port: str, baud: int = 2400, device_id: str = "source") -> None:
        super().__init__(Conversation(port, str(baud)))
        self._port, self._baud = port, baud

    def _open(self) -> DeviceInfo:
        self._line.begin(SerialTransport(self._port, self._baud))
        self._probe()
        capabilities = frozenset(
            {
                Capability.SET_POINT,
                Capability.OWN_TEMPERATURE,
                Capability.FINE_TEMPERATURE,
            }
        )
        return DeviceInfo("hart913x", "Hart 9132/9133", "", capabilities)

    def _query(self, quantity: Quantity) -> bytes:
        return codec.QUERIES[quantity]

    def _decode(self, line: bytes) -> tuple[Quantity, float] | None:
        return codec.decode(line)

    def _set_commands(self, to_c: float) -> tuple[bytes, ...]:
        # A number is taken in the unit that its last user left.
        return codec.CELSIUS, codec.encode_set_point(to_c)
