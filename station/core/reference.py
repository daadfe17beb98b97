"""The external temperature reference source (ETRS): find it, check it, correct by it.

The source shows as a small, flat, round disc that is hotter than its mount all around. It is found
by that shape inside the configured regions, must stay in place for some frames before it is
trusted, and is checked again in every frame.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from math import hypot, sqrt
from statistics import median

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Box, Point
from station.core.frames import FrameStatus, ThermalFrame
from station.core.radiance import Surface, radiance, temperature_c
from station.core.robust import standard_deviation


class ReferenceState(StrEnum):
    """Whether the reference source may be used in this frame."""

    SEARCHING = "searching"
    """Not found yet."""
    HEALTHY = "healthy"
    """In place, steady and in band: readings are corrected by it."""
    LOST = "lost"
    """It was there, and is covered, switched off or out of view."""
    MOVED = "moved"
    """It is seen, but not where it was trusted: put it back, or start the lane anew."""
    UNSTABLE = "unstable"
    """In place, but its temperature jumps or drifts too fast."""
    OUT_OF_BAND = "out_of_band"
    """In place, but so far from its set point that the camera is not trusted."""


@dataclass(frozen=True, slots=True)
class ReferenceReading:
    """The reference source in one frame."""

    state: ReferenceState
    """Whether it may be used."""
    box: Box | None = None
    """Where it is; excluded from face detection."""
    apparent_c: float | None = None
    """What the camera reads there, °C."""
    offset_c: float = 0.0
    """Expected minus apparent, smoothed, °C, at the source's own temperature.

    0 unless the camera's own view of it is healthy."""
    u_c: float = 0.0
    """Standard uncertainty of the offset, °C; 0 where there is none."""
    expected_c: float = 37.0
    """What a camera without error would read there, °C."""
    shift: float = field(init=False)
    """What to add to the band radiance of any pixel, W m^-2 sr^-1."""

    def __post_init__(self) -> None:
        shift = radiance(self.expected_c) - radiance(self.expected_c - self.offset_c)
        object.__setattr__(self, "shift", shift)

    @property
    def has_offset(self) -> bool:
        """Whether the camera sees the source well, whatever else forbids to measure by it."""
        return self.u_c > 0


@dataclass(frozen=True, slots=True)
class ReferenceTruth:
    """What the source truly is now, where it tells more than the settings."""

    temperature_c: float
    """Its temperature, °C."""
    u_c: float
    """Standard uncertainty of that, °C."""
    emissivity: float
    """The emissivity that the temperature holds for."""


@dataclass(frozen=True, slots=True)
class ReferenceLimits:
    """What the source is set to and what it must keep."""

    set_point_c: float
    """Its true temperature, °C."""
    set_point_u_c: float
    """Standard uncertainty of the set point, °C."""
    regions: tuple[tuple[float, float, float, float], ...]
    """Where it may be: (top, left, bottom, right) as fractions of the picture."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius as fractions of the picture's longer side."""
    band_c: float
    """Largest |apparent - set point| before the camera is distrusted, °C."""
    max_step_c: float
    """Largest change within a second that counts as steady, °C."""
    emissivity: float
    """Emissivity of the source in the camera's band."""


@dataclass(frozen=True, slots=True)
class _Disc:
    center: Point
    radius_px: int
    apparent_c: float
    contrast_c: float


# The disc must exceed its mount by this much in every direction. Mounts were seen 4 °C and more
# below the disc; the smallest leaves a disc of 37 °C visible in a hall of 35 °C.
_MIN_CONTRAST_C = 1.0
# Spatial standard deviation inside the disc: 9 to 30 mK of noise plus shading was seen.
_MAX_INNER_SD_C = 0.35
_FRAMES_TO_TRUST = 5
_FRAMES_OF_LEVEL = 9
_SHIFT_PX = 2
# Frames without the disc at its place before it is looked for elsewhere, then every so many frames:
# the whole picture is searched, which costs as much as everything else together.
_FRAMES_TO_SEARCH_AGAIN = 9
_FRAMES_BETWEEN_SEARCHES = 3
_SEARCH_LONGER_PX = 160
_DIRECTIONS = tuple(
    (float(np.sin(angle)), float(np.cos(angle))) for angle in np.arange(8) * np.pi / 4
)


class ReferenceTracker:
    """Follows the reference source of one camera, frame by frame."""

    def __init__(self, limits: ReferenceLimits) -> None:
        self._limits = limits
        self._written = ReferenceTruth(limits.set_point_c, limits.set_point_u_c, limits.emissivity)
        self._place: _Disc | None = None
        self._trusted: Point | None = None
        self._seen = 0
        self._missing = 0
        self._recent: deque[float] = deque(maxlen=_FRAMES_OF_LEVEL)

    def step(
        self, frame: ThermalFrame, ambient_c: float, truth: ReferenceTruth | None = None
    ) -> ReferenceReading:
        """Return the source's state in the next frame.

        Args:
            frame: the next frame, whatever its status.
            ambient_c: what the source reflects, °C.
            truth: what the source says that it is; None takes the limits' word.
        """
        if frame.status is FrameStatus.NOT_RADIOMETRIC:
            return ReferenceReading(ReferenceState.SEARCHING)
        disc = self._follow(frame.temperature_c)
        if disc is None:
            return self._unseen()
        self._missing = 0
        self._seen += 1
        return self._judge(disc, ambient_c, truth or self._written)

    def _follow(self, picture: NDArray[np.float32]) -> _Disc | None:
        if self._place is not None:
            disc = _refine(picture, self._place)
        elif self._missing % _FRAMES_BETWEEN_SEARCHES == 0:
            disc = find_disc(picture, self._limits)
            self._seen = 0
            self._recent.clear()
        else:
            disc = None
        if disc is not None:
            self._place = disc
        return disc

    def _unseen(self) -> ReferenceReading:
        self._missing += 1
        self._recent.clear()
        self._seen = 0
        if self._missing >= _FRAMES_TO_SEARCH_AGAIN or self._trusted is None:
            self._place = None
        return ReferenceReading(
            ReferenceState.SEARCHING if self._trusted is None else ReferenceState.LOST
        )

    def _judge(self, disc: _Disc, ambient_c: float, truth: ReferenceTruth) -> ReferenceReading:
        box = Box(
            disc.center[0] - disc.radius_px - 0.5,
            disc.center[1] - disc.radius_px - 0.5,
            disc.center[0] + disc.radius_px + 0.5,
            disc.center[1] + disc.radius_px + 0.5,
        )
        self._recent.append(disc.apparent_c)
        if max(self._recent) - min(self._recent) > self._limits.max_step_c:
            # After a step the old level means nothing: trust must be earned again.
            self._recent.clear()
            self._recent.append(disc.apparent_c)
            self._seen = 1
            return ReferenceReading(ReferenceState.UNSTABLE, box, disc.apparent_c)
        if self._seen < _FRAMES_TO_TRUST:
            state = ReferenceState.SEARCHING if self._trusted is None else ReferenceState.UNSTABLE
            return ReferenceReading(state, box, disc.apparent_c)
        if self._is_moved(disc):
            return ReferenceReading(ReferenceState.MOVED, box, disc.apparent_c)
        expected_c = _expected_c(truth.emissivity, truth.temperature_c, ambient_c)
        if abs(disc.apparent_c - expected_c) > self._limits.band_c:
            return ReferenceReading(ReferenceState.OUT_OF_BAND, box, disc.apparent_c)
        self._trusted = self._trusted or disc.center
        noise_u_c = standard_deviation(self._recent) / sqrt(len(self._recent))
        return ReferenceReading(
            ReferenceState.HEALTHY,
            box,
            disc.apparent_c,
            offset_c=expected_c - median(self._recent),
            u_c=hypot(truth.u_c, noise_u_c),
            expected_c=expected_c,
        )

    def _is_moved(self, disc: _Disc) -> bool:
        if self._trusted is None:
            return False
        dy, dx = disc.center[0] - self._trusted[0], disc.center[1] - self._trusted[1]
        return hypot(dy, dx) > disc.radius_px


@lru_cache(maxsize=8)
def _expected_c(emissivity: float, source_c: float, ambient_c: float) -> float:
    """Return what a camera without error reads; the same for as long as room and source stay."""
    return temperature_c(Surface(emissivity, ambient_c).seen(source_c))


def find_disc(picture: NDArray[np.float32], limits: ReferenceLimits) -> _Disc | None:
    """Return the clearest disc in the configured regions, or None.

    Large pictures are searched reduced, and the disc found is then placed in the whole one.

    Args:
        picture: apparent °C, float32, (rows, columns).
        limits: where and how large it may be.
    """
    factor = max(1, max(picture.shape) // _SEARCH_LONGER_PX)
    small = _reduced(picture, factor)
    longer = max(small.shape)
    smallest, largest = (max(2, round(f * longer)) for f in limits.radius_fraction)
    best: _Disc | None = None
    for top, left, bottom, right in limits.regions:
        rows = slice(round(top * small.shape[0]), round(bottom * small.shape[0]))
        columns = slice(round(left * small.shape[1]), round(right * small.shape[1]))
        for radius_px in range(smallest, largest + 1):
            disc = _best_of_radius(small, rows, columns, radius_px, limits)
            if disc is not None and (best is None or disc.contrast_c > best.contrast_c):
                best = disc
    if best is None or factor == 1:
        return best
    row, column = best.center[0] * factor, best.center[1] * factor
    whole = _Disc((row, column), best.radius_px * factor, best.apparent_c, best.contrast_c)
    return _refine(picture, whole, factor)


def _reduced(picture: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    if factor == 1:
        return picture
    rows, columns = (n // factor for n in picture.shape)
    whole = picture[: rows * factor, : columns * factor]
    means: NDArray[np.float32] = whole.reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    return means


def _best_of_radius(
    picture: NDArray[np.float32],
    rows: slice,
    columns: slice,
    radius_px: int,
    limits: ReferenceLimits,
) -> _Disc | None:
    """Score every center whose ring lies inside the picture and return the best one."""
    ring_px = radius_px + 2
    top, bottom = max(rows.start, ring_px), min(rows.stop, picture.shape[0] - ring_px)
    left, right = max(columns.start, ring_px), min(columns.stop, picture.shape[1] - ring_px)
    if top >= bottom or left >= right:
        return None
    inner_px = max(1, round(0.5 * radius_px))
    mean, sd = _inner_mean_and_sd(picture, (top, bottom), (left, right), inner_px)
    ring = np.full(mean.shape, -np.inf, dtype=np.float32)
    for dy, dx in _ring_steps(ring_px):
        np.maximum(ring, picture[top + dy : bottom + dy, left + dx : right + dx], out=ring)
    contrast = mean - ring
    fits = (sd < _MAX_INNER_SD_C) & (np.abs(mean - limits.set_point_c) < 1.5 * limits.band_c)
    contrast[~fits] = -np.inf
    row, column = divmod(int(contrast.argmax()), contrast.shape[1])
    if contrast[row, column] < _MIN_CONTRAST_C:
        return None
    return _Disc(
        (float(top + row) + 0.5, float(left + column) + 0.5),
        radius_px,
        float(mean[row, column]),
        float(contrast[row, column]),
    )


@cache
def _ring_steps(ring_px: int) -> tuple[tuple[int, int], ...]:
    """Return how far down and across from its center a ring is looked at."""
    return tuple((round(sine * ring_px), round(cosine * ring_px)) for sine, cosine in _DIRECTIONS)


def _inner_mean_and_sd(
    picture: NDArray[np.float32],
    rows: tuple[int, int],
    columns: tuple[int, int],
    inner_px: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and standard deviation of the square around each center."""
    part = picture[
        rows[0] - inner_px : rows[1] + inner_px, columns[0] - inner_px : columns[1] + inner_px
    ]
    # Around a value of the picture the squares keep enough digits for a deviation of 0.01 °C.
    middle = float(part[part.shape[0] // 2, part.shape[1] // 2])
    side = 2 * inner_px + 1
    values = np.empty((2, *part.shape))
    np.subtract(part, middle, out=values[0])
    np.multiply(values[0], values[0], out=values[1])
    mean, mean_square = _window_means(values, side)
    sd = np.sqrt(np.maximum(mean_square - mean * mean, 0))
    return (mean + middle).astype(np.float32), sd.astype(np.float32)


def _window_means(values: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Return the mean of every square of this side in each of several layers, by running sums."""
    layers, rows, columns = values.shape
    sums = np.zeros((layers, rows + 1, columns + 1))
    inner = sums[:, 1:, 1:]
    np.add.accumulate(values, axis=1, out=inner)
    np.add.accumulate(inner, axis=2, out=inner)
    lower, upper = sums[:, side:], sums[:, :-side]
    whole = lower[:, :, side:] - upper[:, :, side:] - lower[:, :, :-side] + upper[:, :, :-side]
    means: NDArray[np.float64] = whole / side**2
    return means


def _refine(picture: NDArray[np.float32], known: _Disc, shift_px: int = _SHIFT_PX) -> _Disc | None:
    """Look for a known disc within a few pixels of its place."""
    row, column = (int(v) for v in known.center)
    whole = ReferenceLimits(known.apparent_c, 0.0, (), (0.0, 0.0), np.inf, np.inf, 1.0)
    return _best_of_radius(
        picture,
        slice(row - shift_px, row + shift_px + 1),
        slice(column - shift_px, column + shift_px + 1),
        known.radius_px,
        whole,
    )
