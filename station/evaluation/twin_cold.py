"""What becomes of febrile people who come in cold: a fixed threshold against rest."""

from dataclasses import dataclass, field

from station.core.extraction import RejectReason
from station.evaluation.twin_runs import Row, Run
from station.evaluation.twin_screening import peak_c

_CUT_BAR = 0.80


@dataclass(frozen=True, slots=True)
class _Look:
    """One passage of one person."""

    highest_c: float | None
    is_let_go: bool
    is_sent_to_rest: bool


@dataclass(slots=True)
class ColdJudge:
    """Febrile people from the cold: a fixed threshold against rest and a second look.

    Args of its constructor: the threshold that both use.
    """

    threshold_c: float
    """Skin threshold, °C."""
    fixed_c: dict[str, float | None] = field(default_factory=dict)
    """By person: the highest answer of a lane that knows nothing of the cold."""
    looks: dict[str, list[_Look]] = field(default_factory=dict)
    """By person: at arrival and after the rest."""

    def take_fixed(self, run: Run) -> None:
        """Add an arrival as a lane without outdoor sensor saw it."""
        if run.facts["visit"] == 0:
            self.fixed_c[_person(run)] = max(peak_c(run).values(), default=None)

    def take(self, run: Run) -> None:
        """Add an arrival, or the return after the rest."""
        screenings = [ended.passage.screening for ended in run.ended]
        look = _Look(
            highest_c=max(peak_c(run).values(), default=None),
            is_let_go=any(s.measurement is not None for s in screenings),
            is_sent_to_rest=any(RejectReason.COLD_ARRIVAL in s.reasons for s in screenings),
        )
        self.looks.setdefault(_person(run), []).append(look)

    def rows(self) -> list[Row]:
        """Return the figures."""
        known = [name for name, value in self.fixed_c.items() if value is not None]
        fixed = sum((self.fixed_c[name] or 0.0) < self.threshold_c for name in known)
        missed = [name for name in known if self._is_missed(name)]
        sent = sum(self.looks[name][0].is_sent_to_rest for name in known)
        what = f"febrile cold arrivals below {self.threshold_c:.1f} °C, cut"
        if not fixed:
            return [Row("cold_cut", what, None, "a fixed threshold missed nobody", "", None)]
        cut = 1 - len(missed) / fixed
        return [
            Row(
                "cold_cut",
                what,
                cut,
                f"{cut:.0%}: {fixed} missed by a fixed threshold, {len(missed)} with rest "
                f"({len(known)} people, {sent} sent to rest)",
                f">= {_CUT_BAR:.0%}",
                cut >= _CUT_BAR,
            )
        ]

    def _is_missed(self, name: str) -> bool:
        """Whether somebody was told below the threshold and let go."""
        for look in self.looks[name]:
            if look.highest_c is not None and look.highest_c >= self.threshold_c:
                return False
            if look.is_let_go:
                return True
            if not look.is_sent_to_rest:
                # Not measured for another reason: staff use the thermometer.
                return False
        return False


def _person(run: Run) -> str:
    return f"{run.facts['group']}/{run.facts['person']}"
