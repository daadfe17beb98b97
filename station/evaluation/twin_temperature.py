"""How right readings are: a plate through the reference, canthi, and the stated uncertainty."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from station.core.extraction import Site
from station.core.radiance import Surface, radiance
from station.core.reference import ReferenceState
from station.core.uncertainty import COVERAGE_FACTOR
from station.evaluation.twin_runs import Row, Run, owners, person_at, readings

_PATCH_BAR_C, _BIAS_BAR_C, _FINE_MM_PER_PX = 0.15, 0.20, 1.0
_COVERAGE_BAR = (0.93, 0.97)
_SCALES_MM_PER_PX = (0.0, 1.0, 1.25, 1.5, 2.0, 3.0, 99.0)
_LEAST_PASSAGES = 20


@dataclass(slots=True)
class PatchJudge:
    """A plate like skin, corrected by the reference as a face is.

    Args of its constructor: the emissivity that the station assumes.
    """

    skin_emissivity: float
    """What the station assumes of skin."""
    errors_c: list[float] = field(default_factory=list)
    """Corrected minus true, each healthy frame."""
    clips: int = 0
    """Rooms."""

    def take(self, run: Run) -> None:
        """Add one room."""
        self.clips += 1
        skin = Surface(self.skin_emissivity, run.room.ambient_c)
        for moment in run.moments:
            reference = moment.step.reference
            if reference.state is ReferenceState.HEALTHY:
                seen = radiance(moment.middle_c) + reference.shift
                self.errors_c.append(skin.true_c(seen) - float(run.facts["patch_c"]))

    def rows(self) -> list[Row]:
        """Return the figures."""
        if not self.errors_c:
            return [Row("patch_p95_c", "corrected plate", None, "never measured", "", False)]
        errors = np.array(self.errors_c)
        p95 = float(np.quantile(np.abs(errors), 0.95))
        return [
            Row(
                "patch_p95_c",
                "corrected plate, 18-32 °C, 15-80 %, 1 °C/h: 95 % of errors within",
                p95,
                f"{p95:.3f} °C (bias {errors.mean():+.3f}, SD {errors.std():.3f}, "
                f"{self.clips} rooms)",
                f"<= {_PATCH_BAR_C:.2f} °C",
                p95 <= _PATCH_BAR_C,
            )
        ]


@dataclass(slots=True)
class SkinJudge:
    """Readings and answers of mixed scenes against the true canthus."""

    readings_c: list[tuple[float, float]] = field(default_factory=list)
    """(true mm a pixel, reading minus truth) of each valid canthus reading."""
    passages: dict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By site: (answer minus truth, standard uncertainty) of each measured traveller."""
    scales: list[tuple[float, float, float]] = field(default_factory=list)
    """(the station's mm a pixel, error, standard uncertainty) of each measured traveller."""
    travellers: int = 0
    """Everybody who was counted."""

    def take(self, run: Run) -> None:
        """Add one scene."""
        for moment, _, reading in readings(run):
            who = person_at(reading.point, moment.people)
            if who is not None and reading.site is Site.INNER_CANTHUS:
                self.readings_c.append((who.mm_per_px, reading.skin_c - who.canthus_c))
        truth = {who.name: who.canthus_c for moment in run.moments for who in moment.people}
        owned = owners(run)
        for ended in run.ended:
            self.travellers += 1
            measured = ended.passage.screening.measurement
            name = owned.get(ended.passage.traveller)
            if measured is None or name is None:
                continue
            error_c = measured.skin_c - truth[name]
            self.passages[measured.site.value].append((error_c, measured.u_c))
            self.scales.append((measured.mm_per_px, error_c, measured.u_c))

    def rows(self) -> list[Row]:
        """Return the figures."""
        fine = np.array([e for scale, e in self.readings_c if scale <= _FINE_MM_PER_PX])
        everybody = [pair for pairs in self.passages.values() for pair in pairs]
        rows = [_bias_row(fine), _coverage_row(everybody)]
        for site, pairs in sorted(self.passages.items()):
            errors = np.array([error for error, _ in pairs])
            rows.append(
                Row(
                    f"coverage_{site}",
                    f"  of these, site {site}",
                    _coverage(pairs),
                    f"{_coverage(pairs):.1%} of {len(pairs)}, bias {errors.mean():+.2f} °C, "
                    f"SD {errors.std():.2f}",
                )
            )
        for low, high in pairwise(_SCALES_MM_PER_PX):
            part = [(e, u) for scale, e, u in self.scales if low < scale <= high]
            if part:
                errors, u_c = np.array(part).T
                rows.append(
                    Row(
                        f"answers_{low:g}_{high:g}",
                        f"  answers at {low:g} to {high:g} mm a pixel",
                        float(errors.mean()),
                        f"bias {errors.mean():+.2f} °C, SD {errors.std():.2f}, stated u "
                        f"{u_c.mean():.2f}, covered {_coverage(part):.0%} of {len(part)}",
                    )
                )
        share = len(everybody) / max(self.travellers, 1)
        rows.append(
            Row(
                "faces_measured",
                "  travellers of the mixed scenes with an answer",
                share,
                f"{share:.0%} of {self.travellers}",
            )
        )
        return rows


def _bias_row(errors: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Row:
    what = f"canthus bias at <= {_FINE_MM_PER_PX:g} mm a pixel"
    bar = f"|bias| <= {_BIAS_BAR_C:.2f} °C"
    if not errors.size:
        return Row("canthus_bias_c", what, None, "no reading", bar, False)
    bias = float(errors.mean())
    text = f"{bias:+.3f} °C (SD {errors.std():.3f}, {errors.size} readings)"
    return Row("canthus_bias_c", what, bias, text, bar, abs(bias) <= _BIAS_BAR_C)


def _coverage_row(pairs: list[tuple[float, float]]) -> Row:
    low, high = _COVERAGE_BAR
    what, bar = "answers within ±u (k=2), mixed scenes", f"{low:.0%} to {high:.0%}"
    if len(pairs) < _LEAST_PASSAGES:
        return Row("coverage", what, None, f"only {len(pairs)} answers", bar, False)
    share = _coverage(pairs)
    return Row("coverage", what, share, f"{share:.1%} of {len(pairs)}", bar, low <= share <= high)


def _coverage(pairs: list[tuple[float, float]]) -> float:
    return sum(abs(error) <= COVERAGE_FACTOR * u for error, u in pairs) / len(pairs)
