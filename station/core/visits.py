"""One traveller's time in view: the readings add up to one answer."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
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
# One frame alone turns nobody to the camera.
_CLEAR_FRAMES = 3
# So many frames at most a number waits until nobody is too near. (Chosen from crowds of the twin.)
_MOST_HIDDEN = 2
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
class _Looks:
    """What was seen of one face without a break."""

    screening: Screening | None = None
    readings: list[SkinReading] = field(default_factory=list)
    # Of the latest ones: why it was not valid, or None for a valid one.
    latest: list[RejectReason | None] = field(default_factory=list)
    reasons: Counter[RejectReason] = field(default_factory=Counter)

    def add(self, reading: SkinReading, most: int) -> None:
        """Add a reading; two sites never mix, and the canthus displaces the face's maximum."""
        readings, is_canthus = self.readings, reading.site is Site.INNER_CANTHUS
        has_canthi = bool(readings) and readings[0].site is Site.INNER_CANTHUS
        if is_canthus and not has_canthi:
            readings.clear()
        if is_canthus or not has_canthi:
            readings.append(reading)
        del readings[:-most]

    def renew(self, screening: Screening) -> None:
        """Take a new answer if it is nearer than the one so far, or more of an alarm."""
        new, known = screening.measurement, self.screening
        is_better = (
            known is None
            or known.measurement is None
            or (new is not None and new.mm_per_px <= _NEARER * known.measurement.mm_per_px)
            or _ALARM[screening.outcome] > _ALARM[known.outcome]
        )
        if is_better:
            self.screening = screening


@dataclass(slots=True)
class Visit:
    """One traveller's memory while in view, or that of a face that has no number yet."""

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
    clear_frames: int = 0
    """Frames in which it was turned to the camera beyond a doubt."""
    is_shown: bool = False
    """Whether its number was shown already on a face that was not in doubt."""
    hidden_frames: int = 0
    """Frames in which the number was not shown, because somebody was too near."""
    is_flagged: bool = False
    """Whether the answer was ABOVE once; it then stays."""
    first_at: datetime = field(init=False)
    """When first seen, aware, UTC."""
    first_sequence: int = field(init=False)
    """Frame number at first sight."""
    _looks: _Looks = field(default_factory=_Looks)
    # Those before a doubt: they may be somebody else's.
    _earlier: _Looks | None = None

    def __post_init__(self) -> None:
        self.first_at, self.first_sequence = self.last_at, self.last_sequence

    @property
    def screening(self) -> Screening | None:
        """The answer so far."""
        return self._looks.screening

    @property
    def is_measured(self) -> bool:
        """Whether the answer so far is a temperature."""
        return self.screening is not None and self.screening.measurement is not None

    @property
    def point(self) -> Point | None:
        """(row, column) of the last valid reading."""
        readings = self._looks.readings
        return readings[-1].point if readings else None

    def hides_number(self, result: SkinReading | Rejection) -> bool:
        """Whether a number is not shown yet: a box over two heads must not say whose it is."""
        is_near = isinstance(result, Rejection) and result.reason is RejectReason.FACES_TOO_NEAR
        if self.is_shown or not is_near or self.hidden_frames >= _MOST_HIDDEN:
            return False
        self.hidden_frames += 1
        return True

    def sites(self) -> tuple[Sites, ...]:
        """Return what the latest readings saw of the face, corrected, if it is the canthi."""
        return tuple(
            {
                CANTHI: reading.skin_c,
                FACE: reading.skin_c + reading.temperatures.hottest.apparent_c - reading.apparent_c,
            }
            for reading in self._looks.readings
            if reading.site is Site.INNER_CANTHUS
        )

    def take(self, result: SkinReading | Rejection, policy: ThresholdPolicy | None) -> None:
        """Add a frame's result and renew the answer."""
        looks = self._looks
        if isinstance(result, Rejection):
            looks.reasons[result.reason] += 1
            is_half_turned = result.reason is RejectReason.TURNED_AWAY and not self._has_faced()
            if is_half_turned or result.reason in _ABOUT_THE_FACE:
                self._remember_look(result.reason)
                self._withdraw_if_doubtful()
            return
        self._remember_look(None)
        looks.add(result, self.limits.window_frames)
        latest = self._latest()
        is_mostly_valid = latest.count(None) >= _VALID_SHARE * len(latest)
        is_enough = len(looks.readings) >= self.limits.min_valid_frames
        if self.is_flagged or not is_mostly_valid or not is_enough:
            return
        combined = combine(looks.readings, self.limits.max_spread_c)
        if not isinstance(combined, RejectReason):
            looks.renew(decide(combined, policy))
        elif looks.screening is None:
            # What was measured well before stays measured.
            looks.screening = not_measured((combined,), policy)

    def pass_over(self, reason: RejectReason) -> Rejection:
        """Let a frame say nothing of the face, but remember why; the answer stays as it is."""
        self._looks.reasons[reason] += 1
        return Rejection(reason)

    def _has_faced(self) -> bool:
        """Whether the face was ever turned clearly to the camera.

        If not, one that passes now for a turned face and now for a facing one is taken as turned.
        """
        return self.clear_frames >= _CLEAR_FRAMES

    def _remember_look(self, reason: RejectReason | None) -> None:
        self._looks.latest.append(reason)
        del self._looks.latest[: -self.limits.window_frames]

    def _latest(self) -> list[RejectReason | None]:
        """Return the latest looks that count: who faces the camera now had only turned to it."""
        latest = self._looks.latest
        if not self._has_faced():
            return latest
        return [reason for reason in latest if reason is not RejectReason.TURNED_AWAY]

    def _withdraw_if_doubtful(self) -> None:
        """Take an answer back that nearer and finer looks contradict; a flag stays."""
        looks, latest, window = self._looks, self._latest(), self.limits.window_frames
        is_doubtful = latest.count(None) < _WITHDRAWN_SHARE * window
        if len(latest) == window and is_doubtful and not self.is_flagged:
            looks.screening = None
            looks.readings.clear()

    def doubt(self, *, is_mixed: bool = True) -> None:
        """Put aside what was seen: from now on the face might be somebody else's.

        What is seen from now on is one face's again, and answers for it. A flag stays: whoever it
        was, somebody is to be checked.

        Args:
            is_mixed: whether even this frame's face may be either of two; then what was seen since
                an earlier doubt counts no more.
        """
        if self.is_flagged:
            return
        if self._earlier is None:
            self._earlier, self._looks = self._looks, _Looks()
        elif is_mixed:
            self._looks = _Looks(reasons=self._looks.reasons)

    def trust(self) -> None:
        """Take up again what was put aside: the face has proved to be the same."""
        if self._earlier is None:
            return
        before, since, self._earlier = self._earlier, self._looks, None
        self._looks = before
        self._add_looks(since)

    def part(self) -> None:
        """Answer with what was seen before the doubt: what was seen since is somebody else's."""
        self._looks, self._earlier = self._earlier or self._looks, None

    def begin(self) -> None:
        """Have a number from now on: what was seen before a doubt may be somebody else's."""
        self._earlier = None

    def join(self, other: "Visit") -> None:
        """Add what was seen of the same face while it had no number."""
        self._add_looks(other._looks)  # noqa: SLF001 - another visit's
        self.is_flagged |= other.is_flagged
        self.clear_frames += other.clear_frames

    def _add_looks(self, since: _Looks) -> None:
        looks, window = self._looks, self.limits.window_frames
        looks.reasons.update(since.reasons)
        looks.latest = (looks.latest + since.latest)[-window:]
        for reading in since.readings:
            looks.add(reading, window)
        if since.screening is not None and not self.is_flagged:
            looks.renew(since.screening)

    def answer(self, policy: ThresholdPolicy | None) -> Screening:
        """Return the answer, or NOT_MEASURED with the reasons seen, the most frequent first."""
        if self.screening is not None:
            return self.screening
        seen = self._looks.reasons
        if self._earlier is not None:
            seen = seen + self._earlier.reasons
            seen[RejectReason.FACES_TOO_NEAR] += 1
        reasons = tuple(reason for reason, _ in seen.most_common())
        return not_measured(reasons or (RejectReason.TOO_FEW_FRAMES,), policy)


def combine(readings: list[SkinReading], max_spread_c: float) -> Measurement | RejectReason:
    """Return the median of a traveller's valid readings, or UNSTEADY if they disagree.

    Args:
        readings: at least one valid reading, oldest first.
        max_spread_c: largest robust standard deviation that still counts as one temperature, °C.
    """
    # Plain Python: on nine values it costs a tenth of numpy.
    values = sorted([reading.skin_c for reading in readings])
    low, median, high = (
        values[below] + share * (values[above] - values[below])
        for below, above, share in _quantiles(len(values))
    )
    if (high - low) / 2 > max_spread_c:
        return RejectReason.UNSTEADY
    scatter = _MEDIAN_ERROR * standard_deviation(values) / sqrt(len(values))
    # The reading nearest the median stands for all: its site, its pixels, its budget.
    away = [abs(reading.skin_c - median) for reading in readings]
    typical = readings[away.index(min(away))]
    return Measurement(
        skin_c=median,
        u_c=hypot(typical.u_c, scatter),
        site=typical.site,
        frame_count=len(values),
        mm_per_px=typical.mm_per_px,
        is_pre_screen=typical.is_pre_screen,
    )


@cache
def _quantiles(count: int) -> tuple[tuple[int, int, float], ...]:
    """Return where the lower quantile, the median and the upper one lie in ordered values.

    Each as the places of the values below and above it, and its share of the way between them.
    """
    places = (divmod(share * (count - 1), 1) for share in (_ONE_SD[0], 0.5, _ONE_SD[1]))
    return tuple((int(whole), min(int(whole) + 1, count - 1), share) for whole, share in places)
