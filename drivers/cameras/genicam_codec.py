"""FLIR cameras on GigE Vision: which nodes make a pixel a temperature, and buffers to °C; no I/O.

Source: FLIR's interface document of the Ax5 (T559775) and A15 manual; for A50, A70, A400, A700 and
A6xx several open programs that set the same nodes (medium to high confidence). Temperature of
"Radiometric" counts needs constants of each camera and is left to the camera itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError

_ZERO_CELSIUS_K = 273.15
_PIXEL_BYTES = 2
_MOST_PIXELS = 4_000_000
# No indoor scene has such a median; counts of most of these cameras do.
_SCENE_C = (-10.0, 60.0)
_SAMPLE_STEP = 8
# Block numbers of GigE Vision 1 have 16 bits, and 0 is none of them.
_LAST_BLOCK = 0xFFFF
_NEAR_WRAP = 0x1000


@dataclass(frozen=True, slots=True)
class TemperatureFormat:
    """One family's way to send temperatures."""

    name: str
    """The family."""
    nodes: tuple[tuple[str, str], ...]
    """The nodes to set and their values, in the order in which they depend on each other."""
    kelvin_per_count: float
    """What one count means, K; zero counts are 0 K."""
    largest_count: int
    """The largest value that a pixel can have."""


A_SERIES = TemperatureFormat(
    "FLIR A-series",
    (("PixelFormat", "Mono16"), ("IRFormat", "TemperatureLinear10mK")),
    0.01,
    0xFFFF,
)
"""A50, A70, A400, A700, A6xx; the largest count is 382.2 °C or more."""
AX5 = TemperatureFormat(
    "FLIR Ax5",
    (
        ("PixelFormat", "Mono14"),
        ("CMOSBitDepth", "bit14bit"),
        ("TemperatureLinearMode", "On"),
        ("TemperatureLinearResolution", "High"),
    ),
    0.04,
    0x3FFF,
)
"""A15, A35, A65."""


def choose_format(get: Callable[[str], str | None]) -> TemperatureFormat | None:
    """Return how this camera sends temperatures, by the nodes that it has; None if not at all."""
    for form, node in ((A_SERIES, "IRFormat"), (AX5, "TemperatureLinearMode")):
        if get(node) is not None:
            return form
    return None


def decode_size(rows: str | None, columns: str | None) -> tuple[int, int]:
    """Return (rows, columns) from the nodes Height and Width.

    Raises:
        ProtocolError: if they are missing or impossible.
    """
    try:
        size = int(rows or ""), int(columns or "")
    except ValueError:
        size = 0, 0
    if min(size) < 1 or size[0] * size[1] > _MOST_PIXELS:
        raise ProtocolError(f"the camera tells an impossible size: {columns} x {rows} pixels")
    return size


def decode_pixels(
    data: bytes, size: tuple[int, int], form: TemperatureFormat
) -> NDArray[np.uint16] | None:
    """Return the pixels of a buffer, uint16, shape `size`; None if bytes are missing.

    A buffer may be longer than its picture (chunk data behind it). Its own idea of its height is
    not asked: an A325 tells a wrong one from the second buffer on (harvesters, issue 335).

    Raises:
        ProtocolError: if a pixel has more bits than the format.
    """
    rows, columns = size
    if len(data) < rows * columns * _PIXEL_BYTES:
        return None
    pixels = np.frombuffer(data, dtype="<u2", count=rows * columns).reshape(size)
    if int(pixels.max()) > form.largest_count:
        raise ProtocolError(f"the pixels have more bits than {form.nodes[0][1]}", data)
    return pixels


def to_celsius(pixels: NDArray[np.uint16], form: TemperatureFormat) -> NDArray[np.float32]:
    """Return a picture's temperatures, °C, float32."""
    return pixels * np.float32(form.kelvin_per_count) - np.float32(_ZERO_CELSIUS_K)


def looks_like_counts(temperature_c: NDArray[np.float32]) -> bool:
    """Whether a picture (°C) is one that no camera can see indoors: its pixels are counts."""
    middle_c = float(np.median(temperature_c[::_SAMPLE_STEP, ::_SAMPLE_STEP]))
    return not _SCENE_C[0] <= middle_c <= _SCENE_C[1]


class BlockCounter:
    """Turns a camera's block numbers into a sequence from 0 in which lost pictures are gaps."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._sequence = -1

    def next(self, block: int | None) -> int:
        """Return the sequence number of a picture.

        Args:
            block: its number in the camera's count; None where it is not told.
        """
        self._sequence += self._step(block)
        if block is not None:
            self._last = block
        return self._sequence

    def _step(self, block: int | None) -> int:
        if block is None or self._last is None:
            return 1
        step = block - self._last
        is_wrapped = self._last > _LAST_BLOCK - _NEAR_WRAP and block < _NEAR_WRAP
        if step < 0 and is_wrapped and self._last <= _LAST_BLOCK:
            step += _LAST_BLOCK
        # A camera that begins to count anew tells nothing of what was lost meanwhile.
        return max(1, step)
