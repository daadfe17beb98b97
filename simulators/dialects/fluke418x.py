"""What a Fluke 4180 says on its serial line (SCPI).

Source: Fluke 4180/4181 technical guide: commands end in CR or LF and are not case-sensitive, one a
line; answers end in CR alone; the output is off after power-up; the last user's unit and decimal
sign stay. The text of the error queue follows SCPI-99.
"""

from collections import deque
from collections.abc import Callable, Mapping

from simulators.devices.fluke418x_source import Fluke418xDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect

_NO_ERROR = '0,"No error"'
_UNDEFINED_HEADER = '-113,"Undefined header"'
_DATA_OUT_OF_RANGE = '-222,"Data out of range"'
_SET_POINT_C = (-15.0, 120.0)
_STABILITY_C = (0.01, 5.0)
_EMISSIVITY = (0.90, 1.00)
_LONGEST_COMMAND = 200


class Fluke418xDialect(Dialect):
    """The source's side of the line."""

    # What an older blackbody of the same maker says, whatever it is asked.
    other_device = b"t:   36.98 C\r\n"

    def __init__(self, device: Fluke418xDevice, faults: Faults) -> None:
        self._device = device
        self._faults = faults
        self._received = bytearray()
        self._errors: deque[str] = deque(maxlen=20)
        self._has_unit_c = False
        self._has_point = False
        self._queries: Mapping[str, Callable[[], str]] = {
            "*IDN?": lambda: f"FLUKE,{device.model},{device.serial_number},1.20",
            "SOUR:SPO?": lambda: self._degrees(device.set_point_c),
            "SOUR:SENS:DATA?": lambda: self._degrees(device.sensor_c()),
            "SOUR:SENS:BLOC?": lambda: self._degrees(device.sensor_c()),
            "SOUR:STAB:TEST?": lambda: str(int(device.is_stable())),
            "SOUR:STAB:LIM?": lambda: self._number(device.stable_within_c),
            "SOUR:STAB:DAT?": lambda: self._number(device.stability_c()),
            "SOUR:EMIS?": lambda: self._number(device.emissivity),
            "SOUR:CAL:EMIS?": lambda: self._number(0.95),
            "OUTP:STAT?": lambda: str(int(device.is_heating)),
            "SOUR:PROT:TRIP?": lambda: str(int(device.is_tripped)),
            "SYST:ERR?": lambda: self._errors.popleft() if self._errors else _NO_ERROR,
        }
        self._commands: Mapping[str, Callable[[str], None]] = {
            "*CLS": lambda _: self._errors.clear(),
            "SOUR:SPO": self._set_point,
            "SOUR:STAB:LIM": self._stability_limit,
            "SOUR:EMIS": self._emissivity,
            "OUTP:STAT": self._output,
            "UNIT:TEMP": self._unit,
            "SYST:DEC:FORM": self._decimal_form,
        }

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole line."""
        said = []
        for byte in data:
            if byte in b"\r\n":
                said.append(self._obey(self._received.decode("ascii", "replace").strip()))
                self._received.clear()
            elif len(self._received) < _LONGEST_COMMAND:
                self._received.append(byte)
        return [message for message in said if message]

    def _obey(self, line: str) -> bytes:
        if not line:
            return b""
        name, _, argument = line.upper().partition(" ")
        if name in self._queries:
            return self._queries[name]().encode() + b"\r"
        if name not in self._commands:
            self._errors.append(_UNDEFINED_HEADER)
            return b""
        try:
            self._commands[name](argument.strip())
        except ValueError:
            self._errors.append(_DATA_OUT_OF_RANGE)
        return b""

    def _degrees(self, value_c: float) -> str:
        # A fault brings back what the last user left, until the host sets it right.
        is_fahrenheit = self._faults.has(Fault.FAHRENHEIT) and not self._has_unit_c
        return self._number(value_c * 1.8 + 32 if is_fahrenheit else value_c)

    def _number(self, value: float) -> str:
        text = f"{value:.2f}"
        if self._faults.has(Fault.COMMA) and not self._has_point:
            text = text.replace(".", ",")
        return text

    def _set_point(self, argument: str) -> None:
        self._device.set_point_c = _within(argument, _SET_POINT_C)

    def _stability_limit(self, argument: str) -> None:
        self._device.stable_within_c = _within(argument, _STABILITY_C)

    def _emissivity(self, argument: str) -> None:
        self._device.emissivity = _within(argument, _EMISSIVITY)

    def _output(self, argument: str) -> None:
        self._device.is_heating = _choice(argument, {"0": False, "1": True})

    def _unit(self, argument: str) -> None:
        self._has_unit_c = _choice(argument, {"C": True, "F": False})

    def _decimal_form(self, argument: str) -> None:
        self._has_point = _choice(argument, {"0": True, "1": False})


def _within(argument: str, limits: tuple[float, float]) -> float:
    value = float(argument)
    if not limits[0] <= value <= limits[1]:
        raise ValueError(argument)
    return value


def _choice(argument: str, values: Mapping[str, bool]) -> bool:
    if argument not in values:
        raise ValueError(argument)
    return values[argument]
