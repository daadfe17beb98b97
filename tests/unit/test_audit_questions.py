"""The trail is judged and written apart from the station's process, and searched in pages."""

import csv
import sqlite3
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from station.core.audit import AuditKind, ChainFault, TrailFilter, made_entry
from station.core.errors import KnownError
from station.core.people import Person, Role
from station.core.questions import AuditVerified, ExportAudit, VerifyAudit, WorkState
from station.ledger.reader import Cancelled
from station.ledger.store import SqlLedger
from station.ledger.trail_reading import export_trail, find_page, judge_trail
from station.runtime.apart import run_apart
from station.runtime.queries import QueryPlaces, QueryWorker

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ID = UUID(int=1)
WANG, CHEN = Person("Wang", Role.OPERATOR), Person("Chen", Role.SHIFT_LEAD)


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "station.sqlite"
    ledger = SqlLedger(found)
    for number in range(6):
        who = (WANG, CHEN)[number % 2]
        entry = made_entry(NOON, who, AuditKind.ROOM, f"room_{number}", note="=1+1")
        with ledger.changing(entry):
            pass
    ledger.close()
    return found


class Answers:
    def __init__(self):
        self.told = []

    def answer(self, answer):
        self.told.append(answer)


class Clock:
    def now(self):
        return NOON

    def monotonic_s(self):
        return 0.0


def asked(path, question):
    answers = Answers()
    places = QueryPlaces(path, path.parent / "exports", ZoneInfo("Asia/Shanghai"), False)
    worker = QueryWorker(places, clock=Clock(), answers=answers)
    worker.ask(question)
    worker.step()
    worker.stop()
    [told] = answers.told
    return told


def alter(path):
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET actor = 'Chen' WHERE number = 4")
    connection.close()


def test_a_whole_trail_is_told_with_its_head_and_an_altered_one_with_its_row(path):
    told = asked(path, VerifyAudit(ID))
    assert isinstance(told, AuditVerified)
    assert (told.verdict.head.number, told.verdict.finding) == (7, None)
    alter(path)
    finding = judge_trail(path).finding
    assert (finding.fault, finding.number) == (ChainFault.ALTERED, 4)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (TrailFilter(), [7, 6, 5, 4, 3, 2, 1]),
        (TrailFilter(AuditKind.CHAIN_BEGUN), [1]),
        (TrailFilter(text="wang"), [6, 4, 2]),
        (TrailFilter(text="OOM_3"), [5]),
        (TrailFilter(text="%"), []),
        (TrailFilter(text="_5"), [7]),
    ],
)
def test_the_trail_is_searched_by_kind_and_words(path, wanted, numbers):
    assert [row.number for row in find_page(path, wanted, None, 100)] == numbers


def test_pages_follow_each_other(path):
    first = find_page(path, TrailFilter(text="wang"), None, 2)
    second = find_page(path, TrailFilter(text="wang"), first[-1].number, 2)
    assert [row.number for row in (*first, *second)] == [6, 4, 2]


def test_the_file_holds_what_was_asked_for_and_no_formula(path):
    told = asked(path, ExportAudit(ID, TrailFilter(text="chen")))
    assert (told.state, told.done) == (WorkState.DONE, 3)
    with open(path.parent / "exports" / told.file, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["7", "5", "3"]
    assert rows[0]["at"] == "2026-11-24 20:00:00.000+08:00"
    assert rows[0]["actor"] == "Chen"


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(path):
    target = path.parent / "nowhere" / "audit.csv"
    with pytest.raises(KnownError, match="cannot be written"):
        run_apart(
            export_trail, path, TrailFilter(), target, "Asia/Shanghai", is_cancelled=lambda: False
        )


def test_work_apart_ends_when_it_is_cancelled(path):
    with pytest.raises(Cancelled):
        run_apart(judge_trail, path, is_cancelled=lambda: True)
