"""Hikvision ISAPI temperature matrix: the bytes of one reply to °C, without I/O.

Source: Hikvision Device Network SDK (Thermal) Developer Guide, `jpegPicWithAppendData`; checked
against the open readers hiktemp 0.2.0 and hikvision-thermal-parser. Two-byte matrices rest on the
guide alone.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError

_ZERO_CELSIUS_K = 273.15
_FLOAT_BYTES, _SHORT_BYTES = 4, 2
_MAX_PIXELS = 4_000_000
_MAX_JSON = 8192
_LARGEST_NUMBER = 1e9
# What the cameras can show at all; anything else is not this matrix.
_LOWEST_C, _HIGHEST_C = -40.0, 550.0


@dataclass(frozen=True, slots=True, eq=False)
class HikvisionPicture:
    """One decoded reply."""

    temperature_c: NDArray[np.float32]
    """Surface temperature, °C, float32, shape (rows, columns)."""
    is_frozen: bool
    """Whether the camera marks the data as frozen: shutter or range change."""


def decode_device_info(body: bytes) -> tuple[str, str]:
    """Return model and serial number from an ISAPI `DeviceInfo` document, empty where missing."""
    found = (
        re.search(rb"<%s>([^<]{1,100})</%s>" % (tag, tag), body)
        for tag in (b"model", b"serialNumber")
    )
    model, serial_number = (match[1].decode("utf-8", "replace") if match else "" for match in found)
    return model, serial_number


def decode_reply(content_type: str, body: bytes) -> HikvisionPicture:
    """Decode a reply to a matrix pull.

    The parts are cut by the lengths in the JSON, never by searching the boundary, since a matrix
    may hold the boundary's bytes.

    Args:
        content_type: the Content-Type header, with the boundary.
        body: the whole body.

    Raises:
        ProtocolError: if the reply is torn, of another kind, or holds impossible temperatures.
    """
    boundary = re.search(r'boundary="?([^";\s]+)"?', content_type)
    if "multipart" not in content_type or boundary is None:
        raise ProtocolError(f"a multipart reply is expected, not {content_type!r}", body)
    cursor = _Cursor(body, boundary[1].encode("utf-8"))
    cursor.enter_part()
    meta = cursor.take_json()
    rows, columns = _whole(meta, "jpegPicHeight"), _whole(meta, "jpegPicWidth")
    size = _whole(meta, "temperatureDataLength")
    length = _whole(meta, "p2pDataLen")
    if not 0 < rows * columns <= _MAX_PIXELS or size not in {_FLOAT_BYTES, _SHORT_BYTES}:
        raise ProtocolError(f"impossible picture: {columns}x{rows} of {size} bytes", body)
    if length != rows * columns * size:
        raise ProtocolError(
            f"the matrix claims {length} bytes, but {columns}x{rows} of {size} bytes are "
            f"{rows * columns * size}",
            body,
        )
    if jpeg_length := _whole(meta, "jpegPicLen"):
        cursor.enter_part()
        cursor.take(jpeg_length)
    cursor.enter_part()
    matrix = _to_celsius(cursor.take(length), size, meta)
    if not np.all((matrix > _LOWEST_C) & (matrix < _HIGHEST_C)):
        raise ProtocolError("the matrix holds temperatures that no camera of this kind can show")
    # Some firmware writes booleans as text.
    is_frozen = str(meta.get("isFreezedata", False)).lower() in {"true", "1"}
    return HikvisionPicture(matrix.reshape(rows, columns), is_frozen)


def _to_celsius(raw: bytes, size: int, meta: dict[str, Any]) -> NDArray[np.float32]:
    if size == _FLOAT_BYTES:
        return np.frombuffer(raw, dtype="<f4").astype(np.float32)
    scale, offset = meta.get("scale"), meta.get("offset")
    if not _is_number(scale) or not _is_number(offset) or scale <= 0:
        raise ProtocolError(f"two-byte data needs scale and offset, not {scale!r} and {offset!r}")
    # Single precision rounds to 0.00003 °C here, far below the camera's own steps. An absurd scale
    # or offset gives absurd values, which the caller refuses.
    with np.errstate(all="ignore"):
        celsius = np.frombuffer(raw, dtype="<i2").astype(np.float32)
        celsius *= np.float32(1 / scale)
        celsius += np.float32(offset - _ZERO_CELSIUS_K)
    return celsius


def _is_number(value: object) -> TypeGuard[int | float]:
    """Whether this is a usable JSON number: no boolean, not huge, not NaN."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and -_LARGEST_NUMBER < value < _LARGEST_NUMBER
    )


def _whole(meta: dict[str, Any], key: str) -> int:
    value = meta.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ProtocolError(f"the reply's {key} is {value!r}, a whole number is expected")
    return value


class _Cursor:
    """Walks through a multipart body."""

    def __init__(self, body: bytes, boundary: bytes) -> None:
        self._body = body
        self._boundary = b"--" + boundary
        self._at = 0

    def enter_part(self) -> None:
        """Step over the boundary line and the part's headers."""
        while self._body[self._at : self._at + 1] in {b"\r", b"\n"}:
            self._at += 1
        if not self._body.startswith(self._boundary, self._at):
            raise ProtocolError(
                "a part of the reply does not begin where the lengths say", self._body[self._at :]
            )
        # Cameras were seen to end header lines with CR LF or LF alone.
        blank = re.compile(rb"\r?\n\r?\n").search(self._body, self._at)
        if blank is None:
            raise ProtocolError("the reply ends inside a part's headers", self._body[self._at :])
        self._at = blank.end()

    def take_json(self) -> dict[str, Any]:
        """Read the JSON part, which carries no length of its own."""
        start = self._body[self._at : self._at + _MAX_JSON]
        text = start.decode("latin-1")
        indent = len(text) - len(text.lstrip())
        try:
            value, end = json.JSONDecoder().raw_decode(text, indent)
            meta = value["JpegPictureWithAppendData"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ProtocolError(
                "the reply's first part does not describe a matrix", start
            ) from error
        if not isinstance(meta, dict):
            raise ProtocolError("the reply's description is not an object", start)
        self._at += end
        return meta

    def take(self, length: int) -> bytes:
        """Read exactly `length` bytes."""
        part = self._body[self._at : self._at + length]
        if len(part) != length:
            raise ProtocolError(f"the reply is torn: {length - len(part)} bytes are missing", part)
        self._at += length
        return part
