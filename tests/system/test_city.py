"""A city's receivers: several of them, one PostgreSQL, and what happens when parts die."""

import signal
from contextlib import closing

import pytest

from station.cdc.store import InboxStore

pytestmark = [
    pytest.mark.system,
    pytest.mark.parametrize("broker", ["mosquitto"], indirect=True),
]


@pytest.fixture
def start_cdcs(postgres, broker, start_cdc):
    """Start two receivers that share one database."""
    url = postgres.fresh_database()
    started = []

    def start():
        db = ("--db", url.render_as_string(hide_password=False), "--receivers", "2")
        for number in (1, 2):
            started.append(start_cdc(broker.port, *db, "--name", f"cdc-{number}"))
        return started

    start.url = url
    return start


def stored(url):
    with closing(InboxStore(url, read_only=True)) as store:
        assert store.gaps() == []
        return sorted(str(alert.id) for alert in store.alerts(1000))


def test_two_receivers_fill_one_database_and_each_alert_is_told_by_one_of_them(
    broker, start_cdcs, start_station, until
):
    cdcs = start_cdcs()
    station = start_station(broker.host, broker.port)
    ids = station.flag(60)
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.links[-1]}")
    until(lambda: sum(len(cdc.stored) for cdc in cdcs) >= 60, lambda: [c.troubles for c in cdcs])
    assert sorted(one for cdc in cdcs for one in cdc.stored) == sorted(ids)
    assert all(cdc.stored for cdc in cdcs)
    assert stored(start_cdcs.url) == sorted(ids)


def test_nothing_is_lost_when_the_database_is_killed_midway(
    postgres, broker, start_cdcs, start_station, until
):
    cdcs = start_cdcs()
    station = start_station(broker.host, broker.port)
    ids = station.flag(20)
    postgres.stop()
    ids += station.flag(20)
    until(lambda: all(cdc.troubles for cdc in cdcs), "the receivers said nothing")
    assert station.reader.summary().waiting > 0, "nothing is receipted that is not stored"
    postgres.start()
    until(lambda: station.reader.summary().waiting == 0, lambda: [c.troubles for c in cdcs])
    assert stored(start_cdcs.url) == sorted(ids)
    assert all("stations keep their alerts" in cdc.troubles[0] for cdc in cdcs)
    assert [cdc.end() for cdc in cdcs] == [0, 0]


def test_nothing_is_lost_when_a_receiver_and_the_broker_are_killed_midway(
    broker, start_cdcs, start_station, until
):
    cdcs = start_cdcs()
    station = start_station(broker.host, broker.port)
    ids = station.flag(20)
    cdcs[0].end(signal.SIGKILL)
    ids += station.flag(20)
    broker.kill()
    broker.restart()
    ids += station.flag(20)
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.reader.summary()}")
    assert stored(start_cdcs.url) == sorted(ids)
