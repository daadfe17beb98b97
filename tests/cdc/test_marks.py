"""Stations that went back are seen; stations whose messages are merely late are not accused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from station.cdc.markfile import MarkFile
from station.cdc.marks import AlarmKind, BackCause
from station.core.errors import KnownError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD, NEW = uuid4(), uuid4()


def minutes(count):
    return NOON + timedelta(minutes=count)


def told(added):
    return [(alarm.kind, alarm.sequence) for alarm in added.alarms]


def test_late_and_repeated_messages_are_no_alarm(store, say):
    late, first = say(2, epoch=OLD, at=minutes(2)), say(1, epoch=OLD, at=minutes(1))
    added = [
        store.add([first, say(3, epoch=OLD, at=minutes(3))]),
        store.add([say(1, epoch=NEW, at=minutes(5))]),
        store.add([late, first]),
        store.add([say(2, epoch=NEW, at=minutes(6))]),
    ]
    assert [told(one) for one in added] == [[], [], [], []]


def test_a_number_that_two_messages_carry_is_an_alarm_told_once_and_both_are_stored(store, say):
    store.add([say(n) for n in (1, 2, 3)])
    again = store.add([say(2)])
    assert told(again) == [(AlarmKind.NUMBER_TWICE, 2)]
    assert "went back" in str(again.alarms[0])
    assert "restored from an old copy" in str(again.alarms[0])
    assert "disk has lost" in str(again.alarms[0]), "which of them is not known yet"
    assert told(store.add([say(3)])) == [], "the technician is called already"
    assert store.inbox().alerts == 5
    assert told(store.add([say(1, station="other")])) == []
    assert [alarm.sequence for alarm in store.alarms(9)] == [2]


def test_a_number_used_twice_within_one_batch_is_an_alarm(store, say):
    assert told(store.add([say(1), say(1)])) == [(AlarmKind.NUMBER_TWICE, 1)]


def test_an_epoch_taken_up_again_is_an_alarm(store, say):
    store.add([say(1, epoch=OLD, at=minutes(1))])
    store.add([say(1, epoch=NEW, at=minutes(5))])
    assert told(store.add([say(2, epoch=OLD, at=minutes(9))])) == [(AlarmKind.OLD_EPOCH, 2)]


def test_a_station_that_started_once_with_a_wrong_clock_is_not_accused(store, say):
    store.add([say(1, epoch=OLD, at=minutes(1))])
    store.add([say(1, epoch=NEW, at=datetime(1970, 1, 1, tzinfo=UTC))])
    assert told(store.add([say(2, epoch=NEW, at=minutes(9))])) == []


def cause(store):
    [alarm] = store.alarms(9)
    assert "went back" in str(alarm)
    return alarm.cause


def test_a_station_that_counts_anew_after_going_back_has_noticed_what_its_disk_lost(store, say):
    store.add([say(1, epoch=OLD, at=minutes(1))])
    store.add([say(1, epoch=NEW, at=minutes(5))])
    store.add([say(9, epoch=OLD, at=minutes(9))])
    assert cause(store) is BackCause.UNKNOWN
    store.add([say(1, epoch=uuid4(), at=minutes(9))])
    assert cause(store) is BackCause.NOTICED
    store.add([say(8, epoch=OLD, at=minutes(2))])
    assert cause(store) is BackCause.NOTICED, "what was made before says nothing"


def test_a_station_that_goes_on_in_the_old_count_was_put_back_without_noticing(store, say):
    store.add([say(n, at=minutes(n)) for n in (1, 2, 3)])
    store.add([say(2, at=minutes(9))])
    store.add([say(3, at=minutes(10))])
    assert cause(store) is BackCause.UNKNOWN, "a disk that loses something twice does so too"
    store.add([say(4, at=minutes(11))])
    assert cause(store) is BackCause.UNNOTICED


def test_marks_are_the_highest_numbers_whatever_the_order(store, say):
    store.add([say(5), say(2)])
    store.add([say(3), say(1, station="b")])
    found = {(mark.station.station, mark.highest) for mark in store.marks()}
    assert found == {("station-1", 5), ("b", 1)}


def test_gaps_can_be_asked_for_some_stations_alone_and_are_bounded(store, say):
    store.add([say(3), say(5), say(4, station="b")])
    [mine] = {one.station for one in store.gaps() if one.station.station == "b"}
    assert [(g.first, g.last) for g in store.gaps({mine})] == [(1, 3)]
    assert store.gaps(set()) == []
    assert len(store.gaps(limit=2)) == 2


def test_the_mark_file_shows_what_an_older_inbox_lacks(store, say, tmp_path):
    sent = [say(n) for n in (1, 2, 3)]
    store.add(sent[:1])
    held = store.marks()
    store.add([*sent, say(7, station="b")])
    with closing(MarkFile(tmp_path / "marks")) as marks:
        marks.note(store.marks())
        marks.note(held)
        assert marks.lacking(store.marks()) == []
        lacking = [
            (mark.station.station, first, mark.highest) for mark, first in marks.lacking(held)
        ]
    assert sorted(lacking) == [("b", 1, 7), ("station-1", 2, 3)]


def test_a_mark_file_that_is_none_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "marks").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(KnownError, match="remove the file"):
        MarkFile(tmp_path / "marks")
    with closing(sqlite3.connect(tmp_path / "full")) as file:
        file.execute("CREATE TABLE mark (strange TEXT)")
    with closing(MarkFile(tmp_path / "full")) as marks, pytest.raises(KnownError):
        marks.note([])
        marks.lacking([])
