"""Heimann HTPA modules: datagrams to frames and answers, without I/O.

Source: Heimann "UDP Transfer protocol WiFi Shield" Rev. 1 (2024-01-22) and the vendor's firmware of
the ESP32 shield. A frame is u16 little-endian words: the pixels row by row as kelvin x 10, then
electrical offsets, supply voltage, the sensor's own temperature and its raw values. There is no
frame number. So a lost run of datagrams that ends in the next frame at the place where it began
joins two frames, and the protocol shows nothing of it; any other gap costs the frame.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError

PORT = 30444
"""The port of the module, and by the vendor's document ours too."""
CALL = b"Calling HTPA series devices"
"""Asks who is there; to one module, or to all by broadcast."""
BIND = b"Bind HTPA series device"
"""Makes the module send to us alone."""
STREAM = b"K"
"""Starts temperature frames."""
RELEASE = b"x Release HTPA series device"
"""Stops the frames and lets go of the module."""

_ANSWERS = (b"HTPA", b"HW Filter", b"HW-Filter", b"Device already", b"Emission", b"STOP!")
_WHO = re.compile(rb"HTPA series respons\w+! I am Arraytype (\d{1,3})(?: MODTYPE (\w{1,8}))?")
_DEVICE_ID = re.compile(rb"DevID: ?(\d{1,10})")
_MAC = re.compile(rb"MAC-ID: ?([0-9A-Fa-f.:]{11,17})")
_BOUND, _ALREADY_BOUND = b"HW Filter is", b"Device already bound"
_ZERO_CELSIUS_K = np.float32(273.15)
_KELVIN = np.float32(0.1)
# -50 to 80 °C: raw voltages lie far outside; some single hot thing may too.
_LOWEST, _HIGHEST = np.uint16(2231), np.uint16(3531)


@dataclass(frozen=True, slots=True)
class HtpaArray:
    """How one type of array sends its frames."""

    number: int
    """The type's number in the answer to a call."""
    name: str
    """Such as `80x64d`: columns x rows."""
    rows: int
    """Rows of pixels."""
    columns: int
    """Columns of pixels."""
    datagram_bytes: tuple[int, ...]
    """Length of each datagram of a frame, in their order."""
    has_index: bool
    """Whether the first byte of each is its number from 1; otherwise lengths tell them apart."""
    sensor_word: int | None
    """Where the sensor's own temperature stands, in words; None where nobody has verified it."""


ARRAYS = (
    HtpaArray(0, "8x8", 8, 8, (262,), False, 129),
    HtpaArray(1, "16x16", 16, 16, (780,), False, 385),
    HtpaArray(10, "32x32d", 32, 32, (1292, 1288), False, 1281),
    HtpaArray(11, "80x64d", 64, 80, (1283,) * 10, True, 6401),
    HtpaArray(12, "120x84d", 84, 120, (1401,) * 16 + (1149,), True, 11761),
    HtpaArray(13, "84x60d", 60, 84, (1285,) * 8 + (1281,), True, 5761),
    HtpaArray(14, "60x40d", 40, 60, (1159,) * 4 + (1157,), True, 2881),
    HtpaArray(15, "160x120d", 120, 160, (1401,) * 29 + (1057,), True, None),
    HtpaArray(16, "120x84dR2", 84, 120, (1401,) * 16 + (1153,), True, 11761),
)
"""Every type whose datagrams the vendor's sources describe."""
FRAME_BYTES = frozenset(length for array in ARRAYS for length in array.datagram_bytes)
"""Lengths that a piece of some array's frame can have."""


@dataclass(frozen=True, slots=True)
class HtpaIdentity:
    """Who answered a call."""

    array_number: int
    """Type of the array."""
    serial_number: str
    """The sensor's device number, or the module's MAC address; empty if it tells neither."""


@dataclass(frozen=True, slots=True, eq=False)
class HtpaFrame:
    """One whole frame."""

    values: NDArray[np.float32]
    """°C, float32, shape (rows, columns); raw counts where the frame is not radiometric."""
    sensor_c: float | None
    """The sensor's own temperature, °C; None where its place is not verified."""
    is_radiometric: bool
    """False where most pixels can be no temperatures, as in the voltage mode of other programs."""
    is_repeated: bool
    """Whether it is the frame before, to the last bit: noise never repeats."""
    number: int
    """Counts the frames begun, torn ones too, from 0."""


def array_of(number: int) -> HtpaArray:
    """Return the array of that type number.

    Raises:
        ProtocolError: if its datagrams are not known.
    """
    found = next((array for array in ARRAYS if array.number == number), None)
    if found is None:
        raise ProtocolError(
            f"the module has array type {number}, which is not known: if it sends as another type "
            f"does, name that one in `array`: {', '.join(array.name for array in ARRAYS)}"
        )
    return found


def array_named(name: str) -> HtpaArray:
    """Return the array of that name.

    Raises:
        ValueError: if there is none.
    """
    found = next((array for array in ARRAYS if array.name == name), None)
    if found is None:
        raise ValueError(
            f"there is no array {name!r}: use one of {', '.join(a.name for a in ARRAYS)}"
        )
    return found


def other_device(seen: bytes) -> ProtocolError:
    """Return the error for the speech of another device."""
    return ProtocolError("this is no Heimann HTPA module: choose another address or driver", seen)


def is_answer(datagram: bytes) -> bool:
    """Whether a datagram is one of the module's texts.

    As words, their letters would be temperatures far outside what a frame can hold.
    """
    return datagram.startswith(_ANSWERS)


def decode_identity(datagram: bytes) -> HtpaIdentity | None:
    """Return who answers a call, or None if the datagram is no such answer."""
    who = _WHO.match(datagram)
    if who is None:
        return None
    found = _DEVICE_ID.search(datagram) or _MAC.search(datagram)
    return HtpaIdentity(int(who[1]), found[1].decode("ascii") if found else "")


def is_bound(datagram: bytes) -> bool:
    """Whether the module says that it is ours now."""
    return datagram.startswith(_BOUND)


def is_bound_already(datagram: bytes) -> bool:
    """Whether the module says that somebody holds it: another host, or we from before."""
    return datagram.startswith(_ALREADY_BOUND)


class FrameAssembler:
    """Puts datagrams together in the order in which they came; a gap costs the frame.

    Args:
        array: what sends them.
    """

    def __init__(self, array: HtpaArray) -> None:
        self._array = array
        self._parts: list[bytes] = []
        self._previous = b""
        self._begun = 0
        self._torn = 0

    @property
    def torn_count(self) -> int:
        """Frames that were given up because a datagram was missing or out of order."""
        return self._torn

    def forget(self) -> None:
        """Drop an unfinished frame: what comes next belongs to another one."""
        self._parts = []

    def feed(self, datagram: bytes) -> HtpaFrame | None:
        """Take one datagram; return the frame that it completes.

        Raises:
            ProtocolError: if it is no piece of this array's frames.
        """
        place, parts = self._place(datagram), self._parts
        if place < len(parts) and datagram == parts[place]:
            # The network delivered it twice.
            return None
        if place != len(parts):
            self._torn += bool(parts)
            parts.clear()
            if place:
                return None
        self._begun += not parts
        parts.append(datagram)
        if len(parts) < len(self._array.datagram_bytes):
            return None
        self._parts = []
        return self._decode(parts)

    def _place(self, datagram: bytes) -> int:
        """Return which piece of a frame it is, from 0."""
        lengths, length = self._array.datagram_bytes, len(datagram)
        if not self._array.has_index:
            if length in lengths:
                return lengths.index(length)
        elif length and 1 <= datagram[0] <= len(lengths) and length == lengths[datagram[0] - 1]:
            return datagram[0] - 1
        raise ProtocolError(
            f"this is no piece of a frame of an HTPA {self._array.name}: name the right type in "
            "`array`, or choose another address or driver",
            datagram,
        )

    def _decode(self, parts: Sequence[bytes]) -> HtpaFrame:
        array = self._array
        payload = b"".join([part[1:] for part in parts] if array.has_index else parts)
        words = np.frombuffer(payload, dtype="<u2")
        pixels = words[: array.rows * array.columns].reshape(array.rows, array.columns)
        values = pixels.astype(np.float32)
        # In unsigned words whatever lies below the lowest wraps round and lies above.
        likely = np.count_nonzero((pixels - _LOWEST) <= _HIGHEST - _LOWEST)
        is_radiometric = 2 * int(likely) >= pixels.size
        if is_radiometric:
            values *= _KELVIN
            values -= _ZERO_CELSIUS_K
        sensor = None if array.sensor_word is None else int(words[array.sensor_word])
        is_repeated, self._previous = payload == self._previous, payload
        return HtpaFrame(
            values=values,
            sensor_c=_sensor_c(sensor),
            is_radiometric=is_radiometric,
            is_repeated=is_repeated,
            number=self._begun - 1,
        )


def _sensor_c(word: int | None) -> float | None:
    if word is None or not _LOWEST <= word <= _HIGHEST:
        return None
    return round(word / 10 - 273.15, 2)
