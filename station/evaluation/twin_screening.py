"""Sensitivity and specificity by threshold, and what the watch against the crowd adds."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from station.core.cohort import CrowdLimits
from station.evaluation.twin_crowd import Answer, Checkpoint
from station.evaluation.twin_runs import Row, Run, passers

# Between the two lies what is neither: counted apart. On volunteers' canthi (Wang et al. 2023,
# PhysioNet) a specificity of 99.5 % below 37.5 °C leaves a sensitivity of 92 to 96 % from 38.0 °C
# on; counted below 38.0 °C it leaves 60 %.
_FEVER_C, _HEALTHY_C = 38.0, 37.5
_SENSITIVITY_BAR, _SPECIFICITY_BAR = 0.90, 0.995
_SWEEP_C = tuple(float(t) for t in np.arange(35.8, 37.21, 0.1).round(1))
# Who is seen so well in fewer frames was hidden all the way: no camera can count them.
_LEAST_VISIBLE, _LEAST_FRAMES = 0.6, 3


def peak_c(run: Run) -> dict[UUID, float]:
    """Return each passage's highest answer over time, °C: it is flagged up to that threshold."""
    shown = [(f.passage_id, f.screening) for m in run.moments for f in m.step.faces]
    ends = [(e.passage.passage_id, e.passage.screening) for e in run.ended]
    peaks: dict[UUID, float] = {}
    for key, screening in (*shown, *ends):
        if key is not None and screening is not None and screening.measurement is not None:
            skin_c = screening.measurement.skin_c
            peaks[key] = max(peaks.get(key, skin_c), skin_c)
    return peaks


_OTHER_RULES = {
    "last_c": "by the last answer alone",
    "canthus_c": "if the true canthus were known: the most that a threshold on skin can do",
}


@dataclass(slots=True)
class ScreeningJudge:
    """People with and without fever, indoors.

    Args of its constructor: the threshold of the policy in force, and what the watch rests on.
    """

    threshold_c: float
    """The policy's skin threshold, °C."""
    crowd: CrowdLimits
    """When the watch against the crowd warns."""
    febrile: list[Answer] = field(default_factory=list)
    """People of 38.0 °C or more."""
    afebrile: list[Answer] = field(default_factory=list)
    """People below 37.5 °C."""
    between: list[Answer] = field(default_factory=list)
    """The others."""
    checkpoints: list[Checkpoint] = field(default_factory=list)
    """Each shift, for what the watch says beside the threshold."""
    unmeasured: Counter[str] = field(default_factory=Counter)
    """People in view without an answer, by the main reason: they get the thermometer."""
    people: int = 0
    """Everybody who came into view."""
    febrile_asked: int = 0
    """People of 38.0 °C or more who were not measured, and are asked to come again."""
    febrile_unseen: int = 0
    """People of 38.0 °C or more of whom there is no passage at all."""

    def take(self, run: Run) -> None:
        """Add one shift."""
        true = {who.name: who for moment in run.moments for who in moment.people}
        peaks, owned = peak_c(run), passers(run)
        lasts = {e.passage.passage_id: e.passage.screening.measurement for e in run.ended}
        answers: dict[str, Answer] = {}
        for key, name in owned.items():
            if key not in peaks:
                continue
            last = lasts.get(key)
            last_c = peaks[key] if last is None else last.skin_c
            answer = Answer(peaks[key], last_c, true[name].canthus_c)
            if name not in answers or answers[name].highest_c < answer.highest_c:
                answers[name] = answer
        earlier_c = run.facts.get("earlier_canthus_c", ())
        self.checkpoints.append(Checkpoint(earlier_c, list(answers.values())))
        self.people += len(true)
        asked = self._count_unmeasured(run, true.keys() - answers.keys())
        for name, who in true.items():
            is_febrile, is_healthy = who.core_c >= _FEVER_C, who.core_c < _HEALTHY_C
            if name not in answers:
                self.febrile_asked += is_febrile and name in asked
                self.febrile_unseen += is_febrile and name not in asked
                continue
            group = self.febrile if is_febrile else self.afebrile if is_healthy else self.between
            group.append(answers[name])

    def _count_unmeasured(self, run: Run, names: Set[str]) -> set[str]:
        """Count by reason who has no answer, and return those who are asked to come again."""
        owned = passers(run)
        said = {
            owned.get(ended.passage.passage_id): ended.passage.screening.reasons
            for ended in run.ended
        }
        well_seen = Counter(
            who.name for m in run.moments for who in m.people if who.visible >= _LEAST_VISIBLE
        )
        for name in names:
            reasons = said.get(name)
            unseen = "hidden" if well_seen[name] < _LEAST_FRAMES else "never_counted"
            self.unmeasured[reasons[0].value if reasons else unseen] += 1
        return {name for name in names if said.get(name)}

    def at(self, threshold_c: float) -> tuple[float, float]:
        """Return sensitivity and specificity of one threshold, whenever it is reached."""
        febrile, afebrile = self._values("highest_c")
        return float(np.mean(febrile >= threshold_c)), float(np.mean(afebrile < threshold_c))

    def _values(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        febrile, afebrile = (
            np.array([getattr(a, name) for a in group]) for group in (self.febrile, self.afebrile)
        )
        return febrile, afebrile

    @property
    def _all_febrile(self) -> int:
        return len(self.febrile) + self.febrile_asked + self.febrile_unseen

    def _flagged_between(self, threshold_c: float) -> str:
        flagged = sum(answer.highest_c >= threshold_c for answer in self.between)
        return f"{flagged} of {len(self.between)}"

    def _stopped(self, threshold_c: float) -> Row:
        """Return how many of all febrile people do not walk on: flagged, or asked to come again."""
        flagged = sum(answer.highest_c >= threshold_c for answer in self.febrile)
        below = len(self.febrile) - flagged
        stopped = (flagged + self.febrile_asked) / self._all_febrile
        return Row(
            "febrile_stopped",
            "  of all febrile people, flagged or asked to come again",
            stopped,
            f"{stopped:.1%}: {flagged} flagged, {self.febrile_asked} asked, {below} below, "
            f"{self.febrile_unseen} without a passage",
        )

    def _best(self, name: str) -> tuple[float, float, float]:
        """Return the lowest threshold that is specific enough, its sensitivity, specificity."""
        febrile, afebrile = self._values(name)
        candidates = np.unique([*_SWEEP_C, *(afebrile + 0.005).round(2), self.threshold_c])
        fit = [t for t in candidates if np.mean(afebrile < t) >= _SPECIFICITY_BAR]
        best_c = float(min(fit, default=candidates.max()))
        return best_c, float(np.mean(febrile >= best_c)), float(np.mean(afebrile < best_c))

    def _told(self, least_c: float) -> Row:
        """Return how many are stopped who reach a threshold or are warned of.

        A warning costs specificity too: the lowest threshold that leaves enough of it.
        """
        _, afebrile = self._values("highest_c")
        for threshold_c in sorted({least_c, *(afebrile[afebrile >= least_c] + 0.005).round(2)}):
            warned = self._warned(threshold_c)
            sensitivity, stopped = (
                float(np.mean([a.highest_c >= threshold_c or a in warned for a in group]))
                for group in (self.febrile, self.afebrile)
            )
            specificity = 1 - stopped
            if specificity >= _SPECIFICITY_BAR:
                break
        febrile, others = (sum(a in warned for a in g) for g in (self.febrile, self.afebrile))
        stopped_febrile = sensitivity * len(self.febrile) + self.febrile_asked
        return Row(
            "sensitivity_told",
            "  as staff are told: the threshold, or the watch's warning against 150 earlier people",
            sensitivity,
            f"{sensitivity:.1%} at {threshold_c:.2f} °C (specificity {specificity:.1%}; the watch "
            f"warns of {febrile} febrile and {others} not; of all febrile people "
            f"{stopped_febrile / self._all_febrile:.1%} are stopped)",
            f">= {_SENSITIVITY_BAR:.0%}",
            sensitivity >= _SENSITIVITY_BAR and specificity >= _SPECIFICITY_BAR,
        )

    def _warned(self, threshold_c: float) -> frozenset[Answer]:
        """Return whom the watch of each checkpoint warns of."""
        shifts = (shift.warned(self.crowd, threshold_c) for shift in self.checkpoints)
        return frozenset[Answer]().union(*shifts)

    def rows(self) -> list[Row]:
        """Return the figures: the best threshold, the policy's own, and the sweep."""
        what = (
            "the threshold alone: sensitivity (core >= 38.0 °C) at specificity >= 99.5 % "
            "(core < 37.5 °C)"
        )
        bar = f">= {_SENSITIVITY_BAR:.0%}"
        if not self.febrile or not self.afebrile:
            return [Row("sensitivity", what, None, "nobody measured", bar, False)]
        best_c, sensitivity, specificity = self._best("highest_c")
        alone = Row(
            "sensitivity",
            what,
            sensitivity,
            f"{sensitivity:.1%} at a threshold of {best_c:.2f} °C "
            f"(specificity {specificity:.1%}; {len(self.febrile)} febrile, "
            f"{len(self.afebrile)} not, {self._flagged_between(best_c)} between flagged, "
            f"{self.unmeasured.total()} of {self.people} not measured)",
            bar,
            sensitivity >= _SENSITIVITY_BAR and specificity >= _SPECIFICITY_BAR,
        )
        return [
            alone,
            self._told(best_c),
            self._not_measured(),
            self._stopped(best_c),
            *(self._by_other_rule(name, which) for name, which in _OTHER_RULES.items()),
            *(self._swept(threshold_c) for threshold_c in sorted({*_SWEEP_C, self.threshold_c})),
        ]

    def _not_measured(self) -> Row:
        return Row(
            "not_measured",
            "  not measured, by main reason",
            self.unmeasured.total() / self.people,
            ", ".join(f"{name} {n}" for name, n in self.unmeasured.most_common()) or "nobody",
        )

    def _by_other_rule(self, name: str, which: str) -> Row:
        best_c, sensitivity, specificity = self._best(name)
        return Row(
            f"sensitivity_{name.removesuffix('_c')}",
            f"  {which}",
            sensitivity,
            f"{sensitivity:.1%} at {best_c:.2f} °C (specificity {specificity:.1%})",
        )

    def _swept(self, threshold_c: float) -> Row:
        sensitivity, specificity = self.at(threshold_c)
        own = ", the policy in force" if threshold_c == self.threshold_c else ""
        return Row(
            f"threshold_{threshold_c:.2f}",
            f"  at {threshold_c:.1f} °C{own}",
            sensitivity,
            f"sensitivity {sensitivity:.1%}, specificity {specificity:.1%}",
        )
