"""What staff of one checkpoint are told: the threshold, or the watch's warning against the crowd.

Few people pass in one clip, so the crowd before them is not filmed. Its canthi come with the clip,
and each was read as far from the truth as one of those who were filmed: the source's set point,
the camera and the room are the same for all of one checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from station.core.cohort import Cohort, CrowdLimits
from station.core.screening import Outcome

_BEGIN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_EVERY = timedelta(seconds=8)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was said of one person, and what is true."""

    highest_c: float
    """The highest answer over time, °C."""
    last_c: float
    """The last answer, °C."""
    canthus_c: float
    """Skin temperature of the hotter inner canthus, °C."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One shift at one camera."""

    earlier_canthus_c: Sequence[float] = ()
    """Canthi of those who passed before, °C."""
    answers: list[Answer] = field(default_factory=list)
    """Those who were filmed and measured, in their order."""

    def warned(self, limits: CrowdLimits, threshold_c: float) -> frozenset[Answer]:
        """Return whom the watch would warn of if the threshold were this one.

        Args:
            limits: what the watch rests on.
            threshold_c: whoever reaches it does not become the norm, °C.
        """
        cohort, at = Cohort(limits), _BEGIN
        errors_c = [answer.last_c - answer.canthus_c for answer in self.answers]
        if not errors_c:
            return frozenset()
        for i, canthus_c in enumerate(self.earlier_canthus_c):
            skin_c = canthus_c + errors_c[i % len(errors_c)]
            cohort.take(skin_c, _outcome(skin_c, threshold_c), at)
            at += _EVERY
        warned = []
        for answer in self.answers:
            if cohort.warning(answer.highest_c, at) is not None:
                warned.append(answer)
            cohort.take(answer.last_c, _outcome(answer.highest_c, threshold_c), at)
            at += _EVERY
        return frozenset(warned)


def _outcome(skin_c: float, threshold_c: float) -> Outcome:
    return Outcome.ABOVE if skin_c >= threshold_c else Outcome.BELOW
