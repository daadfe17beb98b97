"""GY-MCU90614, GY-MCU90615 and GY-614V modules: bytes to temperatures, without I/O.

Source: the vendor's tables as shops print them (as99shop, hxchipstech, chipskey) and a public
sketch; protocol page 09, confidence HIGH. A message has 9 bytes: 5A 5A 45 04, object and own
temperature (int16 big-endian, 0.01 °C), the sum of the first 8. The sum may be 5A and a value
5A 5A, so that a message is cut by its whole head, its length and its sum.
"""

from dataclasses import dataclass

from drivers.errors import ProtocolError

STREAM = bytes.fromhex("A5 45 EA")
"""Host to module: tell all the time, about 14 times a second."""
ASK = bytes.fromhex("A5 15 BA")
"""Host to module: tell once."""

_HEAD = bytes.fromhex("5A 5A 45 04")
_FRAME_BYTES = 9
_OBJECT_C = (-70.0, 380.0)
_OWN_C = (-40.0, 125.0)
# Bytes without any message before the port is said to hold another device: a second of the stream.
_FOREIGN_BYTES = 128
# A cousin with other commands; twice, for two such bytes may be noise.
_COUSIN_HEAD = b"\x66\x66"
_COUSIN_MESSAGES = 2


@dataclass(frozen=True, slots=True)
class Temperatures:
    """One message."""

    object_c: float
    """What is before the sensor, °C."""
    own_c: float
    """The sensor itself, °C."""


class Gy90614Parser:
    """Takes bytes in any chunking and returns what they hold; the chunking changes nothing."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._foreign = bytearray()

    @property
    def foreign(self) -> bytes:
        """Bytes since the last message that belong to none."""
        return bytes(self._foreign) + bytes(self._buffer)

    def feed(self, data: bytes) -> list[Temperatures | ProtocolError]:
        """Return, in the order of the bytes, each whole message and each run of foreign bytes.

        A run of foreign bytes is a `ProtocolError` for the caller to raise when its turn comes.
        """
        found: list[Temperatures | ProtocolError] = []
        for byte in data:
            self._buffer.append(byte)
            if len(self._buffer) == _FRAME_BYTES and (whole := _decode(bytes(self._buffer))):
                found.append(whole)
                self._buffer.clear()
                self._foreign.clear()
            while not _may_begin(bytes(self._buffer)):
                self._foreign.append(self._buffer.pop(0))
            if len(self._foreign) > _FOREIGN_BYTES:
                found.append(foreign_device(bytes(self._foreign)))
                self._foreign.clear()
        return found


def foreign_device(seen: bytes) -> ProtocolError:
    """Return the error for bytes of another device."""
    if seen.count(_COUSIN_HEAD) >= _COUSIN_MESSAGES:
        return ProtocolError(
            "this module is an unsupported variant, whose messages begin with 66 66: use one whose "
            "messages begin with 5A 5A",
            seen,
        )
    return ProtocolError(
        "this is no GY-MCU90614 module: choose another port, speed or driver", seen
    )


def _may_begin(start: bytes) -> bool:
    """Whether these bytes can be the beginning of a message that is not whole yet."""
    return len(start) < _FRAME_BYTES and _HEAD.startswith(start[: len(_HEAD)])


def _decode(frame: bytes) -> Temperatures | None:
    """Return what 9 bytes hold, or None if they are no message of this module."""
    if not frame.startswith(_HEAD) or sum(frame[:-1]) % 256 != frame[-1]:
        return None
    object_c = int.from_bytes(frame[4:6], "big", signed=True) / 100
    own_c = int.from_bytes(frame[6:8], "big", signed=True) / 100
    if not (_OBJECT_C[0] <= object_c <= _OBJECT_C[1] and _OWN_C[0] <= own_c <= _OWN_C[1]):
        return None
    return Temperatures(object_c, own_c)
