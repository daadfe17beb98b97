"""What a Hart 9132 or 9133 says on its serial line.

Source: Hart 9132/9133 manuals (protocol page 17): commands end in CR; `s` and `t` are answered by
`set: 37.00 C` and `t: 36.98 C`; `s=` sets in the unit in force; `u=c` and `u=f` choose it. Answers
end in CR and LF until somebody says `lf=off`.
"""

from simulators.devices.plain_source import PlainSourceDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect

_LONGEST_COMMAND = 80


class Hart913xDialect(Dialect):
    """The source's side of the line."""

    header = b"set: "
    # What a newer blackbody of the same maker answers to a query.
    other_device = b"36.98\r"

    def __init__(self, device: PlainSourceDevice, faults: Faults) -> None:
        self._device = device
        self._faults = faults
        self._received = bytearray()
        self._end = "\r\n"
        self._has_unit_c = False

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole line."""
        said = []
        for byte in data:
            if byte in b"\r\n":
                said += self._obey(self._received.decode("ascii", "replace").strip().lower())
                self._received.clear()
            elif len(self._received) < _LONGEST_COMMAND:
                self._received.append(byte)
        return said

    def _obey(self, line: str) -> list[bytes]:
        name, _, argument = line.partition("=")
        match name, argument:
            case "s", "":
                return [*self._unasked(), self._say("set", self._device.set_point_c)]
            case "t", "":
                return [*self._unasked(), self._say("t", self._device.sensor_c())]
            case "s", number:
                self._set(number)
            case "u", ("c" | "f") as unit:
                self._has_unit_c = unit == "c"
            case "lf", ("on" | "off") as choice:
                self._end = "\r\n" if choice == "on" else "\r"
            case _:
                pass
        return []

    def _unasked(self) -> list[bytes]:
        """Return the reading that its sample period sends between the answers."""
        if not self._faults.has(Fault.INTERLEAVED):
            return []
        return [self._say("t", self._device.sensor_c())]

    @property
    def _is_fahrenheit(self) -> bool:
        # A fault brings back what the last user left, until the host sets it right.
        return self._faults.has(Fault.FAHRENHEIT) and not self._has_unit_c

    def _say(self, label: str, value_c: float) -> bytes:
        value, unit = (value_c * 1.8 + 32, "F") if self._is_fahrenheit else (value_c, "C")
        number = f"{value:.2f}"
        if self._faults.has(Fault.COMMA):
            number = number.replace(".", ",")
        return f"{label}: {number} {unit}{self._end}".encode()

    def _set(self, number: str) -> None:
        try:
            value = float(number)
        except ValueError:
            return
        self._device.set_point_c = (value - 32) / 1.8 if self._is_fahrenheit else value
