"""FLIR's serial line protocol (FSLP) of the Boson: bytes to replies and back, without I/O.

A frame is 8E, channel, sequence, function, status, payload, CRC, AE; all numbers are big-endian.
Every byte between the marks that looks like a mark is escaped, in the header and the CRC too.

Source: FLIR Boson SDK for Python (PySerialFslp, FunctionCodes, ReturnCodes), checked against the
open reader flirpy, which escapes the payload alone.
"""

import binascii
import struct
from dataclasses import dataclass
from enum import IntEnum

from drivers.errors import ProtocolError

_START, _ESCAPE, _END = 0x8E, 0x9E, 0xAE
_ESCAPE_STEP = 0x0D
_ESCAPED = {mark - _ESCAPE_STEP: mark for mark in (_START, _ESCAPE, _END)}
_HEAD = struct.Struct(">BIII")
_CRC = struct.Struct(">H")
_CRC_START = 0x1D0F
_REQUEST = 0xFFFFFFFF
_CHANNEL = 0
# The longest reply of the functions used has 20 bytes; the camera's own limit is not known.
_LONGEST_FRAME = 1024
_MOST_FOREIGN = 64


class Function(IntEnum):
    """What can be asked of the camera or set on it."""

    SERIAL_NUMBER = 0x50002
    """The camera's serial number, u32."""
    PART_NUMBER = 0x50004
    """Its part number, text."""
    FFC_STATUS = 0x50054
    """Where the shutter correction stands, `boson_codec.FfcStatus`."""
    LAST_FFC_FRAME = 0x5005D
    """The number of the frame at which the last shutter correction ran, u32."""
    TELEMETRY_LOCATION = 0x40004
    """Where the telemetry rows are: 0 above the picture, 1 below."""
    SET_IR16_MODE = 0x0E000D
    """Choose what 16-bit video means."""
    IR16_MODE = 0x0E000E
    """What 16-bit video means: 0 counts, 1 counts of 14 bits, 2 TLinear."""
    SET_TLINEAR = 0x3E0001
    """Switch the conversion to kelvin."""
    TLINEAR = 0x3E0002
    """Whether the conversion to kelvin is on."""
    IS_RADIOMETRIC = 0x42007D
    """Whether this camera can tell temperatures at all."""


class ReturnCode(IntEnum):
    """How the camera took a request."""

    OK = 0
    """Done."""
    BAD_COMMAND = 0x161
    """It knows no such function."""
    NOT_ENABLED = 0x1B0
    """This camera was sold without the feature."""
    ERROR = 0x201
    """It failed."""
    NOT_READY = 0x202
    """It has not finished starting."""
    RANGE = 0x203
    """The value is not allowed."""
    BUSY = 0x283
    """It does something else just now."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of the camera, its CRC proven."""

    sequence: int
    """The number of the request that it answers."""
    function: int
    """What was asked."""
    code: int
    """How the request was taken, see `ReturnCode`."""
    payload: bytes
    """The answer."""


def encode_request(sequence: int, function: int, payload: bytes = b"") -> bytes:
    """Return the bytes of a request."""
    body = _HEAD.pack(_CHANNEL, sequence, function, _REQUEST) + payload
    body += _CRC.pack(binascii.crc_hqx(body, _CRC_START))
    escaped = bytearray()
    for byte in body:
        escaped += bytes([_ESCAPE, byte - _ESCAPE_STEP] if byte in _ESCAPED.values() else [byte])
    return bytes([_START, *escaped, _END])


def encode_number(value: int) -> bytes:
    """Return a setting's value as the camera takes it, int32."""
    return struct.pack(">i", value)


def decode_number(payload: bytes) -> int:
    """Return an answer of four bytes, unsigned.

    Raises:
        ProtocolError: if it has another length.
    """
    if len(payload) != struct.calcsize(">I"):
        raise ProtocolError("the camera's answer is no number of four bytes", payload)
    return int.from_bytes(payload, "big")


def decode_text(payload: bytes) -> str:
    """Return an answer of text, up to its first zero; unprintable characters are left out."""
    text = payload.partition(b"\0")[0].decode("ascii", "ignore")
    return "".join(character for character in text if character.isprintable()).strip()


class ReplyParser:
    """Takes bytes in any chunking and returns the replies; the chunking changes nothing."""

    def __init__(self) -> None:
        # The frame that is coming, its marks and escapes gone; None between frames.
        self._body: bytearray | None = None
        self._is_escaped = False
        self._seen = bytearray()

    @property
    def foreign(self) -> bytes:
        """What has come since the last whole frame, at most its first 64 bytes."""
        return bytes(self._seen)

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that these bytes complete; requests come back are left out."""
        replies = []
        for byte in data:
            if len(self._seen) < _MOST_FOREIGN:
                self._seen.append(byte)
            if (body := self._take(byte)) is not None and (reply := self._check(body)):
                self._seen.clear()
                if reply.code != _REQUEST:
                    replies.append(reply)
        return replies

    def _take(self, byte: int) -> bytes | None:
        """Follow the framing by one byte; return a frame's body when it ends."""
        if byte == _START:
            self._body, self._is_escaped = bytearray(), False
        elif self._body is None:
            pass
        elif self._is_escaped:
            self._is_escaped = False
            if byte in _ESCAPED:
                self._body.append(_ESCAPED[byte])
            else:
                self._body = None
        elif byte == _END:
            body, self._body = bytes(self._body), None
            return body
        elif byte == _ESCAPE:
            self._is_escaped = True
        elif len(self._body) >= _LONGEST_FRAME:
            self._body = None
        else:
            self._body.append(byte)
        return None

    def _check(self, body: bytes) -> Reply | None:
        content, crc = body[: -_CRC.size], body[-_CRC.size :]
        if len(content) < _HEAD.size or crc != _CRC.pack(binascii.crc_hqx(content, _CRC_START)):
            return None
        _, sequence, function, code = _HEAD.unpack_from(content)
        return Reply(sequence, function, code, content[_HEAD.size :])
