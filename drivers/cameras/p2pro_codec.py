"""InfiRay P2 Pro and Topdon TC001: the bytes of one double-height payload to °C, without I/O.

The payload is called YUYV, 256x384: the upper half is a coloured picture, the lower half are
little-endian words of 1/64 kelvin.

Source: LeoDJ/P2Pro-Viewer and leswright1977/PyThermalCamera (facts of the frame), which agree.
"""

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError

ROWS, COLUMNS = 192, 256
"""Shape of the temperatures."""
PAYLOAD_ROWS = 2 * ROWS
"""Rows of the whole payload."""

_HALF_BYTES = ROWS * COLUMNS * 2
_STEP_K = 1 / 64
_ZERO_CELSIUS_K = 273.15
# No room's median lies outside (chosen). A coloured picture of a webcam, read as 1/64 K, is far
# above: its odd bytes are colours about 128, that is 240 °C.
_LOWEST_MEDIAN_C, _HIGHEST_MEDIAN_C = -40.0, 120.0
_SPARSE = slice(None, None, 8)


def raw_half(payload: bytes) -> bytes:
    """Return the lower half, the temperatures as they came.

    Raises:
        ProtocolError: if the payload has another size.
    """
    if len(payload) != 2 * _HALF_BYTES:
        raise ProtocolError(
            f"{len(payload)} bytes are no picture of a P2 Pro or TC001 ({2 * _HALF_BYTES})", payload
        )
    return payload[_HALF_BYTES:]


def decode(raw: bytes) -> NDArray[np.float32] | None:
    """Decode a raw half.

    Returns:
        °C, float32, shape (192, 256); None if it is all zero: the camera is not ready.

    Raises:
        ProtocolError: if it holds no temperatures.
    """
    words = np.frombuffer(raw, dtype="<u2").reshape(ROWS, COLUMNS)
    if not words.any():
        return None
    values = words.astype(np.float32)
    values *= np.float32(_STEP_K)
    values -= np.float32(_ZERO_CELSIUS_K)
    sparse = values[_SPARSE, _SPARSE].ravel()
    median_c = float(np.partition(sparse, sparse.size // 2)[sparse.size // 2])
    if not _LOWEST_MEDIAN_C <= median_c <= _HIGHEST_MEDIAN_C:
        raise ProtocolError(
            "the lower half of the picture holds no temperatures: it is another camera", raw
        )
    return values
