"""Twenty seconds of the soak run: its law holds, and it tells when the law is broken."""

import pytest

from tests.soak import reading
from tests.soak.plan import Pace
from tests.soak.run import soak

pytestmark = pytest.mark.system
QUICK = Pace(replug_every_s=4.0, quiet_s=(1.0, 3.0), fault_s=(0.5, 1.5))


def test_every_reading_is_accounted_for_through_faults_and_replugs():
    outcome = soak(20, seed=1, pace=QUICK)
    assert outcome.failures == []
    assert sum(row.clean for row in outcome.rows) >= 1
    assert sum(row.faults.total() for row in outcome.rows) >= 5
    assert sum(len(row.heals_s) for row in outcome.rows) >= 2


def test_a_reading_lost_on_its_way_to_the_ledger_fails_the_run(monkeypatch):
    class Forgetful(reading.HandheldReader):
        def __init__(self, device_id, keeper, take, new_id):
            taken = []

            def forget(sample):
                taken.append(sample)
                if len(taken) != 2:
                    take(sample)

            super().__init__(device_id, keeper, forget, new_id)

    monkeypatch.setattr(reading, "HandheldReader", Forgetful)
    outcome = soak(16, seed=1, pace=Pace())
    assert any("received, but" in failure for failure in outcome.failures)
