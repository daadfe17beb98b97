"""Omega OS530E handhelds: bytes to records, without I/O.

Source: Omega OS530E manual, 2.3.13 "PC Interface Commands" (protocol page 16), whose one example
is the only record known: a model, `KEY:VALUE` between semicolons, `End`. Where its lines break is
not told: blanks and line ends count for nothing here. There is no checksum. What `IR` alone answers
is not known, so that it is never sent; nor is what CF means, see the driver.
"""

import re
from dataclasses import dataclass

from drivers.errors import ProtocolError

START = b"T\r"
"""Send records."""
STOP = b"P\r"
"""Send none; settings are taken only then."""
CELSIUS = b"F0\r"
"""Set °C."""
FAHRENHEIT = b"F1\r"
"""Set °F."""

_HEAD = b"OS5"
_END = b"End"
_MODEL = re.compile(r"OS5\d\d[A-Z]{0,3}")
_NUMBER = re.compile(r"-?\d{1,4}")
_FLAG = re.compile(r"[01]")
# More bytes hold no record: where none begins (the example has 142, so that the tail of one
# is not foreign yet), and where many begin and none is whole.
_FOREIGN_BYTES = 150
_TORN_BYTES = 2000
# Wider than the family measures (chosen): what lies outside is no temperature.
_POSSIBLE = (-100, 2000)


@dataclass(frozen=True, slots=True)
class OmegaRecord:
    """One record of the stream."""

    model: str
    """As the device tells it."""
    shown: int
    """What is before it (IR), whole degrees of the unit that is set."""
    unit_flag: int
    """CF, 0 or 1: whether it tells the unit must be tried."""
    interval_s: int
    """Seconds from one record to the next (PRN)."""


class OmegaParser:
    """Takes bytes in any chunking and returns what they hold; the chunking changes nothing."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._torn = bytearray()

    @property
    def foreign(self) -> bytes:
        """Bytes since the last record that belong to none."""
        return bytes(self._torn + self._buffer)

    def feed(self, data: bytes) -> list[OmegaRecord | ProtocolError]:
        """Return, in the order of the bytes, each whole record and each run of foreign bytes.

        A run of foreign bytes is a `ProtocolError` for the caller to raise when its turn comes.
        """
        found: list[OmegaRecord | ProtocolError] = []
        for byte in data:
            self._buffer.append(byte)
            if self._buffer.endswith(_END):
                record = _decode(bytes(self._buffer))
                if record is None:
                    self._torn += self._buffer
                else:
                    self._torn.clear()
                    found.append(record)
                self._buffer.clear()
            if _is_too_much(self.foreign):
                found.append(refusal(self.foreign))
                self._torn.clear()
                self._buffer.clear()
        return found


def encode_interval(interval_s: int) -> bytes:
    """Return the command that sets the seconds from one record to the next."""
    return f"t{interval_s}\r".encode("ascii")


def is_interval_confirmed(answer: bytes, interval_s: int) -> bool:
    """Whether this whole answer confirms the interval, as `PRN:5` does."""
    return re.search(rf"PRN:\s*{interval_s}(?!\d)".encode("ascii"), answer) is not None


def refusal(seen: bytes) -> ProtocolError:
    """Return the error for bytes without a record: torn ones, or the speech of another device."""
    if _HEAD in seen:
        return ProtocolError("the thermometer's records are torn: check its cable", seen)
    return ProtocolError("this is no Omega OS530E: choose another port or driver", seen)


def _is_too_much(foreign: bytes) -> bool:
    return len(foreign) > (_TORN_BYTES if _HEAD in foreign else _FOREIGN_BYTES)


def _decode(seen: bytes) -> OmegaRecord | None:
    """Return the record at the end of these bytes, or None if it is torn."""
    begins = seen.rfind(_HEAD)
    if begins < 0:
        return None
    text = seen[begins : -len(_END)].decode("ascii", "replace")
    model, *fields = [field.strip() for field in text.strip(" \r\n:;").split(";")]
    values: dict[str, str] = {}
    for field in fields:
        key, colon, value = field.partition(":")
        if not colon or key in values:
            return None
        values[key] = value.strip(" :")
    shown, flag, interval = (values.get(key, "") for key in ("IR", "CF", "PRN"))
    is_whole = _MODEL.fullmatch(model) and _FLAG.fullmatch(flag)
    if not (is_whole and _NUMBER.fullmatch(shown) and _NUMBER.fullmatch(interval)):
        return None
    if not (_POSSIBLE[0] <= int(shown) <= _POSSIBLE[1] and int(interval) > 0):
        return None
    return OmegaRecord(model, int(shown), int(flag), int(interval))
