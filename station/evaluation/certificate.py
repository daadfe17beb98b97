"""The linearity certificate: what stands on it, and its figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from station.core.linearity import (
    MAX_DEVIATION_C,
    SLOPE_LIMITS,
    Judgement,
    MissedStep,
    Step,
    Verdict,
)
from station.core.uncertainty import COVERAGE_FACTOR

STATEMENT = (
    "A linearity check made by the user with the user's own sources. It is no calibration and no "
    "claim of conformity with any standard; it says nothing about anybody's health."
)
"""What the certificate is not."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything that stands on the page."""

    judgement: Judgement
    """The verdict and its figures."""
    steps: tuple[Step, ...]
    """What was measured."""
    missed: tuple[MissedStep, ...]
    """What was not."""
    facts: tuple[tuple[str, str], ...]
    """Name and value of all that identifies the check: camera, site, sources, software."""
    finished_at: datetime
    """When the sweep ended, aware."""
    is_whole: bool
    """Whether it was the whole sweep, 34 to 41 °C in steps of at most 0.25 °C."""


def summary(judgement: Judgement) -> list[str]:
    """Return the figures in the words that page and terminal share."""
    lines = []
    if judgement.slope is not None:
        low, high = SLOPE_LIMITS
        lines.append(f"slope {judgement.slope:.4f} (limits {low:g} to {high:g})")
    if judgement.max_deviation_c is not None:
        lines.append(
            f"largest deviation {judgement.max_deviation_c:+.3f} °C at "
            f"{judgement.max_deviation_at_c:.2f} °C (limit ±{MAX_DEVIATION_C:g} °C)"
        )
    if judgement.residual_sd_c is not None:
        lines.append(f"residual SD {judgement.residual_sd_c:.3f} °C")
    return lines


def notes(judgement: Judgement) -> list[str]:
    """Return what somebody must know to understand the verdict."""
    if judgement.verdict is not Verdict.NORMALISING:
        return []
    return [
        "A reference source near 37 °C cannot notice this: there such a camera is right. Its "
        "readings of febrile people come out normal."
    ]


def uncertainty_lines(steps: Sequence[Step]) -> list[str]:
    """Return how sure the steps are, expanded (k=2)."""
    if not steps:
        return []
    noise_c = COVERAGE_FACTOR * max(step.noise_u_c for step in steps)
    level_c = COVERAGE_FACTOR * max(step.level_u_c for step in steps)
    lines = [
        f"Uncertainty (k=2): ±{noise_c:.3f} °C for one step against the others; ±{level_c:.2f} °C "
        "for all steps together (both sources and the room)."
    ]
    if level_c > MAX_DEVIATION_C:
        lines.append(
            f"The sources are less certain than the limit of ±{MAX_DEVIATION_C:g} °C: slope and "
            "shape are proved, the absolute level only as far as the sources agree."
        )
    return lines
