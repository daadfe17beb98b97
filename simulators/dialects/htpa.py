"""What a Heimann HTPA module says over UDP.

Source: "UDP Transfer protocol WiFi Shield" Rev. 1 and the firmware of the ESP32 shield, whose ways
it has: it listens to nobody but its partner once it is bound, sends frames to the port from which
its partner spoke last, and tells its partner, who binds it again, that it is bound already.
"""

from simulators.clock import SceneClock
from simulators.datagrams import Datagram, DatagramDialect, Host
from simulators.devices.htpa_module import HtpaModuleDevice
from simulators.faults import Fault, Faults

_TRIM_COMMANDS = frozenset(b"aAiIjJoOprR")
_EMISSIVITY = b"Set Emission to "
_MAC = "24.0A.C4.51.00.07"


class HtpaDialect(DatagramDialect):
    """The module's side of the network.

    Args:
        device: the module.
        clock: scene time.
        faults: its switches.
        address: its own address, in digits, for what it tells of itself.
        serial_number: its sensor's number.
        rate_hz: frames a second of scene time.
    """

    header = b"\x01"

    def __init__(
        self,
        device: HtpaModuleDevice,
        clock: SceneClock,
        faults: Faults,
        *,
        address: str = "127.0.0.1",
        serial_number: int = 4711,
        rate_hz: float = 10.0,
    ) -> None:
        self._device = device
        self._clock = clock
        self._faults = faults
        self._address = ".".join(f"{int(part):03d}" for part in address.split("."))
        self._serial_number = serial_number
        self._period_s = 1 / rate_hz
        self.partner: Host | None = None
        """Who has bound it, and the port from which that host spoke last."""
        self.trim_writes = 0
        """Commands so far that changed what it stores for good."""
        self._mode = b"x"
        self._next_s = 0.0

    def restart(self) -> None:
        """Begin anew, nobody's and silent, as after a break of the power."""
        self.partner, self._mode = None, b"x"
        self._device.restart()

    def answer(self, data: bytes, host: Host) -> list[Datagram]:
        """Obey a command; another host's are not heard while it is bound."""
        if self._faults.has(Fault.BUSY):
            return self._refuse(data, host)
        if self.partner is not None:
            if host[0] != self.partner[0]:
                return []
            self.partner = host
        if data == b"Calling HTPA series devices":
            return [(self._who(), host)]
        if data == b"Bind HTPA series device":
            return [(self._bind(host), host)]
        return [(said, host) for said in self._obey(data)] if self.partner is not None else []

    def due(self) -> list[Datagram]:
        """Return the newest frame, if one is due."""
        now_s = self._clock.now_s()
        if self.partner is None or self._mode not in {b"K", b"t"} or now_s < self._next_s:
            return []
        if self._faults.has(Fault.BUSY):
            return []
        # Frames that fell into a jump of the clock are lost.
        self._next_s = max(self._next_s + self._period_s, now_s)
        pieces = self.frame()
        if self._faults.has(Fault.INTERLEAVED):
            pieces.insert(len(pieces) // 2, b"Emission changed to 98%\r\n\r\n")
        return [(piece, self.partner) for piece in pieces]

    def frame(self) -> list[bytes]:
        """Return the datagrams of one frame."""
        array = self._device.array
        is_voltage = self._mode == b"t" or self._faults.has(Fault.NOT_RADIOMETRIC)
        payload = self._device.words(is_voltage=is_voltage).astype("<u2").tobytes()
        size = 2 * array.words_a_datagram
        pieces = [payload[at : at + size] for at in range(0, len(payload), size)]
        if not array.is_numbered:
            return pieces
        return [bytes([number]) + piece for number, piece in enumerate(pieces, 1)]

    def _refuse(self, data: bytes, host: Host) -> list[Datagram]:
        """Answer as the document has it while another host holds the module."""
        if data == b"Calling HTPA series devices":
            return [(self._who(), host)]
        return [(b"Device already bound\n\r", host)] if data.startswith(b"Bind") else []

    def _who(self) -> bytes:
        array = self._device.array
        return (
            f"HTPA series responsed! I am Arraytype {array.number:02d} MODTYPE {array.modtype}\r\n"
            "ADC: 16\r\nHTPAxxxxxd v.2.00 Heimann Sensor GmbH; simulated\r\n"
            f"I am running on 9333.0 kHz\r\nMAC-ID: {_MAC} IP: {self._address} "
            f"DevID: {self._serial_number:010d}"
        ).encode("ascii")

    def _bind(self, host: Host) -> bytes:
        if self.partner is not None:
            return b"Device already bound\n\r"
        self.partner = host
        return f"HW Filter is {self._address} MAC {_MAC}\n\r".encode("ascii")

    def _obey(self, data: bytes) -> list[bytes]:
        """Carry out a command of the partner and return what is said."""
        said: list[bytes] = []
        match data:
            case b"K" | b"t" | b"x":
                self._mode, self._next_s = data, self._clock.now_s()
            case b"k":
                said = self.frame()
            case b"X":
                self._mode, said = b"x", [b"STOP!\r\n"]
            case b"x Release HTPA series device":
                # The firmware forgets its partner before it answers: nothing arrives.
                self.partner, self._mode = None, b"x"
            case b"G":
                said = [b"HTPAxxxxxd v.2.00 Heimann Sensor GmbH; simulated\n\rBIAS: 05Clock: 15"]
            case b"h":
                said = [bytes(1000)] * 8
            case _ if data.startswith(_EMISSIVITY) and data[len(_EMISSIVITY) :].isdigit():
                said = [self._set_emissivity(int(data[len(_EMISSIVITY) :]))]
            case _ if len(data) == 1 and data[0] in _TRIM_COMMANDS:
                self.trim_writes += 1
                self._mode, said = b"x", [b"MHZClk is 9333.0 kHz\r\n"]
        return said

    def _set_emissivity(self, percent: int) -> bytes:
        self._device.emissivity_pct = percent
        self.trim_writes += 1
        self._mode = b"x"
        return f"Emission changed to {percent}%\r\n\r\n".encode("ascii")
