"""The case flow with a real station, real wires and real clicks, in a hurry."""

import pytest

from station.core.cases import CaseOutcome, CaseState
from tests.benchmarks.caseflow import MOST_TOUCHES, Desk

pytestmark = pytest.mark.system


@pytest.mark.timeout(180)
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_from_the_flag_to_the_closed_case(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with Desk("zh", seed=3, haste=10) as flow:
        run = flow.run()
    assert run.touches <= MOST_TOUCHES
    assert run.case.state is CaseState.CONFIRMED
    assert run.case.progress.outcome is CaseOutcome.OTHER
    assert run.case.progress.isolated_at is not None
    assert len(run.case.readings) == 2
    assert all(reading.site is not None for reading in run.case.readings)
