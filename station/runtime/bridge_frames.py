"""What the station and its kiosk say to each other, as bytes.

A frame is its length (4 bytes, big-endian, without these 4), one byte for its kind, and a body:
hello (`H`, JSON), message (`M`, length of the type's name, name, JSON) or picture (`P`, binary).
"""

import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from station.core.commands import Command
from station.core.errors import KnownError
from station.core.events import Event
from station.core.people_commands import SessionCommand

PROTOCOL = 8
"""Version of all this; both ends must have the same."""
MAX_FRAME_BYTES = 4 * 1024 * 1024
"""A picture of 1280x1024 pixels has 2.5 MiB."""

_LENGTH = struct.Struct(">I")
_PICTURE = struct.Struct(">QHHB")
_ZERO_C_IN_CK = 27_315
_UNKNOWN, _LARGEST = 0, np.iinfo(np.uint16).max


class FrameError(KnownError):
    """Bytes that this protocol does not know."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The thermal picture that belongs to the LaneUpdate of the same lane and sequence."""

    lane: str
    """The lane's name."""
    sequence: int
    """The frame's number."""
    pixels_ck: NDArray[np.uint16]
    """Apparent hundredths of a kelvin, uint16, (rows, columns), read-only; 0 where unknown."""

    @property
    def temperature_c(self) -> NDArray[np.float32]:
        """Apparent °C, float32, (rows, columns); NaN where unknown. Made anew at each call."""
        whole = (self.pixels_ck.astype(np.float32) - np.float32(_ZERO_C_IN_CK)) / np.float32(100)
        return np.where(self.pixels_ck == 0, np.float32(np.nan), whole)


class _ByName(Mapping[str, TypeAdapter[Any]]):
    """Adapters of a union's types, each made when it is first asked for.

    To make all of them takes a good part of a kiosk's start.
    """

    def __init__(self, union: Any) -> None:
        self._kinds = {kind.__name__: kind for kind in get_args(union)}
        self._made: dict[str, TypeAdapter[Any]] = {}

    def __getitem__(self, name: str) -> TypeAdapter[Any]:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = TypeAdapter(self._kinds[name])
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


EVENTS: Mapping[str, TypeAdapter[Any]] = _ByName(Event)
"""What the station may say."""
COMMANDS: Mapping[str, TypeAdapter[Any]] = _ByName(Command | SessionCommand)
"""What the kiosk may say."""


def encode_message(message: Event | Command | SessionCommand) -> bytes:
    """Return the frame of an event or a command."""
    name = type(message).__name__
    adapter = EVENTS.get(name) or COMMANDS[name]
    tag = name.encode()
    return _frame(b"M" + bytes([len(tag)]) + tag + adapter.dump_json(message))


def decode_message(body: bytes, known: Mapping[str, TypeAdapter[Any]]) -> Any:
    """Return the message of a frame's body.

    Raises:
        FrameError: if it is none of those known.
    """
    length = body[0] if body else 0
    name = body[1 : 1 + length].decode("ascii", "replace")
    adapter = known.get(name)
    if adapter is None:
        raise FrameError("The other end of the bridge sent a message that is not known here.")
    try:
        return adapter.validate_json(body[1 + length :])
    except (ValidationError, ValueError, RecursionError) as error:
        raise FrameError(f"The other end of the bridge sent a faulty {name}.") from error


def encode_picture(lane: str, sequence: int, temperature_c: NDArray[np.float32]) -> bytes:
    """Return the frame of a picture: hundredths of a kelvin, 16 bits a pixel, 0 where unknown.

    Args:
        lane: the lane's name.
        sequence: the picture's number.
        temperature_c: apparent °C, float32, (rows, columns).
    """
    rows, columns = temperature_c.shape
    name = lane.encode()
    # In one piece of memory, and clipped first, because numpy clips faster than it compares.
    counts = temperature_c * np.float32(100)
    np.rint(counts, out=counts)
    counts += np.float32(_ZERO_C_IN_CK)
    np.clip(counts, _UNKNOWN, _LARGEST, out=counts)
    np.fmax(counts, _UNKNOWN, out=counts)
    pixels = counts.astype("<u2")
    head = b"P" + _PICTURE.pack(sequence, rows, columns, len(name)) + name
    return b"".join((_LENGTH.pack(len(head) + pixels.nbytes), head, pixels.data))


def decode_picture(body: bytes) -> Picture:
    """Return the picture of a frame's body.

    Raises:
        FrameError: if the sizes disagree.
    """
    try:
        sequence, rows, columns, name_length = _PICTURE.unpack_from(body)
        start = _PICTURE.size + name_length
        lane = body[_PICTURE.size : start].decode()
        pixels_ck = np.frombuffer(body, "<u2", offset=start).reshape(rows, columns)
    except (struct.error, ValueError) as error:
        raise FrameError("The station sent a faulty picture.") from error
    return Picture(lane, sequence, pixels_ck)


def encode_hello(protocol: int = PROTOCOL) -> bytes:
    """Return the frame that opens both directions."""
    return _frame(b"H%d" % protocol)


def check_hello(kind: bytes, body: bytes) -> None:
    """Check the other end's first frame.

    Raises:
        FrameError: if it speaks another version, or something else altogether.
    """
    if kind != b"H" or not body.isdigit():
        raise FrameError("The other end of the bridge is not a fever station's program.")
    if body != b"%d" % PROTOCOL:
        raise FrameError(
            f"Station and kiosk do not fit together (bridge {PROTOCOL} and "
            f"{body[:8].decode()}): install the same version of both."
        )


def read_frame(sock: socket.socket, max_bytes: int = MAX_FRAME_BYTES) -> tuple[bytes, bytes] | None:
    """Return kind and body of the next frame, or None at the orderly end.

    Raises:
        FrameError: if the frame is too long, empty or torn.
        OSError: if the socket fails.
    """
    head = _read_exactly(sock, _LENGTH.size)
    if not head:
        return None
    if len(head) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if not 1 <= length <= max_bytes:
            raise FrameError(f"The other end of the bridge sent a frame of {length} bytes.")
        body = _read_exactly(sock, length)
        if len(body) == length:
            return body[:1], body[1:]
    raise FrameError("The bridge broke off in the middle of a frame.")


def _read_exactly(sock: socket.socket, count: int) -> bytes:
    received = bytearray(count)
    left = memoryview(received)
    # A picture in one call: each call more makes the window's thread wait for the interpreter.
    while left and (got := sock.recv_into(left, len(left), socket.MSG_WAITALL)):
        left = left[got:]
    return bytes(memoryview(received)[: count - len(left)])


def _frame(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body
