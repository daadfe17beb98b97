"""What a Raytek MI3 says on its serial line (ASCII).

Source: MI3 manual, chapter 18 "ASCII Programming" (protocol page 14): questions end in CR, answers
begin with `!` and end in CR LF; `E#` sets without the EEPROM; `V=B` begins a burst, `V=P` ends it
after any character. How a burst is punctuated and what stands for a value out of range is not
known: pairs of letter and number, and dashes, are taken.
"""

from collections.abc import Callable, Mapping

from simulators.clock import SceneClock
from simulators.devices.point_sensor import PointSensorDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect

_ERROR = b"*Syntax Error\r\n"
_LONGEST_COMMAND = 60
_BURST_PERIOD_S = 0.1
_MOST_AT_ONCE = 5


class RaytekMi3Dialect(Dialect):
    """The box's side of the line.

    Args:
        device: what its only head sees.
        clock: scene time.
        faults: its switches.
        is_burst: whether its last user left it in burst mode.
    """

    header = b"!T"
    other_device = b"t:   36.98 C\r\n"

    def __init__(
        self,
        device: PointSensorDevice,
        clock: SceneClock,
        faults: Faults,
        *,
        is_burst: bool = False,
    ) -> None:
        self._device = device
        self._clock = clock
        self._faults = faults
        self._received = bytearray()
        self._next_s = clock.now_s() if is_burst else None
        self._is_woken = False
        self._answers: Mapping[str, Callable[[], str]] = {
            "T": self._object,
            "I": lambda: self._degrees(self._device.measure()[1]),
            "U": lambda: "F" if self._faults.has(Fault.FAHRENHEIT) else "C",
            "E": lambda: f"{self._device.emissivity:.3f}",
            "XU": lambda: "MI3COMM",
            "XV": lambda: "0A0027",
            "XR": lambda: "2.08",
            "XI": lambda: "0",
        }

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole line."""
        said = []
        for byte in data:
            if byte == 0x0D:
                line = self._received.decode("ascii", "replace").strip()
                self._received.clear()
                said += self._obey(line)
            elif self._next_s is not None and not self._is_woken:
                # The character that says to a bursting box that a command comes.
                self._is_woken = True
            elif byte != 0x0A and len(self._received) < _LONGEST_COMMAND:
                self._received.append(byte)
        return said

    def due(self) -> list[bytes]:
        """Return what of a burst is due."""
        if self._next_s is None:
            return []
        now_s, messages = self._clock.now_s(), []
        self._next_s = max(self._next_s, now_s - _MOST_AT_ONCE * _BURST_PERIOD_S)
        while self._next_s <= now_s:
            messages.append(self._burst())
            self._next_s += _BURST_PERIOD_S
        return messages

    def _obey(self, line: str) -> list[bytes]:
        if self._next_s is not None:
            if line == "V=P":
                self._next_s = None
            self._is_woken = False
            return []
        if line.startswith("?") and line[1:] in self._answers:
            said = [f"!{line[1:]}{self._answers[line[1:]]()}\r\n".encode()]
            # A burst that somebody else's program has asked for comes between.
            return [self._burst(), *said] if self._faults.has(Fault.INTERLEAVED) else said
        if line[:2] in {"E=", "E#"}:
            return [self._set_emissivity(line[2:])]
        if line == "V=B":
            self._next_s = self._clock.now_s()
        return [] if line in {"", "V=B", "V=P"} else [_ERROR]

    def _set_emissivity(self, text: str) -> bytes:
        try:
            value = float(text)
        except ValueError:
            return _ERROR
        if not 0.1 <= value <= 1.1:
            return _ERROR
        self._device.emissivity = value
        return f"!E{value:.3f}\r\n".encode()

    def _burst(self) -> bytes:
        own = self._degrees(self._device.measure()[1])
        return f"UCT{self._object()}I{own}E{self._device.emissivity:.3f}\r\n".encode()

    def _object(self) -> str:
        if self._faults.has(Fault.SENTINEL):
            return "-----"
        return self._degrees(self._device.measure()[0])

    def _degrees(self, value_c: float) -> str:
        is_fahrenheit = self._faults.has(Fault.FAHRENHEIT)
        return f"{value_c * 1.8 + 32 if is_fahrenheit else value_c:.1f}"
