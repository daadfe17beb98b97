"""A station whose daily figures do not come in time is told, until they come."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from station.cdc.inbox.figures import FORGOTTEN_AFTER, Due, last_due, overdue, reported
from station.cdc.inbox.heard import Heard
from station.cdc.inbox.live import LiveInbox
from station.cdc.inbox.presence import Presence
from station.cdc.inbox.visit import LANGUAGE_COOKIE
from station.reporting.messages.status import StationState
from station.reporting.topics import StationIdentity

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = Due(datetime(2026, 11, 24, 7, tzinfo=UTC), date(2026, 11, 24))
EAST = StationIdentity("440100", "hub", "east")
HEARD = Heard(EAST, DUE.at - timedelta(days=40), None, DUE.at - timedelta(hours=23), 1)
ONLINE = Presence(StationState.ONLINE, DUE.at - timedelta(hours=1))
NOBODY = frozenset()


@pytest.mark.parametrize(
    ("hour_utc", "day"),
    [(6, date(2026, 11, 23)), (7, date(2026, 11, 24)), (17, date(2026, 11, 24))],
)
def test_the_days_figures_are_due_at_three_by_the_offices_clock(hour_utc, day):
    now = datetime(2026, 11, 24, hour_utc, tzinfo=UTC)
    assert last_due(now, SHANGHAI, time(15)).day == day


def test_a_station_is_told_until_its_figures_come():
    assert overdue([HEARD], None, NOBODY, DUE) == {EAST}
    assert overdue([HEARD], None, frozenset({EAST}), DUE) == NOBODY


def test_a_station_that_never_sent_anything_owes_its_figures_too():
    assert overdue([], {EAST: ONLINE}, NOBODY, DUE) == {EAST}
    assert overdue([], {EAST: Presence(StationState.LOST, None)}, NOBODY, DUE) == {EAST}


@pytest.mark.parametrize(
    ("heard", "presence"),
    [
        ([replace(HEARD, last_earnest_at=None)], None),
        ([], {EAST: replace(ONLINE, is_drill=True)}),
        ([replace(HEARD, first_at=DUE.at + timedelta(minutes=1))], {EAST: ONLINE}),
        ([], {EAST: replace(ONLINE, since=DUE.at + timedelta(minutes=1))}),
        ([replace(HEARD, last_earnest_at=DUE.at - FORGOTTEN_AFTER)], None),
    ],
    ids=["drill", "drill at the broker", "new", "new at the broker", "gone for a month"],
)
def test_a_drill_a_new_station_and_one_long_gone_owe_nothing(heard, presence):
    assert overdue(heard, presence, NOBODY, DUE) == NOBODY


@pytest.mark.parametrize("where", ["sqlite", "postgresql"], indirect=True)
def test_figures_of_an_earlier_day_or_of_a_drill_do_not_count(alerted, database):
    alerted.figures("early", day=DUE.day - timedelta(days=1))
    alerted.figures("drill", day=DUE.day, is_drill=True)
    alerted.figures("good", day=DUE.day)
    alerted.figures("later", day=DUE.day + timedelta(days=1))
    with database.reading() as connection:
        come = reported(connection, DUE.day)
    assert {one.station for one in come} == {"good", "later"}


def test_the_page_names_the_station_in_both_languages_until_its_figures_come(
    client, sign_in, alerted, clock
):
    def comes(is_so):
        return any(is_so(client.get("/").text) for _ in range(1000))

    clock.at = DUE.at - timedelta(minutes=1)
    alerted.figures("east", day=DUE.day - timedelta(days=1), at=DUE.at - timedelta(days=1))
    sign_in("viewer")
    assert 'id="overdue"' not in client.get("/").text
    clock.forward(minutes=2)
    assert comes(lambda text: "of 2026-11-24, due at 15:00" in text)
    assert "figures of 2026-11-24 not come" in client.get("/").text
    client.cookies.set(LANGUAGE_COOKIE, "zh")
    assert "尚未上报 2026-11-24 的日报数据" in client.get("/").text
    alerted.figures("east", day=DUE.day, at=clock.at)
    assert comes(lambda text: 'id="overdue"' not in text)


def test_that_the_hour_has_come_is_news(alerted, database, settings, clock):
    clock.at = DUE.at - timedelta(hours=1)
    alerted.figures("east", day=DUE.day - timedelta(days=1), at=DUE.at - timedelta(days=1))
    live = LiveInbox(database, settings, None, now=clock)
    before = live._look(0.0)
    clock.at = DUE.at
    assert live._look(60.0) != before
    assert live.counted.overdue(None) == {EAST}
