import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, literal, select
from sqlalchemy.exc import IntegrityError

from station.cdc.database import Use
from station.cdc.inbox.answers import acknowledge, note_steps
from station.cdc.inbox.checkpoints import read_checkpoints
from station.cdc.inbox.escalation import DEFAULT_AFTER
from station.cdc.inbox.heard import heard_stations
from station.cdc.inbox.queries import (
    CaseFilter,
    find_cases,
    log_lines,
    waiting_cases,
)
from station.cdc.opening import open_inbox
from station.cdc.tables import alert
from station.core.cases import CaseState
from station.core.errors import KnownError

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.parametrize("where", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def found(database):
    def look(limit=50, named=lambda word: (), **wanted):
        with database.reading() as connection:
            return find_cases(connection, CaseFilter(**wanted), limit, named=named)

    return look


@pytest.fixture
def waiting(database):
    def look():
        with database.reading() as connection:
            return [str(case.latest.number) for case in waiting_cases(connection)]

    return look


@pytest.fixture
def answer(database):
    def give(case, name="Chen Yu", at=NOON, seen=None):
        with database.writing() as connection:
            seen_position = case.last_position if seen is None else seen
            return acknowledge(connection, case.key, name=name, at=at, seen_position=seen_position)

    return give


def test_a_cases_whole_id_finds_that_case_alone(alerted, database):
    wanted = alerted(number=1)
    alerted(number=2, lane=str(wanted)[:8])
    with database.reading() as connection:
        found = find_cases(connection, CaseFilter(text=str(wanted)), 50)
    assert [case.latest.number for case in found] == [1]


def test_updates_of_a_case_stand_under_it_in_the_stations_order(alerted, found):
    case_id = alerted(sequence=1)
    alerted(case_id=case_id, kind="verdict", state="confirmed", sequence=3, body=(38.4,))
    alerted(case_id=case_id, kind="second_reading", state="referred", sequence=2, body=(38.4,))
    (case,) = found()
    assert [update.kind for update in case.updates] == ["flagged", "second_reading", "verdict"]
    assert case.latest.state == "confirmed"


def test_a_count_that_began_later_follows_whatever_its_numbers(alerted, found):
    old, new = uuid4(), uuid4()
    case_id = alerted(epoch=old, sequence=900)
    alerted(case_id=case_id, epoch=new, sequence=1, kind="second_reading", state="referred")
    alerted(
        case_id=case_id,
        epoch=old,
        sequence=901,
        kind="second_reading",
        state="referred",
        body=(37,),
    )
    (case,) = found()
    assert [update.sequence for update in case.updates] == [900, 901, 1]


def test_cases_of_two_stations_with_one_id_are_not_mixed(alerted, found):
    case_id = alerted(station="station-1")
    alerted(case_id=case_id, station="station-2")
    assert {case.key.station for case in found()} == {"station-1", "station-2"}


def test_skin_and_body_are_kept_apart_and_not_measured_keeps_its_reasons(alerted, found):
    alerted(skin_c=None, reasons=("glasses", "too_far"), body=(38.4,))
    (case,) = found()
    assert case.latest.skin.surface_c is None
    assert case.latest.skin.expanded_uncertainty_c is None
    assert case.latest.skin.reasons == ("glasses", "too_far")
    assert case.latest.body[0].body_c == 38.4


def test_uncertainty_is_shown_with_coverage_two(alerted, found):
    alerted()
    assert found()[0].latest.skin.expanded_uncertainty_c == pytest.approx(0.4)


def test_each_field_of_the_search_narrows(alerted, found):
    alerted(number=1, station="east", lane="A")
    alerted(number=2, station="west", lane="gate 9", is_drill=True, at=NOON + timedelta(days=3))
    case_id = alerted(number=3, station="west", lane="C")
    alerted(case_id=case_id, number=3, station="west", lane="C", kind="verdict", state="cleared")

    def numbers(**wanted):
        return [case.latest.number for case in found(**wanted)]

    assert numbers() == [3, 2, 1]
    assert numbers(station="west") == [3, 2]
    assert numbers(number=1) == [1]
    assert numbers(state=CaseState.OPEN) == [2, 1]
    assert numbers(state=CaseState.CLEARED) == [3]
    assert numbers(with_drills=False) == [3, 1]
    assert numbers(text="WEST GATE") == [2]
    assert numbers(text=str(case_id)[:13]) == [3]
    local_day = (NOON + timedelta(days=3)).astimezone().date()
    assert numbers(day=local_day) == [2]
    assert numbers(day=date(1999, 1, 1)) == []
    assert [case.latest.number for case in found(limit=2)] == [3, 2]


def test_a_case_is_found_by_what_people_call_its_checkpoint(alerted, found):
    alerted(number=1, station="east")
    alerted(number=2, station="west")
    [case] = found(station="east")
    region, site, _, _ = case.key
    book = read_checkpoints(
        f"region,site,station,name\n{region},{site},,南站\n{region},{site},west,西出口\n".encode()
    )

    def numbers(text):
        return [case.latest.number for case in found(named=book.named, text=text)]

    assert (numbers("南站"), numbers("西出"), numbers("北站")) == ([2, 1], [2], [])
    assert numbers("南站 east") == [1]


def test_the_state_searched_for_is_the_one_last_in_the_stations_order(alerted, found):
    case_id = alerted(sequence=1)
    alerted(case_id=case_id, kind="verdict", state="confirmed", sequence=3)
    alerted(case_id=case_id, kind="second_reading", state="referred", sequence=2)
    assert not found(state=CaseState.REFERRED)
    assert len(found(state=CaseState.CONFIRMED)) == 1


def test_what_looks_like_sql_is_only_looked_for(alerted, found):
    alerted()
    for text in ("'; DROP TABLE alert; --", "%", "_", "\\", '" OR 1=1', "a" * 5_000, "💉"):
        assert found(text=text) == (), text
        assert found(station=text) == (), text
    assert len(found()) == 1


def test_a_flag_waits_until_somebody_answers_it(alerted, found, waiting, answer):
    alerted(number=1)
    alerted(number=2)
    assert waiting() == ["2", "1"]
    assert answer(found(number=1)[0]) == 1
    assert waiting() == ["2"]


def test_a_cleared_case_waits_for_nobody(alerted, waiting):
    case_id = alerted()
    alerted(case_id=case_id, kind="verdict", state="cleared", body=(36.8,))
    assert waiting() == []


def test_a_station_cannot_clear_a_case_of_another(alerted, waiting):
    case_id = alerted(number=1, station="east")
    alerted(case_id=case_id, number=2, station="west", kind="verdict", state="cleared")
    assert waiting() == ["1"]


def test_a_second_reading_alone_asks_for_no_new_answer_but_a_confirmed_fever_does(
    alerted, found, waiting, answer
):
    case_id = alerted()
    answer(found()[0])
    alerted(case_id=case_id, kind="second_reading", state="referred", body=(38.4,))
    assert waiting() == []
    alerted(case_id=case_id, kind="verdict", state="confirmed", body=(38.4,))
    assert waiting() == ["7"]


def test_a_step_of_the_hand_over_is_shown_and_asks_for_no_new_answer(
    alerted, found, waiting, answer
):
    case_id = alerted(kind="verdict", state="confirmed", body=(38.4,))
    answer(found()[0])
    alerted(
        case_id=case_id,
        kind="handover",
        state="confirmed",
        body=(38.4,),
        handover=("requested", "accepted"),
    )
    assert waiting() == []
    (case,) = found()
    assert [stage.step for stage in case.latest.handover] == ["requested", "accepted"]


def test_what_came_after_the_page_was_made_stays_unanswered(alerted, found, waiting, answer):
    case_id = alerted()
    shown = found()[0]
    alerted(case_id=case_id, kind="verdict", state="confirmed", body=(38.4,))
    assert answer(shown) == 1
    assert waiting() == ["7"]


def test_the_first_answer_counts(alerted, found, answer):
    alerted()
    shown = found()[0]
    assert answer(shown, name="Chen Yu") == 1
    assert answer(shown, name="Somebody Else") == 0
    assert found()[0].acknowledgements == (("Chen Yu", NOON),)


def test_the_log_is_never_edited(alerted, database, answer):
    alerted()
    with database.writing() as connection:
        cases = waiting_cases(connection)
        late = NOON + timedelta(hours=1)
        note_steps(connection, cases, now=late, after=DEFAULT_AFTER, contacts=())
    answer(cases[0])
    for table in ("acknowledgement", "escalation"):
        for change in (f"UPDATE {table} SET case_id = ''", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match="log"), database.writing() as connection:
                connection.exec_driver_sql(change)


def test_a_level_is_noted_once_however_many_processes_see_it(alerted, database):
    alerted()

    def note(minutes):
        with database.writing() as connection:
            cases = waiting_cases(connection)
            now = NOON + timedelta(minutes=minutes)
            return note_steps(connection, cases, now=now, after=DEFAULT_AFTER, contacts=("a", "b"))

    assert [note(1), note(2), note(2), note(20), note(20)] == [0, 1, 0, 2, 0]
    with database.reading() as connection:
        lines = log_lines(connection, 10)
    assert sorted((line.level, line.name) for line in lines) == [(1, "a"), (2, "b"), (3, "b")]


def test_nothing_is_seen_before_it_is_committed(alerted, where, found):
    alerted(number=1)
    others = [c.name for c in alert.c if c.name not in ("position", "report_id", "sequence")]
    copied = select(literal("x"), literal(99), *(alert.c[name] for name in others))
    with closing(open_inbox(where, Use.ANSWER)) as beside:
        with beside.writing() as connection:
            connection.execute(
                insert(alert).from_select(["report_id", "sequence", *others], copied)
            )
            assert len(found()[0].updates) == 1
        assert len(found()[0].updates) == 2


def test_stations_are_known_by_their_messages_and_how_often_they_counted_anew(alerted, database):
    later = NOON + timedelta(minutes=1)
    alerted(station="east")
    alerted(station="east", epoch=uuid4(), at=later, is_drill=True)
    alerted.figures("west", day=NOON.date(), at=later)
    with database.reading() as connection:
        east, west = heard_stations(connection)
    assert (east.identity.station, east.counts, east.first_at) == ("east", 2, NOON)
    assert (east.last_at, east.last_earnest_at) == (later, NOON)
    assert (west.identity.station, west.last_at, west.last_earnest_at) == ("west", None, later)


def test_what_no_receiver_made_is_refused(where):
    if isinstance(where, Path):
        with pytest.raises(KnownError, match="cannot be opened"):
            open_inbox(where, Use.ANSWER)
        sqlite3.connect(where).execute("CREATE TABLE other (x)").connection.close()
    with pytest.raises(KnownError, match="cdc serve"):
        open_inbox(where, Use.ANSWER)
