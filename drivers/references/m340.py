"""LumaSense (Mikron) M340 blackbodies on RS-485, alone or with others on the bus."""

from drivers.api import Capability, DeviceInfo
from drivers.references import m340_codec as codec
from drivers.references.conversation import Conversation
from drivers.references.lines import Quantity
from drivers.references.plain import PlainSource
from drivers.transport.serial_port import SerialTransport

_DATA_BITS, _PARITY = 7, "O"
_HIGHEST_ADDRESS = 99


class M340(PlainSource):
    """Reads temperature and set point, and sets the set point, in tenths of a degree.

    An answer of 14 characters takes 117 ms at 1200 baud: read it once a second at most.

    Args:
        port: serial device or URL (`socket://host:port` behind a serial server, which must be set
            to 7 data bits and odd parity).
        address: its number on the bus, 0 to 99.
        baud: bits a second.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if the address is none.
    """

    def __init__(
        self, *, port: str, address: int = 1, baud: int = 1200, device_id: str = "source"
    ) -> None:
        if not 0 <= address <= _HIGHEST_ADDRESS:
            raise ValueError(f"address must be 0 to {_HIGHEST_ADDRESS}, not {address}")
        speed = f"{baud}, 7 data bits, odd parity, its address {address}"
        super().__init__(Conversation(port, speed))
        self._port, self._baud, self._address = port, baud, address

    def _open(self) -> DeviceInfo:
        self._line.begin(
            SerialTransport(self._port, self._baud, data_bits=_DATA_BITS, parity=_PARITY)
        )
        self._probe()
        capabilities = frozenset({Capability.SET_POINT, Capability.OWN_TEMPERATURE})
        return DeviceInfo("m340", f"LumaSense M340, address {self._address}", "", capabilities)

    def _query(self, quantity: Quantity) -> bytes:
        return codec.encode_query(self._address, quantity)

    def _decode(self, line: bytes) -> tuple[Quantity, float] | None:
        return codec.decode(line, self._address)

    def _set_commands(self, to_c: float) -> tuple[bytes, ...]:
        return (codec.encode_set_point(self._address, to_c),)
