"""What staff do with thermometers besides measuring: typing a reading, and the daily check."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from station.core.cases import BodyReading, CaseRefused, ReadingMode, Refusal, TrustClass

TYPED = "typed"
"""The device of a reading that staff typed in."""
CHECK_HOLDS = timedelta(hours=24)
"""A daily check holds so long."""

_PLAUSIBLE_C = (30.0, 45.0)
_FEWEST_CHECK_READINGS = 3
_REFERENCE_C = (30.0, 45.0)
# Largest permissible errors of JJF 1107-2003 and JJG 1164-2019 as published by China's metrology:
# ear ±0.2, forehead ±0.3 °C. A thermometer that touches keeps the ear's (chosen); an instrument for
# surfaces the infrared screening instrument's ±0.4 °C.
LIMIT_C = {
    TrustClass.CONTACT: 0.2,
    TrustClass.TYMPANIC: 0.2,
    TrustClass.FOREHEAD: 0.3,
    TrustClass.SURFACE: 0.4,
}
"""How far a thermometer may be from the reference in its daily check, °C."""


def typed_reading(
    reading_id: UUID, first_c: float, second_c: float, trust: TrustClass, *, at: datetime
) -> BodyReading:
    """Return the reading that staff read off a thermometer and typed in twice.

    Raises:
        CaseRefused: if the two differ, no person has such a temperature, or the instrument only
            tells surfaces.
    """
    if first_c != second_c:
        raise CaseRefused(
            Refusal.TYPED_APART,
            f"You typed {first_c:.1f} and {second_c:.1f} °C: look again and type it twice.",
        )
    low_c, high_c = _PLAUSIBLE_C
    if not low_c <= first_c <= high_c:
        raise CaseRefused(
            Refusal.TYPED_IMPLAUSIBLE,
            f"{first_c:.1f} is no body temperature in °C: look at the unit and type it again.",
        )
    if trust is TrustClass.SURFACE:
        raise CaseRefused(
            Refusal.NO_BODY_TEMPERATURE,
            "A surface temperature decides nothing: use a clinical thermometer.",
        )
    return BodyReading(reading_id, at, first_c, ReadingMode.BODY, TYPED, True, trust)


class CheckVerdict(StrEnum):
    """How a daily check ended; stored values are stable."""

    PASSED = "passed"
    """Every reading lay within the limit."""
    FAILED = "failed"
    """At least one did not: the thermometer must not be used for second checks."""


@dataclass(frozen=True, slots=True)
class DeviceCheck:
    """One daily check of a thermometer against a known temperature."""

    check_id: UUID
    """Its key in the ledger."""
    device_id: str
    """The thermometer."""
    at: datetime
    """When, aware, UTC."""
    actor: str
    """Who."""
    reference_c: float
    """The known temperature, °C."""
    shown_c: tuple[float, ...]
    """What the thermometer showed, °C, oldest first."""
    limit_c: float
    """How far it might be off, °C."""
    verdict: CheckVerdict
    """How it ended."""

    @property
    def worst_c(self) -> float:
        """The largest difference to the reference, with its sign, °C."""
        return max((shown - self.reference_c for shown in self.shown_c), key=abs)


def check_device(
    check_id: UUID,
    reference_c: float,
    readings: Sequence[BodyReading],
    *,
    actor: str,
    at: datetime,
) -> DeviceCheck:
    """Judge a thermometer by its readings of a known temperature.

    Raises:
        CaseRefused: if the readings are too few or of several devices, the reference is no
            temperature near a body's, or a forehead thermometer was not switched to surface mode:
            in body mode it adds what it knows of people.
    """
    low_c, high_c = _REFERENCE_C
    if not low_c <= reference_c <= high_c:
        raise CaseRefused(Refusal.NO_CHECK, f"The reference must be at {low_c:g} to {high_c:g} °C.")
    devices = {reading.device_id for reading in readings}
    if len(readings) < _FEWEST_CHECK_READINGS or len(devices) != 1:
        raise CaseRefused(
            Refusal.NO_CHECK,
            f"A check needs {_FEWEST_CHECK_READINGS} readings of one thermometer: measure again.",
        )
    trust = readings[0].trust
    is_body = any(reading.mode is ReadingMode.BODY for reading in readings)
    if trust is TrustClass.FOREHEAD and is_body:
        raise CaseRefused(
            Refusal.NO_CHECK,
            "In body mode a forehead thermometer does not show the source: switch it to surface "
            "mode and check again.",
        )
    shown_c = tuple(reading.body_c for reading in readings)
    limit_c = LIMIT_C[trust]
    # The display's last digit must not decide at the very limit.
    is_within = all(abs(shown - reference_c) <= limit_c + 1e-9 for shown in shown_c)
    verdict = CheckVerdict.PASSED if is_within else CheckVerdict.FAILED
    return DeviceCheck(check_id, devices.pop(), at, actor, reference_c, shown_c, limit_c, verdict)


def is_checked(check: DeviceCheck | None, now: datetime) -> bool:
    """Whether a thermometer's latest check passed and still holds."""
    return (
        check is not None
        and check.verdict is CheckVerdict.PASSED
        and timedelta(0) <= now - check.at < CHECK_HOLDS
    )
