"""A short chaos campaign of the link to the CDC, and that its laws are noticed when broken."""

import json
import subprocess
import sys
from collections import Counter
from types import SimpleNamespace
from uuid import uuid4

import pytest

from station.commands.broker import find_mosquitto
from tests.chaos import truth
from tests.chaos.journal import Journal, Promise, Told
from tests.chaos.nursery import ROOT
from tests.chaos.plan import KINDS, make_plan
from tests.chaos.timing import IN_TIME_S, Arrivals, Trouble, delays

pytestmark = pytest.mark.system


def run(*arguments):
    """Return the exit code of a campaign and what it found."""
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    command = [sys.executable, "-m", "tests.chaos", "--json", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.timeout(240)
def test_nothing_is_lost_doubled_or_forged_whatever_breaks():
    quick = [kind for kind in KINDS if "clock" not in kind]
    kinds = [word for kind in quick for word in ("--kind", kind)]
    _, found = run("--seed", 1, "--alerts", 120, "--faults", len(quick), *kinds)
    verdict = found["verdict"]
    assert (verdict["examples"], verdict["waiting"]) == ([], 0)
    assert verdict["flagged"] + verdict["at_door"] == 120
    assert verdict["stored"] + verdict["noticed"] == verdict["flagged"]
    assert set(found["faults"]) == set(quick)


@pytest.mark.timeout(120)
def test_a_publisher_that_trusts_the_broker_loses_alerts_in_the_same_campaign():
    kinds = ("--kind", "station killed", "--kind", "broker's memory lost", "--kind", "hole")
    code, found = run(
        *("--publisher", "naive", "--seed", 1, "--alerts", 200, "--faults", 6, "--settle-s", 3),
        *kinds,
    )
    assert found["verdict"]["lost"] > 0
    assert code == 0, "the campaign says so"


def test_the_plan_is_the_same_for_the_same_seed_and_holds_all_kinds():
    assert make_plan(200, 5) == make_plan(200, 5)
    assert make_plan(200, 5) != make_plan(200, 6)
    counts = Counter(fault.kind for fault in make_plan(200, 5))
    assert set(counts) == set(KINDS)
    assert max(counts.values()) - min(counts.values()) <= 1


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """Judge one station whose flags 1 and 2 were promised and 3 was only offered."""
    journal = tmp_path / "journal"
    told = Journal(journal)
    epoch = str(uuid4())
    for flag in (1, 2, 3):
        told.offer(flag)
    for flag in (1, 2):
        told.acknowledge(flag, Promise(str(uuid4()), epoch, flag, 1.0))
    station = SimpleNamespace(
        name="s", journal=journal, is_damaged=False, disk=SimpleNamespace(path=tmp_path / "none")
    )

    def judge(rows, gaps=(), tellings=(), *, is_damaged=False, losses=0):
        station.is_damaged = is_damaged
        if losses:
            told.loss(losses)
        monkeypatch.setattr(truth, "_inbox", lambda _: (Counter(rows), gaps))
        lines = [(group, json.dumps({"stored": one})) for group, one in tellings]
        receiver = SimpleNamespace(disk=SimpleNamespace(path=None), said=lambda: iter(lines))
        return truth.judge([station], receiver)

    judge.gap = ("s", epoch, 2, 2)
    return judge


def test_all_that_was_promised_and_stored_once_keeps_the_law(judged):
    verdict = judged([("s", 1), ("s", 2)], tellings=[(0, "a"), (0, "b")])
    assert verdict.is_kept
    assert (verdict.flagged, verdict.at_door, verdict.stored) == (2, 1, 2)


def test_a_flag_that_died_at_the_door_may_be_stored_all_the_same(judged):
    verdict = judged([("s", 1), ("s", 2), ("s", 3)])
    assert verdict.is_kept
    assert (verdict.flagged, verdict.at_door) == (3, 0)


def test_a_promised_flag_that_is_not_stored_is_lost(judged):
    verdict = judged([("s", 1)])
    assert (verdict.lost, verdict.is_kept) == (1, False)


@pytest.mark.parametrize(("is_damaged", "losses", "is_gap"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_loss_is_only_noticed_if_a_disk_was_damaged_and_both_ends_know(
    judged, is_damaged, losses, is_gap
):
    gaps = [judged.gap] if is_gap else []
    assert judged([("s", 1)], gaps, is_damaged=is_damaged, losses=losses).lost == 1


def test_what_a_damaged_disk_took_is_noticed_when_both_ends_know(judged):
    verdict = judged([("s", 1)], [judged.gap], is_damaged=True, losses=1)
    assert (verdict.noticed, verdict.lost, verdict.is_kept) == (1, 0, True)


@pytest.mark.parametrize(
    ("rows", "tellings", "field"),
    [
        ([("s", 9)], [], "ghosts"),
        ([("other", 1)], [], "ghosts"),
        ([("s", None)], [], "ghosts"),
        ([("s", 1)], [], "twice"),
        ([], [(0, "a"), (0, "a")], "twice"),
    ],
)
def test_ghosts_and_doubles_break_the_law(judged, rows, tellings, field):
    verdict = judged([("s", 1), ("s", 2), *rows], tellings=tellings)
    assert (getattr(verdict, field), verdict.is_kept) == (1, False)


def test_a_restored_inbox_may_tell_of_an_alert_again(judged):
    assert judged([("s", 1), ("s", 2)], tellings=[(0, "a"), (1, "a")]).is_kept


def timed(arrived_s, *troubles):
    told = Told(acknowledged={1: Promise("a", "e", 1, 100.0)})
    return delays({"s": told}, {"a": arrived_s}, [Trouble(frozenset(p), *t) for p, *t in troubles])


def test_an_alert_is_late_only_by_what_no_fault_on_its_way_explains():
    assert timed(100.0 + IN_TIME_S + 1).late == 1
    assert timed(100.0 + IN_TIME_S + 1, ({"receiver"}, 105.0, 107.0)).late == 0
    assert timed(100.0 + IN_TIME_S + 1, ({"way of other"}, 105.0, 107.0)).late == 1
    overlapping = ({"s"}, 95.0, 103.0), ({"way of s"}, 102.0, 104.0)
    figures = timed(110.0, *overlapping)
    assert (figures.most_s, figures.beyond_most_s) == (10.0, 6.0)


def test_an_arrival_is_the_first_telling_and_half_a_line_waits(tmp_path):
    out, arrivals = tmp_path / "out", Arrivals()
    out.write_text('{"ready": true}\n{"stored": "a", "kind": "flagged"}\n{"stored": "b"')
    arrivals.look([[out]])
    first_s = arrivals.first_s["a"]
    with out.open("a") as file:
        file.write('}\n{"stored": "a"}\n')
    arrivals.look([[out]])
    assert set(arrivals.first_s) == {"a", "b"}
    assert arrivals.first_s["a"] == first_s
