"""What an Omega OS530E handheld says on its serial line.

Source: Omega OS530E manual, 2.3.13 "PC Interface Commands" (protocol page 16): commands end in CR
and are case-sensitive; `T` starts the records, `P` stops them; settings are changed while stopped
and confirmed as `E:95`; `F0` is °C and `F1` is °F.

Assumed, for the manual does not tell: the first record comes one interval after `T`; a record is
one line, `End` the next, both end in CR LF; `t` and `p` alone are answered like a confirmation; F,
S, T and P are not confirmed; CF is the number of the last F. What `IR`, `D0` and `De` answer is not
known: they are not answered.
"""

import re

from simulators.clock import SceneClock
from simulators.devices.omega_os530e import OmegaOs530eDevice
from simulators.line import Dialect

_LONGEST_COMMAND = 20
_MOST_AT_ONCE = 5
_SETTINGS = {"E": "E", "H": "HAL", "L": "LAL", "A": "AMB", "t": "PRN"}
_SETTING = re.compile(r"([EHLAt])(\d{1,4})")


class OmegaOs530eDialect(Dialect):
    """The handheld's side of the line.

    Args:
        device: the handheld.
        clock: scene time.
        is_streaming: whether its last user left it streaming.
        celsius_flag: what CF tells when it is set to °C, 0 or 1.
    """

    header = b"OS534; E:"
    # A display that tells as often, in short lines.
    other_device = b"+023.4 C\r\n" * 5

    def __init__(
        self,
        device: OmegaOs530eDevice,
        clock: SceneClock,
        *,
        is_streaming: bool = False,
        celsius_flag: int = 0,
    ) -> None:
        self._device = device
        self._clock = clock
        self._celsius_flag = celsius_flag
        self._received = bytearray()
        self._next_s: float | None = None
        if is_streaming:
            self._start()

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole command."""
        said = []
        for byte in data:
            if byte == 0x0D:
                command = self._received.decode("ascii", "replace")
                self._received.clear()
                said += self._obey(command)
            elif len(self._received) < _LONGEST_COMMAND:
                self._received.append(byte)
        return said

    def due(self) -> list[bytes]:
        """Return the records that are due."""
        if self._next_s is None:
            return []
        now_s, interval_s, records = self._clock.now_s(), self._device.settings["PRN"], []
        self._next_s = max(self._next_s, now_s - _MOST_AT_ONCE * interval_s)
        while self._next_s <= now_s:
            records.append(self._record())
            self._next_s += interval_s
        return records

    def _start(self) -> None:
        self._next_s = self._clock.now_s() + self._device.settings["PRN"]

    def _obey(self, command: str) -> list[bytes]:
        if command == "P":
            self._next_s = None
        if self._next_s is not None:
            return []
        match command:
            case "T":
                self._start()
            case "F0" | "F1":
                self._device.set_unit(is_fahrenheit=command == "F1")
            case "S":
                self._device.reset()
            case "t":
                return [self._confirm("PRN")]
            case "p":
                return [b"PRNF:1\r\n"]
        found = _SETTING.fullmatch(command)
        if found is None or (found[1] == "t" and int(found[2]) == 0):
            return []
        key = _SETTINGS[found[1]]
        self._device.settings[key] = int(found[2])
        return [self._confirm(key)]

    def _confirm(self, key: str) -> bytes:
        return f"{key}:{self._device.settings[key]}\r\n".encode()

    def _record(self) -> bytes:
        seen, keys = self._device.measure(), self._device.settings
        flag = self._celsius_flag ^ self._device.is_fahrenheit
        return (
            f"OS534; E:{keys['E']}; MAX:{seen.most}; MIN:{seen.least}; "
            f"DIF:{seen.most - seen.least}; AVG:{seen.mean}; DIS:1144; HAL:{keys['HAL']}; "
            f"TC:{seen.thermocouple}; TEF:0; LAL:{keys['LAL']}; AMB:{keys['AMB']}; "
            f"PRN:{keys['PRN']}; PRNF:1; IR:{seen.now}; CF:{flag}; FF:1; LF: 0:\r\nEnd\r\n"
        ).encode()
