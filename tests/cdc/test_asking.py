"""What the inbox lacks is asked for, not too soon and not too often."""

from contextlib import closing
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest

from station.cdc.asking import Asker
from station.cdc.markfile import MarkFile
from station.reporting.asked import decode_ask

LOOK_S = 60.0
EPOCH = UUID(int=1)


class World:
    def __init__(self, store, marks=None):
        self.store = store
        self.asker = Asker(store, marks, LOOK_S, Random(1))
        self.now_s = 0.0

    def add(self, *taken):
        self.asker.stored({event.identity for event in self.store.add(taken).events})

    def after(self, time_s):
        self.now_s += time_s
        asks = [(topic, decode_ask(raw)) for topic, raw in self.asker.questions(self.now_s)]
        return [(topic.split("/")[-2], ask.first, ask.last) for topic, ask in asks]


@pytest.fixture
def world(store):
    return World(store)


def test_a_gap_is_asked_for_when_it_is_still_there_at_the_next_look(world, say):
    world.after(0)
    world.add(say(1), say(4))
    assert world.after(1) == [], "it is not time to look"
    assert world.after(100) == [], "the first look only notes it"
    assert world.after(100) == [("station-1", 2, 3)]


def test_messages_that_overtake_each_other_are_not_asked_for(world, say):
    world.after(0)
    world.add(say(1), say(3))
    world.after(100)
    world.add(say(2))
    assert world.after(100) == []


def test_what_never_comes_is_asked_for_more_and_more_rarely(world, say):
    world.add(say(1), say(3))
    asked = [second for second in range(0, 40_000, 50) if world.after(50)]
    gaps = [after - before for before, after in pairwise(asked)]
    assert 3 <= len(gaps) <= 20
    assert gaps[0] < 300 < gaps[-1] < 6000


def test_what_was_missing_before_the_start_is_asked_for(store, say):
    store.add([say(2)])
    world = World(store)
    world.after(0)
    assert world.after(100) == [("station-1", 1, 1)]


def test_only_the_stations_that_sent_something_are_looked_at_again(world, say, monkeypatch):
    looks = []
    gaps = world.store.gaps
    monkeypatch.setattr(
        world.store, "gaps", lambda only, limit: looks.append(only) or gaps(only, limit)
    )
    world.after(0)
    world.add(say(1), say(1, station="b"))
    world.after(100)
    world.after(100)
    assert looks[0] is None
    assert {one.station for one in looks[1]} == {"station-1", "b"}
    assert looks[2] == set()


def test_marks_that_a_full_disk_kept_from_being_noted_catch_up_with_the_inbox(store, say, tmp_path):
    with closing(MarkFile(tmp_path / "marks")) as marks:
        world = World(store, marks)
        world.add(say(1), say(2))
        world.after(0)
        nothing_held = marks.lacking([])
        assert [(mark.highest, first) for mark, first in nothing_held] == [(2, 1)]


def test_a_restored_inbox_asks_at_once_for_what_it_had_held(store, say, tmp_path):
    with closing(MarkFile(tmp_path / "marks")) as marks:
        sent = [say(n) for n in range(1, 6)]
        store.add(sent[:2])
        [held] = store.marks()
        assert World(store, marks).after(0) == []
        marks.note([held._replace(highest=5)])
        world = World(store, marks)
        assert world.after(0) == [("station-1", 3, 5)]
        assert world.asker.restored == {held.station}
        world.add(*sent)
        assert world.after(200) == []
        assert not world.asker.restored
        assert store.gaps() == []


def test_what_a_restored_inbox_had_held_is_missing_until_it_comes_whoever_looks(
    opened, say, tmp_path
):
    with opened() as store, closing(MarkFile(tmp_path / "marks")) as marks:
        store.add([say(1), say(1, station="b")])
        mine, other = sorted(store.marks(), key=lambda mark: mark.station.station, reverse=True)
        unheard = mine._replace(epoch=UUID(int=9), highest=2)
        marks.note([mine._replace(highest=4), other, unheard])
        World(store, marks).after(0)
    with opened() as store:
        assert missing(store) == {(EPOCH, 2, 4), (UUID(int=9), 1, 2)}
        store.add([say(3)])
        assert missing(store) == {(EPOCH, 2, 2), (EPOCH, 4, 4), (UUID(int=9), 1, 2)}
        store.add([say(2), say(7)])
        assert missing(store) == {(EPOCH, 4, 6), (UUID(int=9), 1, 2)}, "as if never put back"
        assert store.gaps({other.station}) == []


def missing(store):
    gaps = store.gaps()
    assert {gap.station.station for gap in gaps} == {"station-1"}
    return {(gap.epoch, gap.first, gap.last) for gap in gaps}


def test_an_inbox_put_back_twice_asks_for_the_most_that_it_ever_held(store, say, tmp_path):
    with closing(MarkFile(tmp_path / "marks")) as marks:
        store.add([say(1)])
        [held] = store.marks()
        for highest in (3, 5):
            marks.note([held._replace(highest=highest)])
            asked = World(store, marks).after(0)
        assert asked == [("station-1", 2, 5)]
        assert missing(store) == {(EPOCH, 2, 5)}
