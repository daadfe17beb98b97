"""The decision: a reading against a dated threshold policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from station.core.estimation import OralEstimate
from station.core.extraction import RejectReason, Site


class Outcome(StrEnum):
    """What the thermograph says of one traveller. There is no `PASS`."""

    BELOW = "below"
    """Measured, and below the threshold by more than the guard band."""
    ABOVE = "above"
    """Measured, and at the threshold or above: a second check is needed."""
    REPEAT = "repeat"
    """Measured, but inside the guard band below the threshold: measure again."""
    NOT_MEASURED = "not_measured"
    """Not measured, for a named reason: staff use the thermometer."""


class Comparison(StrEnum):
    """Whether the threshold itself belongs to the flagged side."""

    AT_OR_ABOVE = ">="
    """The threshold temperature itself is flagged."""
    ABOVE = ">"
    """Only temperatures above the threshold are flagged."""

    def is_reached(self, value_c: float, threshold_c: float) -> bool:
        """Return whether `value_c` counts as reaching `threshold_c`, both in °C."""
        if self is Comparison.AT_OR_ABOVE:
            return value_c >= threshold_c
        return value_c > threshold_c


@dataclass(frozen=True, slots=True)
class ThresholdPolicy:
    """The order in force: who set which limits from which day."""

    policy_id: str
    """Name of the order, stored with every passage and report."""
    valid_from: date
    """First day in force."""
    valid_until: date | None
    """Last day in force, or None while open."""
    signed_by: str
    """The office that set it."""
    skin_threshold_c: float
    """Referral limit on skin temperature, °C."""
    skin_comparison: Comparison
    """Whether the skin limit itself is flagged."""
    guard_band_c: float
    """Readings up to this far below the limit are to be repeated, °C."""
    body_threshold_c: float
    """Limit on the second reading's body temperature, °C."""
    body_comparison: Comparison
    """Whether the body limit itself is febrile."""

    def is_in_force(self, day: date) -> bool:
        """Whether the policy covers `day`."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def is_febrile(self, body_c: float) -> bool:
        """Whether a body temperature reaches the limit for the second reading."""
        return self.body_comparison.is_reached(body_c, self.body_threshold_c)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What all valid frames of one traveller amount to."""

    skin_c: float
    """Median skin temperature, °C."""
    u_c: float
    """Standard uncertainty (k=1), °C."""
    site: Site
    """Where it was taken."""
    frame_count: int
    """Valid frames behind it."""
    mm_per_px: float
    """Millimetres of the face that a pixel covers."""
    is_pre_screen: bool
    """Whether the pixels are too coarse for a measurement in the standards' sense."""
    oral: OralEstimate | None = None
    """What a thermometer in the mouth might show: beside the skin temperature, never for it; None
    while the traveller is in view, and where the pixels or the room do not carry an estimate."""


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer for one traveller."""

    outcome: Outcome
    """The answer."""
    measurement: Measurement | None
    """What was measured; None exactly when the outcome is NOT_MEASURED."""
    reasons: tuple[RejectReason, ...]
    """Why not measured, the most frequent first; empty when measured."""
    policy_id: str
    """The policy that was applied."""


def policy_on(policies: Iterable[ThresholdPolicy], day: date) -> ThresholdPolicy | None:
    """Return the policy in force on `day`: of several, the one that began last; or None."""
    in_force = [policy for policy in policies if policy.is_in_force(day)]
    return max(in_force, key=lambda policy: policy.valid_from, default=None)


def decide(measurement: Measurement, policy: ThresholdPolicy | None) -> Screening:
    """Compare a measurement with the policy in force.

    Without a policy the answer is NOT_MEASURED: nobody said what counts as high.
    """
    if policy is None:
        return not_measured((RejectReason.NO_POLICY,), None)
    if policy.skin_comparison.is_reached(measurement.skin_c, policy.skin_threshold_c):
        outcome = Outcome.ABOVE
    elif measurement.skin_c >= policy.skin_threshold_c - policy.guard_band_c:
        outcome = Outcome.REPEAT
    else:
        outcome = Outcome.BELOW
    return Screening(outcome, measurement, (), policy.policy_id)


def not_measured(reasons: tuple[RejectReason, ...], policy: ThresholdPolicy | None) -> Screening:
    """Return the answer of doubt.

    Raises:
        ValueError: if no reason is given; a traveller is never left without one.
    """
    if not reasons:
        raise ValueError("NOT_MEASURED needs a reason")
    return Screening(Outcome.NOT_MEASURED, None, reasons, policy.policy_id if policy else "")
