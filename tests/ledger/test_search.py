"""A search finds what a plain look at every row would find, page by page, newest first."""

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine

from station.core.cases import CaseState
from station.core.errors import KnownError
from station.core.extraction import RejectReason
from station.core.ports import LedgerEntry
from station.core.screening import Outcome
from station.core.search import PassageFilter
from station.core.second_check import attach_reading
from station.ledger.migrate import MIGRATIONS, migrate
from station.ledger.reader import Cancelled, LedgerReader
from station.ledger.store import SqlLedger
from tests.benchmarks.big_ledger import LAST_DAY, build

BUILT = 1500
HOT = PassageFilter(lowest_c=36.0, below_c=36.7)
FILTERS = [
    PassageFilter(),
    PassageFilter(outcome=Outcome.ABOVE),
    PassageFilter(camera_id="camera-2", outcome=Outcome.NOT_MEASURED),
    PassageFilter(lane="3", reason=RejectReason.GLASSES),
    PassageFilter(reason=RejectReason.SHUTTER),
    PassageFilter(lowest_c=38.0),
    PassageFilter(below_c=34.05, lane="1"),
    HOT,
    replace(HOT, outcome=Outcome.REPEAT),
    PassageFilter(lowest_c=30.0, reason=RejectReason.GLASSES),
    PassageFilter(since=LAST_DAY - timedelta(hours=1.25), until=LAST_DAY + timedelta(hours=2.5)),
    PassageFilter(case_number=7),
    PassageFilter(case_number=7, lane="no such lane"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("built") / "station.sqlite"
    build(path, BUILT)
    return path


@pytest.fixture(scope="module")
def everything(built):
    with LedgerReader(built) as reader:
        return pages(reader, PassageFilter(), 200)


def pages(reader, wanted, rows):
    found, after = [], None
    while True:
        page, after = reader.page(wanted, rows, after)
        assert len(page) == rows or after is None
        found += page
        if after is None:
            return found


def fits(wanted, one):
    passage, screening = one.passage, one.passage.screening
    skin_c = screening.measurement.skin_c if screening.measurement else None
    return all(
        (
            wanted.since is None or passage.last_at >= wanted.since,
            wanted.until is None or passage.last_at < wanted.until,
            wanted.camera_id in {None, passage.camera_id},
            wanted.lane in {None, passage.lane},
            wanted.outcome in {None, screening.outcome},
            wanted.reason is None or screening.reasons[:1] == (wanted.reason,),
            wanted.lowest_c is None or (skin_c is not None and skin_c >= wanted.lowest_c),
            wanted.below_c is None or (skin_c is not None and skin_c < wanted.below_c),
            wanted.case_number is None or (one.case and one.case.number == wanted.case_number),
        )
    )


def test_everything_comes_newest_first_and_once(everything):
    times = [one.passage.last_at for one in everything]
    assert times == sorted(times, reverse=True)
    assert len({one.passage.passage_id for one in everything}) == BUILT


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("rows", [17, 200])
def test_a_search_finds_what_a_look_at_every_row_finds(built, everything, wanted, rows):
    with LedgerReader(built) as reader:
        expected = [one for one in everything if fits(wanted, one)]
        assert pages(reader, wanted, rows) == expected


@pytest.mark.parametrize("wanted", [f for f in FILTERS if not f.since and f.below_c != 34.05])
def test_the_count_is_exact_over_whole_hours_and_tenths(built, everything, wanted):
    if wanted.case_number and wanted.lane:
        return
    with LedgerReader(built) as reader:
        assert reader.count_about(wanted) == sum(fits(wanted, one) for one in everything)


def test_a_search_reads_only_the_hours_that_hold_something(built):
    """The counts tell that no lane was ever called so: not one passage is looked at."""
    seen = []
    with LedgerReader(built) as reader:
        reader.page(PassageFilter(), 1)
        raw = reader._engine.raw_connection()
        raw.driver_connection.set_trace_callback(seen.append)
        looks = "FROM passage \n"
        reader.page(PassageFilter(lane="1"), 20)
        assert any(looks in statement for statement in seen)
        seen.clear()
        reader.page(PassageFilter(lane="no such lane"), 20)
        assert seen
        assert not any(looks in statement for statement in seen)


def test_a_page_goes_on_below_the_last_row_though_newer_ones_came(path, making):
    with SqlLedger(path) as ledger, LedgerReader(path) as reader:
        walked = [making.passage() for _ in range(5)]
        for one in walked:
            ledger.record(LedgerEntry(passage=one))
        first, after = reader.page(PassageFilter(), 3)
        late = replace(making.passage(), last_at=making.NOON + timedelta(hours=1))
        ledger.record(LedgerEntry(passage=late))
        second, end = reader.page(PassageFilter(), 3, after)
    # All five ended at the same moment: their ids decide.
    ids = sorted((one.passage_id for one in walked), reverse=True)
    assert [one.passage.passage_id for one in (*first, *second)] == ids
    assert end is None


def test_a_row_tells_its_case_with_verdict_and_readings(path, making):
    with SqlLedger(path) as ledger, LedgerReader(path) as reader:
        entry, reading = making.flagged(ledger), making.reading()
        ledger.record(entry)
        [found] = reader.page(PassageFilter(), 5)[0]
        assert (found.case.state, found.case.verdict) == (CaseState.OPEN, None)
        case, step = attach_reading(entry.case, reading, actor="x", at=making.NOON)
        ledger.record(LedgerEntry(case=case, steps=(step,)))
        for state in (CaseState.CONFIRMED, CaseState.CLOSED):
            case, step = replace(case, state=state), replace(step, state=state)
            ledger.record(LedgerEntry(case=case, steps=(step,)))
        [found] = reader.page(PassageFilter(case_number=1), 5)[0]
    assert found.passage == entry.passage
    assert (found.case.state, found.case.verdict) == (CaseState.CLOSED, CaseState.CONFIRMED)
    assert found.case.readings == case.readings


def test_what_an_exercise_left_is_found_by_exercises_alone(path, making):
    with SqlLedger(path, is_drill=True) as ledger:
        ledger.record(making.flagged(ledger, is_drill=True))
    for wanted in (PassageFilter(), PassageFilter(case_number=1)):
        with LedgerReader(path) as reader:
            assert (reader.page(wanted, 5), reader.count_about(wanted)) == (((), None), 0)
        with LedgerReader(path, is_drill=True) as reader:
            assert (len(reader.page(wanted, 5)[0]), reader.count_about(wanted)) == (1, 1)


def test_counts_follow_a_deleted_passage_and_refuse_a_changed_one(path, making):
    walked = making.passage(making.DOUBT)
    with SqlLedger(path) as ledger:
        ledger.record(LedgerEntry(passage=walked))
        ledger.record(LedgerEntry(passage=making.passage(making.DOUBT)))
    with closing(sqlite3.connect(path)) as raw:
        with pytest.raises(sqlite3.IntegrityError, match="never changes"):
            raw.execute("UPDATE passage SET lane = '9'")
        raw.execute("DELETE FROM passage WHERE passage_id = ?", (walked.passage_id.hex,))
        raw.commit()
    with LedgerReader(path) as reader:
        assert reader.count_about(PassageFilter(reason=RejectReason.COVERED_EYES)) == 1


def test_a_passage_that_is_not_written_is_not_counted(path, making):
    walked = making.passage()
    with SqlLedger(path) as ledger, LedgerReader(path) as reader:
        ledger.record(LedgerEntry(passage=walked))
        with pytest.raises(sqlite3.IntegrityError):
            ledger.record(LedgerEntry(passage=walked))
        assert reader.count_about(PassageFilter()) == 1
        assert reader.count_about(PassageFilter(lowest_c=30.0)) == 1


def test_passages_from_before_the_counts_are_counted_once_when_the_ledger_is_opened(path):
    before = next(i for i, step in enumerate(MIGRATIONS) if step.__name__ == "_counts")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrate(connection, str(path), MIGRATIONS[:before])
        for i, skin in enumerate(("35.25", "36.3", "36.349")):
            connection.exec_driver_sql(
                "INSERT INTO passage (passage_id, lane, camera_id, traveller, first_at, last_at, "
                "first_sequence, last_sequence, reference, facing_frames, outcome, skin_c, u_c, "
                "site, frame_count, mm_per_px, is_pre_screen, reasons, policy_id) VALUES "
                f"('{UUID(int=i).hex}', '1', 'c', 7, '2026-11-24T12:00:00.000000Z', "
                "'2026-11-24T12:00:02.000000Z', 1, 9, 'healthy', 9, 'below', "
                f"{skin}, 0.2, 'inner_canthus', 9, 0.9, 0, '', 'policy')"
            )
    engine.dispose()
    with pytest.raises(KnownError, match=rf"schema {before}.*start a station"):
        LedgerReader(path).count_about(PassageFilter())
    SqlLedger(path).close()
    with LedgerReader(path) as reader:
        assert reader.count_about(PassageFilter()) == 3
        assert reader.count_about(PassageFilter(lowest_c=36.3, below_c=36.4)) == 2


def test_the_bars_of_tenths_hold_what_they_say(path, making):
    """No value may fall into another bar in the database than in the program."""
    rng = random.Random(1)
    values = [round(30 + i / 10, 1) for i in range(0, 120, 7)]
    values += [rng.uniform(30, 42) for _ in range(20)]
    measured = making.BELOW.measurement
    with SqlLedger(path) as ledger, LedgerReader(path) as reader:
        for skin_c in values:
            screening = replace(making.BELOW, measurement=replace(measured, skin_c=skin_c))
            ledger.record(LedgerEntry(passage=making.passage(screening)))
        for skin_c in values:
            wanted = PassageFilter(lowest_c=skin_c, below_c=skin_c + 0.01)
            found = [one.passage.screening.measurement.skin_c for one in reader.page(wanted, 99)[0]]
            assert skin_c in found


def test_a_count_up_to_a_limit_leaves_out_the_bar_that_begins_at_it(path, making):
    measured = making.BELOW.measurement
    with SqlLedger(path) as ledger, LedgerReader(path) as reader:
        for skin_c in (35.9, 36.0, 36.05):
            screening = replace(making.BELOW, measurement=replace(measured, skin_c=skin_c))
            ledger.record(LedgerEntry(passage=making.passage(screening)))
        assert reader.count_about(PassageFilter(below_c=36.0)) == 1
        assert reader.count_about(PassageFilter(below_c=36.1)) == 3


def test_a_long_question_ends_when_told(built, monkeypatch):
    monkeypatch.setattr("station.ledger.reader._STEPS_BETWEEN_LOOKS", 100)
    is_over = False
    with LedgerReader(built, is_cancelled=lambda: is_over) as reader:
        assert reader.page(PassageFilter(), 5)[0]
        is_over = True
        with pytest.raises(Cancelled):
            pages(reader, PassageFilter(lowest_c=30.0), 200)
        is_over = False
        assert reader.page(PassageFilter(), 5)[0]


def test_a_file_that_is_no_ledger_gives_one_sentence(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE contacts (name TEXT)")
    with pytest.raises(KnownError, match="is not a ledger"):
        LedgerReader(path).page(PassageFilter(), 5)
    with pytest.raises(KnownError, match="cannot be opened"):
        LedgerReader(path.with_name("nowhere")).page(PassageFilter(), 5)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="time range"):
        PassageFilter(since=LAST_DAY, until=LAST_DAY - timedelta(hours=1))
    with pytest.raises(ValueError, match="temperature range"):
        PassageFilter(lowest_c=37.0, below_c=36.0)
