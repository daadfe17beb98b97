"""The inbox on both of its databases."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from station.cdc.store import InboxStore, Taken, _alert_values
from station.cdc.tables import alert
from station.core.errors import KnownError


def ids(taken):
    return [one.report_id for one in taken]


def placed_after(reader, position):
    query = select(alert.c.position, alert.c.report_id).order_by(alert.c.position)
    with reader._database.reading() as connection:
        return connection.execute(query.where(alert.c.position > position)).all()


def test_what_comes_twice_is_stored_once_and_told_once(store, say):
    first, second, third = say(1), say(2), say(3)
    assert [a.id for a in store.add([first, second, first]).events] == ids([first, second])
    assert [a.id for a in store.add([second, third]).events] == ids([third])
    assert [a.id for a in store.alerts(10)] == ids([first, second, third])
    assert store.inbox().alerts == 3


def test_an_alert_is_stored_with_everything_that_came(store, say):
    sent = say(2**53)
    store.add([sent])
    [stored] = store.alerts(1)
    assert stored.model_dump() == sent.event.model_dump()


def test_what_is_missing_is_told_by_station_and_epoch(store, say):
    other = uuid4()
    store.add([say(1), say(4), say(2, station="b"), say(1, epoch=other), say(3, epoch=other)])
    gaps = [(g.station.station, g.epoch == other, g.first, g.last) for g in store.gaps()]
    assert sorted(gaps) == [
        ("b", False, 1, 1),
        ("station-1", False, 2, 3),
        ("station-1", True, 2, 2),
    ]


def test_poison_is_kept_once_and_may_hold_what_a_database_refuses(store):
    bad = Taken("fs/\0/\ud800", b"\0\xff", datetime.now(UTC), reason="It is no alert.")
    assert store.add([bad, bad]).events == []
    assert store.add([bad]).events == []
    assert store.inbox().poison == 1


def test_a_reader_that_goes_on_from_the_last_position_skips_nothing_with_two_writers(opened, say):
    """The first writer is held after it has its number and before it commits."""
    held, release, seen = Event(), Event(), []
    late, early = say(1), say(2)
    with opened() as store, opened() as other, opened(read_only=True) as reader:
        with other._database.writing() as connection:
            insert = alert.insert().values(_alert_values(late, late.event))
            connection.execute(insert)
            thread = Thread(target=lambda: (held.set(), store.add([early]), release.set()))
            thread.start()
            assert held.wait(60)
            assert not release.wait(0.3), "the second one must not get ahead of the first"
            seen += placed_after(reader, 0)
        thread.join(60)
        assert release.is_set()
        last = max((position for position, _ in seen), default=0)
        seen += placed_after(reader, last)
    assert [report_id for _, report_id in seen] == [str(one) for one in ids([late, early])]


def test_a_batch_that_fails_midway_leaves_nothing(store, say, monkeypatch):
    monkeypatch.setattr("station.cdc.store._newer_values", lambda taken: {"report_id": None})
    newer = Taken("t", b"{}", datetime.now(UTC), report_id=uuid4())
    with pytest.raises(IntegrityError):
        store.add([say(1), newer])
    monkeypatch.undo()
    assert store.inbox().alerts == 0
    store.add([say(1)])
    assert store.inbox().alerts == 1


def test_a_database_that_went_away_is_told_in_a_sentence_and_used_again(postgres, say):
    with closing(InboxStore(postgres.fresh_database())) as store:
        postgres.stop()
        with pytest.raises(KnownError, match="stations keep their alerts"):
            store.add([say(1)])
        postgres.start()
        store.add([say(1)])
        assert store.inbox().alerts == 1


def test_a_server_that_acknowledges_before_the_disk_is_overruled(postgres):
    url = postgres.fresh_database()
    postgres.sql("postgres", f"ALTER DATABASE {url.database} SET synchronous_commit = off")
    with (
        closing(InboxStore(url)) as store,
        store._database.reading() as connection,
    ):
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


def test_the_password_is_in_no_message(postgres):
    url = postgres.url("nowhere").set(password="secret")
    with pytest.raises(KnownError, match="nowhere") as caught:
        InboxStore(url)
    assert "secret" not in str(caught.value)


def test_a_full_disk_is_told_and_nothing_of_the_batch_is_written(tmp_path, say):
    with closing(InboxStore(tmp_path / "cdc.sqlite")) as store:
        store.add([say(1)])
        with store._database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(KnownError, match="is full"):
            store.add([say(n) for n in range(2, 300)])
        with store._database.reading() as connection:
            assert len(connection.scalars(select(alert.c.position)).all()) == 1


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(KnownError, match="is no database"):
        InboxStore(path)
    with closing(sqlite3.connect(tmp_path / "others.sqlite")) as others:
        others.execute("CREATE TABLE recipe (title TEXT)")
    with pytest.raises(KnownError, match="of another program"):
        InboxStore(tmp_path / "others.sqlite")


def test_the_log_is_emptied_into_the_file_when_the_receipts_are_out(tmp_path, say):
    path = tmp_path / "cdc.sqlite"
    with closing(InboxStore(path)) as store:
        before = path.read_bytes()
        for number in range(250):
            store.add([say(number + 1)])
        assert path.read_bytes() == before, "a receipt would have waited for it"
        store.settle()
        after = path.read_bytes()
        assert len(after) > len(before)
