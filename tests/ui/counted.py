"""Made-up figures of the ledger for the kiosk's tests."""

import math
from datetime import timedelta
from uuid import UUID

from station.core.cases import CaseState, ClearCause
from station.core.extraction import RejectReason
from station.core.questions import AskStatistics, StatisticsCounted
from station.core.screening import Outcome
from station.core.statistics import SecondChecks, SkinCount, Statistics, TimeCount
from tests.ui.making import NOON

CAMERAS = ("camera-1", "camera-2", "camera-3", "camera-4")
REASONS = {reason.value: 900 // (i + 2) for i, reason in enumerate(RejectReason)}


def statistics(*, days: int = 30) -> Statistics:
    """Return figures of a busy hub: by hours of one day, else by days."""
    since = NOON - timedelta(days=days)
    is_hourly = days == 1
    step = timedelta(hours=1) if is_hourly else timedelta(days=1)
    times = tuple(
        TimeCount(
            since + i * step,
            {
                Outcome.BELOW: 4_000 + 97 * (i % 7),
                Outcome.ABOVE: 20 + 11 * (i % 5),
                Outcome.REPEAT: 8 + 5 * (i % 3),
                Outcome.NOT_MEASURED: 190,
            },
        )
        for i in range(24 if is_hourly else days)
    )
    skin = tuple(
        SkinCount(t / 10, round(9_000 * math.exp(-(((t - 350) / 4.6) ** 2) / 2)) + 1)
        for t in range(332, 391)
    )
    checks = tuple(
        SecondChecks(
            camera,
            hour,
            Outcome.ABOVE,
            {CaseState.CLEARED: 2 + (i + hour) % 7, CaseState.CONFIRMED: 4 - i},
        )
        for i, camera in enumerate(CAMERAS)
        for hour in range(6, 23)
    )
    waiting = SecondChecks("camera-1", 12, Outcome.REPEAT, {CaseState.OPEN: 3})
    causes = {cause: 90 // (i + 1) for i, cause in enumerate(ClearCause)}
    return Statistics(
        since, NOON, None, CAMERAS, is_hourly, times, skin, REASONS, (*checks, waiting), causes
    )


def nobody() -> Statistics:
    """Return the figures of a station that has just been set up."""
    times = (TimeCount(NOON, {}),)
    return Statistics(NOON, NOON + timedelta(hours=1), None, (), True, times, (), {}, ())


def counted(question: object, made: Statistics) -> StatisticsCounted:
    """Return the answer to a question of the kiosk."""
    assert isinstance(question, AskStatistics)
    command_id: UUID = question.command_id
    return StatisticsCounted(command_id, made)
