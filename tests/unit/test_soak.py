from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from tests.soak.plan import BODIES_C, SETTLES_S, Pace, make_plan
from tests.soak.truth import DeviceTruth, Trigger, compare

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DEVICES = [
    {
        "name": "gun", "model": "fefd", "faults": ["disconnect", "silent", "slow"],
        "commands": ["trigger"],
    },
    {
        "name": "source", "model": "fluke418x", "faults": ["disconnect", "silent"],
        "commands": ["panel"],
    },
    {"name": "camera", "model": "lepton", "faults": ["disconnect", "noisy"], "commands": []},
]  # fmt: skip


def windows(plan, device):
    """When which fault of a device is on."""
    on = {}
    for act in plan:
        if act.device == device and act.message["do"] == "fault":
            if act.message["on"]:
                on[act.message["fault"]] = act.at_s
            else:
                yield on.pop(act.message["fault"]), act.at_s, act.message["fault"]
    assert not on


def test_the_same_seed_gives_the_same_plan_and_another_seed_another():
    plan = make_plan(DEVICES, 300, 1, Pace())
    assert make_plan(DEVICES, 300, 1, Pace()) == plan
    assert make_plan(DEVICES, 300, 2, Pace()) != plan


def test_a_device_has_one_fault_at_a_time_and_heals_undisturbed_after_a_replug():
    plan = make_plan(DEVICES, 3600, 1, Pace())
    for device in DEVICES:
        found = sorted(windows(plan, device["name"]))
        assert {fault for _, _, fault in found} == set(device["faults"])
        for (_, ended_s, fault), (begun_s, _, _) in pairwise(found):
            assert begun_s > ended_s + (SETTLES_S if fault == "disconnect" else 0)


def test_a_plug_is_pulled_every_minute_and_the_end_is_quiet():
    plan = make_plan(DEVICES, 3600, 1, Pace())
    faults = [window for device in DEVICES for window in windows(plan, device["name"])]
    assert sum(fault == "disconnect" for _, _, fault in faults) in {59, 60}
    assert max(ended_s for _, ended_s, _ in faults) <= 3600 - SETTLES_S


def test_triggers_in_a_row_can_be_told_apart():
    plan = make_plan(DEVICES, 300, 1, Pace())
    bodies = [act.message["temperature_c"] for act in plan if "temperature_c" in act.message]
    assert len(bodies) > 60
    assert all(abs(a - b) > 1.3 for a, b in pairwise(bodies))
    # Within a minute no value comes again.
    assert all(len(set(bodies[at : at + 25])) == 25 for at in range(len(bodies) - 25))


@pytest.fixture
def truth():
    sent = [Trigger(AT + timedelta(seconds=4 * i), BODIES_C[i % 4]) for i in range(6)]
    return DeviceTruth("fefd", sent)


def reading(truth, number, *, later_s=0.1, off_c=0.1, **changes):
    trigger = truth.triggers[number]
    told = {
        "taken_at": trigger.at + timedelta(seconds=later_s),
        "body_c": trigger.body_c + off_c,
        "is_plausible": True,
    }
    return SimpleNamespace(**told | changes)


def fault(truth, name, begin_s, end_s):
    truth.faults.append((AT + timedelta(seconds=begin_s), AT + timedelta(seconds=end_s), name))


def every(truth, *, but=()):
    return [reading(truth, number) for number in range(6) if number not in but]


def test_every_clean_trigger_recorded_once_is_no_breach(truth):
    assert list(compare("gun", truth, every(truth))) == []
    assert all(trigger.is_clean for trigger in truth.triggers)


def test_a_clean_trigger_that_was_not_recorded_is_a_breach(truth):
    (told,) = compare("gun", truth, every(truth, but=[2]))
    assert "never, and no fault was on" in told
    assert "12:00:08 (38.0" in told


@pytest.mark.parametrize(("begin_s", "end_s"), [(7, 9), (3, 4), (9, 30)])
def test_a_trigger_under_or_shortly_after_a_fault_may_be_lost(truth, begin_s, end_s):
    fault(truth, "silent", begin_s, end_s)
    assert list(compare("gun", truth, every(truth, but=[2]))) == []


def test_a_reading_recorded_twice_is_a_breach_even_under_a_fault(truth):
    fault(truth, "duplicate", 7, 9)
    (told,) = compare("gun", truth, [*every(truth), reading(truth, 2, later_s=0.2)])
    assert "2 times" in told


def test_a_number_that_nobody_triggered_is_a_breach_unless_the_fault_can_change_it(truth):
    stray = reading(truth, 2, later_s=0.2, off_c=-0.7)
    fault(truth, "truncated", 7, 9)
    (told,) = compare("gun", truth, [*every(truth), stray])
    assert "nobody triggered 37.30" in told
    truth.faults.clear()
    fault(truth, "bit_flip", 7, 9)
    for trigger in truth.triggers:
        trigger.readings = 0
    assert list(compare("gun", truth, [*every(truth, but=[2]), stray])) == []


def test_a_value_changed_by_a_fault_is_its_own_triggers_and_no_others(truth):
    # 38.0 in surface mode is told as 36.5: near the trigger before it.
    fault(truth, "surface_mode", 7, 9)
    changed = reading(truth, 2, off_c=-1.5)
    assert list(compare("gun", truth, [*every(truth, but=[2]), changed])) == []
    assert [trigger.readings for trigger in truth.triggers] == [1] * 6


def test_a_trigger_whose_reading_the_driver_says_it_does_not_believe_is_accounted_for(truth):
    told_at = truth.triggers[2].at + timedelta(seconds=1)
    assert list(compare("gun", truth, every(truth, but=[2]), [told_at])) == []
    assert list(compare("gun", truth, every(truth, but=[3]), [told_at]))


def test_a_reading_held_back_by_the_line_is_still_its_triggers(truth):
    fault(truth, "merged", 7, 9)
    held = reading(truth, 2, later_s=4.1)
    assert list(compare("gun", truth, [*every(truth, but=[2]), held])) == []
    assert truth.triggers[2].readings == 1
