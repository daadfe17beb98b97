"""FLIR Boson: pixels to °C, and what its shutter does, without I/O.

Source: FLIR Boson datasheet 102-2013-40 and SDK for Python (EnumTypes). That TLinear is
centikelvin rests on one sample of an SDK partner (medium confidence); two telemetry rows on open
readers of Boson video (flirpy, a Boson+ driver for V4L2), and their content is not read. That the
picture stands during a correction is the datasheet's; for how long is not verified.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from drivers.errors import ProtocolError
from drivers.transport.payloads import VideoMode

_TELEMETRY_ROWS = 2
_SIZES = ((512, 640), (256, 320))
MODES = tuple(
    VideoMode("Y16 ", rows + extra, columns)
    for extra in (0, _TELEMETRY_ROWS)
    for rows, columns in _SIZES
)
"""How the camera may send; its telemetry rows come with the picture or not."""
IR16_TLINEAR = 2
"""The 16-bit video mode in which pixels are temperatures."""
_ZERO_CELSIUS_K = 273.15
# No indoor scene has such a median; counts of an uncooled sensor mostly do.
_SCENE_C = (-10.0, 60.0)
_SAMPLE_STEP = 8
_UNKNOWN_AFTER_S = 1.5


class FfcStatus(IntEnum):
    """Where the shutter correction stands."""

    NONE = 0
    """None since power-up."""
    IMMINENT = 1
    """It is about to run."""
    IN_PROGRESS = 2
    """The shutter is closed: the picture stands."""
    COMPLETE = 3
    """It has run."""


def decode_pixels(payload: bytes, *, is_telemetry_below: bool) -> NDArray[np.uint16]:
    """Return the picture's pixels, uint16, shape (256, 320) or (512, 640), telemetry cut off.

    Raises:
        ProtocolError: if this many bytes are no picture of a Boson.
    """
    mode = next((mode for mode in MODES if mode.byte_count == len(payload)), None)
    if mode is None:
        raise ProtocolError(f"{len(payload)} bytes are no picture of a Boson", payload)
    pixels = np.frombuffer(payload, dtype="<u2").reshape(mode.rows, mode.columns)
    extra = mode.rows - next(rows for rows, columns in _SIZES if columns == mode.columns)
    return pixels[: mode.rows - extra] if is_telemetry_below else pixels[extra:]


def to_celsius(pixels: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return TLinear pixels (centikelvin) as °C, float32."""
    celsius = pixels * np.float32(0.01)
    celsius -= np.float32(_ZERO_CELSIUS_K)
    return celsius


def looks_like_counts(temperature_c: NDArray[np.float32]) -> bool:
    """Whether a picture (°C) is one that no camera can see indoors: its pixels are counts."""
    middle_c = float(np.median(temperature_c[::_SAMPLE_STEP, ::_SAMPLE_STEP]))
    return not _SCENE_C[0] <= middle_c <= _SCENE_C[1]


_CORRECTING = frozenset({FfcStatus.IMMINENT, FfcStatus.IN_PROGRESS})


@dataclass(slots=True)
class ShutterWatch:
    """Puts together what the camera tells of its shutter, a poll at a time.

    Times are seconds on a clock that never jumps.
    """

    since_s: float
    """When the last correction ended at the latest; from opening until one is seen."""
    status: FfcStatus | None = None
    """What it told last."""
    asked_s: float = float("-inf")
    """When that was asked."""
    last_frame: int | None = None
    """The frame at which the last correction ran, in the camera's own count."""

    def note_status(self, value: int, *, asked_s: float, now_s: float) -> None:
        """Take a status that the camera told.

        Raises:
            ProtocolError: if there is no such status.
        """
        try:
            status = FfcStatus(value)
        except ValueError as error:
            raise ProtocolError(f"the camera tells an unknown shutter status, {value}") from error
        if status is FfcStatus.IN_PROGRESS or self.status in _CORRECTING:
            # One that was imminent has run, even if no poll saw it run.
            self.since_s = now_s
        self.status, self.asked_s = status, asked_s

    def note_last_frame(self, frame: int, *, now_s: float) -> None:
        """Take the number of the last correction's frame; a new one has run since the last poll."""
        if self.last_frame not in {None, frame}:
            self.since_s = now_s
        self.last_frame = frame

    def is_in_doubt(self, now_s: float) -> bool:
        """Whether a picture of now may come from a closed shutter.

        The camera may be deaf while it corrects itself, so silence is doubt; and a correction
        that is imminent may begin before the next poll.
        """
        if now_s - self.asked_s > _UNKNOWN_AFTER_S:
            return True
        return self.status in _CORRECTING

    def age_s(self, now_s: float) -> float:
        """Return how long ago the last correction ended, at least, s."""
        return max(0.0, now_s - self.since_s)
