"""What a thermometer types that calls itself a keyboard.

Source: USB HID keyboards as Linux hands them on (struct input_event, 64 bits): for each key its
scan code, its press and its release, each ended by a report.
"""

import struct
import time

from simulators.faults import Fault, Faults
from simulators.line import Dialect

_SYN, _KEY, _SCAN = 0, 1, 4
_CODES = {
    **{str(digit): digit + 1 for digit in range(1, 10)},
    **{"0": 11, ".": 52, "\n": 28, "L": 38, "O": 24, "F": 33},
}


class WedgeDialect(Dialect):
    """The thermometer's keys."""

    # A barcode reader types letters.
    other_device = b""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.other_device = typed("LOFLOF\n")

    def answer(self, data: bytes) -> list[bytes]:
        """A keyboard is only told about its lamps."""
        return []

    def measure(self, body_c: float) -> bytes:
        """Return the events of a reading that is typed."""
        if self._faults.has(Fault.SENTINEL):
            return typed("LO\n")
        shown = body_c * 1.8 + 32 if self._faults.has(Fault.FAHRENHEIT) else body_c
        return typed(f"{shown:.1f}\n")


def typed(text: str) -> bytes:
    """Return the events of a text."""
    return b"".join(_pressed(_CODES[letter]) for letter in text)


def _pressed(code: int) -> bytes:
    events = (
        (_SCAN, 4, 0x70000 + code),
        (_KEY, code, 1),
        (_SYN, 0, 0),
        (_KEY, code, 0),
        (_SYN, 0, 0),
    )
    at_s = time.time()
    stamp = int(at_s), int(at_s % 1 * 1e6)
    return b"".join(struct.pack("<qqHHi", *stamp, *event) for event in events)
