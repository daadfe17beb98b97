"""One traveller's time in view: the readings add up to one answer."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot, sqrt
from uuid import UUID

from station.core.estimation import CANTHI, FACE, Sites
from station.core.extraction import Rejection, RejectReason, Site, SkinReading
from station.core.faces import Point
from station.core.reference import ReferenceState
from station.core.robust import standard_deviation
from station.core.screening import (
    Measurement,
    Outcome,
    Screening,
    ThresholdPolicy,
    decide,
    not_measured,
)

# Half the distance from the 16th to the 84th percentile is the standard deviation of normal noise;
# one outlier does not move it, two disagreeing groups do. The median's standard error is 1.2533 x
# SD / sqrt(n) (any statistics textbook).
_ONE_SD = (0.1587, 0.8413)
_MEDIAN_ERROR = 1.2533


# Glasses in every second frame are glasses: this share of the latest looks must be valid, and an
# answer falls when fewer than the lesser one are. A neighbour's face that was found in some frames
# was there in the others too.
_VALID_SHARE, _WITHDRAWN_SHARE = 0.75, 0.5
# Who walks away is seen ever more coarsely, and reads ever lower.
_NEARER = 1.1
_ALARM = {Outcome.NOT_MEASURED: 0, Outcome.BELOW: 1, Outcome.REPEAT: 2, Outcome.ABOVE: 3}
_ABOUT_THE_FACE = frozenset(
    {
        RejectReason.FACES_TOO_NEAR,
        RejectReason.GLASSES,
        RejectReason.COVERED_EYES,
        RejectReason.SUN_OR_REFLECTION,
        RejectReason.COLD_ARRIVAL,
        RejectReason.IMPLAUSIBLE,
    }
)


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """When readings are enough, and when they agree."""

    min_valid_frames: int
    """Valid frames before there is an answer."""
    window_frames: int
    """The latest valid frames that the median is taken over."""
    max_spread_c: float
    """Largest robust standard deviation of these frames, °C."""


@dataclass(slots=True)
class Visit:
    """One confirmed traveller's memory while in view."""

    passage_id: UUID
    """Key of the passage that it becomes."""
    limits: VisitLimits
    """When readings are enough."""
    last_at: datetime
    """When last seen, aware, UTC."""
    last_sequence: int
    """Frame number at last sight."""
    reference: ReferenceState = ReferenceState.SEARCHING
    """The reference source's state at last sight."""
    facing_frames: int = 0
    """Frames in which the face was near and turned to the camera."""
    screening: Screening | None = None
    """The answer so far."""
    is_flagged: bool = False
    """Whether the answer was ABOVE once; it then stays."""
    _readings: list[SkinReading] = field(default_factory=list)
    _recent: list[bool] = field(default_factory=list)
    _reasons: Counter[RejectReason] = field(default_factory=Counter)

    @property
    def point(self) -> Point | None:
        """(row, column) of the last valid reading."""
        return self._readings[-1].point if self._readings else None

    def sites(self) -> tuple[Sites, ...]:
        """Return what the latest readings saw of the face, corrected, if it is the canthi."""
        return tuple(
            {
                CANTHI: reading.skin_c,
                FACE: reading.skin_c + reading.temperatures.hottest.apparent_c - reading.apparent_c,
            }
            for reading in self._readings
            if reading.site is Site.INNER_CANTHUS
        )

    def take(self, result: SkinReading | Rejection, policy: ThresholdPolicy | None) -> None:
        """Add a frame's result and renew the answer."""
        if isinstance(result, Rejection):
            self._reasons[result.reason] += 1
            if result.reason in _ABOUT_THE_FACE:
                self._remember_look(is_valid=False)
                self._withdraw_if_doubtful()
            return
        self._remember_look(is_valid=True)
        self._add(result)
        del self._readings[: -self.limits.window_frames]
        is_mostly_valid = sum(self._recent) >= _VALID_SHARE * len(self._recent)
        is_enough = len(self._readings) >= self.limits.min_valid_frames
        if self.is_flagged or not is_mostly_valid or not is_enough:
            return
        combined = combine(self._readings, self.limits.max_spread_c)
        if isinstance(combined, RejectReason):
            # What was measured well before stays measured.
            if self.screening is None:
                self.screening = not_measured((combined,), policy)
        elif self._is_better(combined, policy):
            self.screening = decide(combined, policy)

    def _is_better(self, combined: Measurement, policy: ThresholdPolicy | None) -> bool:
        """Whether a new answer replaces the one so far: it is nearer, or it is more of an alarm."""
        known = self.screening.measurement if self.screening is not None else None
        if self.screening is None or known is None:
            return True
        if combined.mm_per_px <= _NEARER * known.mm_per_px:
            return True
        return _ALARM[decide(combined, policy).outcome] > _ALARM[self.screening.outcome]

    def _add(self, reading: SkinReading) -> None:
        """Add a reading; two sites never mix, and the canthus displaces the face's maximum."""
        has_canthi = any(r.site is Site.INNER_CANTHUS for r in self._readings)
        if reading.site is Site.INNER_CANTHUS and not has_canthi:
            self._readings.clear()
        if reading.site is Site.INNER_CANTHUS or not has_canthi:
            self._readings.append(reading)

    def _remember_look(self, *, is_valid: bool) -> None:
        self._recent.append(is_valid)
        del self._recent[: -self.limits.window_frames]

    def _withdraw_if_doubtful(self) -> None:
        """Take an answer back that nearer and finer looks contradict; a flag stays."""
        is_doubtful = sum(self._recent) < _WITHDRAWN_SHARE * self.limits.window_frames
        if len(self._recent) == self.limits.window_frames and is_doubtful and not self.is_flagged:
            self.screening = None
            self._readings.clear()

    def doubt(self) -> None:
        """Forget readings and answer: from now on the face might be somebody else's.

        A flag stays: whoever it was, somebody is to be checked.
        """
        self._readings.clear()
        self._recent.clear()
        self._reasons[RejectReason.FACES_TOO_NEAR] += 1
        if not self.is_flagged:
            self.screening = None

    def answer(self, policy: ThresholdPolicy | None) -> Screening:
        """Return the answer, or NOT_MEASURED with the reasons seen, the most frequent first."""
        if self.screening is not None:
            return self.screening
        reasons = tuple(reason for reason, _ in self._reasons.most_common())
        return not_measured(reasons or (RejectReason.TOO_FEW_FRAMES,), policy)


def combine(readings: list[SkinReading], max_spread_c: float) -> Measurement | RejectReason:
    """Return the median of a traveller's valid readings, or UNSTEADY if they disagree.

    Args:
        readings: at least one valid reading, oldest first.
        max_spread_c: largest robust standard deviation that still counts as one temperature, °C.
    """
    # Plain Python: on nine values it costs a tenth of numpy.
    values = sorted(reading.skin_c for reading in readings)
    median = _quantile(values, 0.5)
    if (_quantile(values, _ONE_SD[1]) - _quantile(values, _ONE_SD[0])) / 2 > max_spread_c:
        return RejectReason.UNSTEADY
    scatter = _MEDIAN_ERROR * standard_deviation(values) / sqrt(len(values))
    # The reading nearest the median stands for all: its site, its pixels, its budget.
    typical = min(readings, key=lambda reading: abs(reading.skin_c - median))
    return Measurement(
        skin_c=median,
        u_c=hypot(typical.u_c, scatter),
        site=typical.site,
        frame_count=len(values),
        mm_per_px=typical.mm_per_px,
        is_pre_screen=typical.is_pre_screen,
    )


def _quantile(ordered: list[float], share: float) -> float:
    """Return a quantile of ordered values, between two of them by straight line."""
    whole, part = divmod(share * (len(ordered) - 1), 1)
    low = ordered[int(whole)]
    return low + part * (ordered[min(int(whole) + 1, len(ordered) - 1)] - low)
