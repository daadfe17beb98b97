"""How a camera has done over the last minutes: what a technician sees as curves."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from station.core.extraction import RejectReason
from station.core.frame_figures import FrameFiguresMeter
from station.core.frames import FrameStatus, ThermalFrame
from station.core.reference import ReferenceReading, ReferenceState

POINT_S = 5.0
"""Seconds that one point of a curve stands for."""
POINTS = 240
"""Points that are kept: twenty minutes."""
_SHUTTERS = 20
# A shutter correction's hold-off lasts seconds; what begins again sooner is the same one.
_SAME_SHUTTER_S = 1.0


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Some seconds of a camera."""

    at: datetime
    """When they ended, aware, UTC."""
    reference_c: float | None
    """Mean of what the camera reads of the reference source minus what it should, °C; None while
    the source is not usable."""
    spread_c: float | None
    """Standard deviation of that, °C."""
    noise_c: float | None
    """Median noise of a pixel from frame to frame (about the NETD where nothing moves), °C."""
    rate_hz: float | None
    """Frames a second."""
    gaps: int
    """How often a frame was missing or late."""
    frames: int
    """How many frames came."""


@dataclass(frozen=True, slots=True)
class CameraTrend:
    """What is known of a camera's last minutes."""

    camera_id: str
    """Its name in the settings."""
    lane: str
    """Its lane."""
    reference: ReferenceState
    """How the reference source is seen now."""
    points: tuple[TrendPoint, ...]
    """The oldest first."""
    shutters: tuple[datetime, ...]
    """When its latest shutter corrections were noticed, aware, UTC, the oldest first."""


class CameraTrendMeter:
    """Takes every frame of one camera with what its lane found in it.

    Args:
        camera_id: the camera's name.
        lane: its lane.
    """

    def __init__(self, camera_id: str, lane: str) -> None:
        self._camera_id = camera_id
        self._lane = lane
        self._meter = FrameFiguresMeter()
        self._points: deque[TrendPoint] = deque(maxlen=POINTS)
        self._shutters: deque[datetime] = deque(maxlen=_SHUTTERS)
        self._errors_c: list[float] = []
        self._begun_s: float | None = None
        self._shutter_s: float | None = None
        self._gaps = self._frames = 0
        self._reference = ReferenceState.SEARCHING

    def take(
        self, frame: ThermalFrame, reference: ReferenceReading, blocked: RejectReason | None
    ) -> bool:
        """Count one frame and return whether a point has just been completed.

        Args:
            frame: the frame.
            reference: the reference source in it.
            blocked: why nothing of it is measured, if so.
        """
        self._meter.take(frame)
        self._reference = reference.state
        if reference.has_offset and reference.apparent_c is not None:
            self._errors_c.append(reference.apparent_c - reference.expected_c)
        if frame.status is FrameStatus.SHUTTER or blocked is RejectReason.SHUTTER:
            self._note_shutter(frame)
        if self._begun_s is None:
            self._begun_s = frame.monotonic_s
        if frame.monotonic_s - self._begun_s < POINT_S:
            return False
        self._points.append(self._point(frame))
        self._begun_s, self._errors_c = frame.monotonic_s, []
        return True

    def trend(self) -> CameraTrend:
        """Return what is known now."""
        return CameraTrend(
            self._camera_id,
            self._lane,
            self._reference,
            tuple(self._points),
            tuple(self._shutters),
        )

    def _note_shutter(self, frame: ThermalFrame) -> None:
        last_s, self._shutter_s = self._shutter_s, frame.monotonic_s
        if last_s is None or frame.monotonic_s - last_s > _SAME_SHUTTER_S:
            self._shutters.append(frame.captured_at)

    def _point(self, frame: ThermalFrame) -> TrendPoint:
        figures = self._meter.figures()
        gaps, frames = figures.gaps - self._gaps, figures.frames - self._frames
        self._gaps, self._frames = figures.gaps, figures.frames
        mean_c, spread_c = _mean_and_spread(self._errors_c)
        return TrendPoint(
            frame.captured_at, mean_c, spread_c, figures.noise_c, figures.rate_hz, gaps, frames
        )


def _mean_and_spread(values: list[float]) -> tuple[float | None, float | None]:
    if not values:
        return None, None
    mean = sum(values) / len(values)
    return mean, sqrt(sum((value - mean) ** 2 for value in values) / len(values))
