"""The page knows who waits without reading every waiting case again."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from station.cdc.inbox import live as live_module
from station.cdc.inbox.answers import acknowledge
from station.cdc.inbox.live import LiveInbox
from station.cdc.inbox.queries import waiting_cases
from station.cdc.store import InboxStore

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def live(database, settings, clock):
    return LiveInbox(database, settings, None, now=clock)


@pytest.mark.parametrize("where", ["sqlite", "postgresql"], indirect=True)
def test_what_is_kept_is_what_the_inbox_holds_whatever_comes(alerted, database, live):
    chance, epochs, ids = Random(7), [uuid4(), uuid4()], [uuid4() for _ in range(6)]
    told = [("flagged", "open"), ("verdict", "cleared"), ("corrected", "open"),
            ("verdict", "confirmed"), ("second_reading", "referred")]  # fmt: skip
    sequences = list(range(1, 100))
    chance.shuffle(sequences)
    for step in range(40):
        with database.reading() as connection:
            kept, held = live.waiting(connection), waiting_cases(connection)
        assert {case.key: case for case in kept} == {case.key: case for case in held}
        if held and chance.random() < 0.3:
            case = chance.choice(held)
            with database.writing() as connection:
                acknowledge(
                    connection, case.key, name="Chen Yu", at=NOON, seen_position=case.last_position
                )
            continue
        kind, state = chance.choice(told)
        alerted(
            case_id=chance.choice(ids),
            kind=kind,
            state=state,
            epoch=chance.choice(epochs),
            sequence=sequences.pop(),
            station=chance.choice(("east", "west")),
            at=NOON + timedelta(seconds=step),
        )


def test_a_new_alert_makes_nobody_read_all_others_again(alerted, database, live, monkeypatch):
    def look():
        with database.reading() as connection:
            return {case.key.case_id for case in live.waiting(connection)}

    old = {str(alerted(number=number)) for number in range(1, 4)}
    assert look() == old
    read = []
    real = live_module.cases_of
    monkeypatch.setattr(live_module, "cases_of", lambda c, keys: read.extend(keys) or real(c, keys))
    new = str(alerted(number=4))
    assert look() == look() == old | {new}
    assert [key.case_id for key in read] == [new]


def test_what_an_inbox_that_was_put_back_lacks_is_counted_without_a_new_alert(
    alerted, where, live, monkeypatch
):
    monkeypatch.setattr(live_module, "_COUNT_EVERY_S", 0)
    monkeypatch.setattr(live_module, "_COUNTING_SHARE", float("inf"))
    alerted()
    before = live._look(0.0)
    assert not live.counted.missing
    with closing(InboxStore(where)) as store:
        [held] = store.marks()
        store.expect([held._replace(highest=4)])
    assert live._look(1.0) != before
    assert live.counted.missing == {held.station: 3}
