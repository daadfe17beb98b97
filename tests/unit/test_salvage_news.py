"""A long salvage: staff and the service manager hear of it, at the start as well as at work."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from config.loader import load_settings
from station.core.events import LedgerFault, LedgerRecovered
from station.ledger.store import SqlLedger
from station.runtime.board import Board
from station.runtime.bridge_client import BridgeClient
from station.runtime.salvage_news import PATIENCE_S, SalvageNews
from station.runtime.wiring import Station

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    """Return the news of a station that starts, its clock, and whom they reach."""
    clock = SimpleNamespace(seconds=100.0, now=lambda: NOON)
    clock.monotonic_s = lambda: clock.seconds
    board, starting, working, heard = Board(), [], [], []
    board.add_sink(SimpleNamespace(emit=heard.append))
    news = SalvageNews(
        tmp_path / "bridge",
        board,
        clock,
        on_starting=starting.append,
        on_working=working.append,
    )
    yield SimpleNamespace(
        news=news,
        clock=clock,
        board=board,
        starting=starting,
        working=working,
        heard=heard,
        socket=tmp_path / "bridge",
    )
    news.opened()


def test_a_kiosk_that_connects_during_the_start_hears_how_far_it_is(place):
    place.news.tell(50, 200)
    assert place.starting == [PATIENCE_S]
    client = BridgeClient(place.socket)
    client.connect()
    try:
        event = client.read()
        while not isinstance(event, LedgerFault):
            event = client.read()
        assert "25 % of what can be read" in event.text
        assert "Screening begins" in event.text
        assert event.carried_percent == 25
    finally:
        client.close()
    place.news.opened()
    assert not place.socket.exists()
    assert isinstance(place.heard[-1], LedgerRecovered)


def test_at_work_the_ledgers_thread_is_borne_with_and_lanes_go_on(place):
    place.news.opened()
    assert place.heard == []
    place.news.tell(1, 4)
    assert (place.starting, place.working) == ([], [PATIENCE_S])
    assert "What is measured meanwhile is kept" in place.heard[-1].text
    assert not place.socket.exists()
    place.news.opened()
    assert place.board.snapshot() == ()


def test_it_is_told_once_a_second_and_not_for_every_page(place):
    for page in range(1000):
        place.news.tell(page, 1000)
    assert len(place.starting) == 1
    place.clock.seconds += 1.0
    place.news.tell(1000, 1000)
    assert len(place.starting) == 2


def test_a_station_says_that_its_start_takes_long_and_that_it_is_over(tmp_path):
    ledger = tmp_path / "ledger.sqlite"
    SqlLedger(ledger).close()
    with ledger.open("r+b") as file:
        file.write(bytes(512))
    site = tmp_path / "site.toml"
    site.write_text(
        f'[station]\nledger_path = "{ledger}"\n[kiosk]\nsocket_path = "{tmp_path}/bridge"\n'
    )
    told = []
    station = Station(load_settings(site), on_starting=told.append)
    station.stop()
    assert told
    assert set(told) == {PATIENCE_S}
    assert not any(isinstance(one, LedgerFault) for one in station.board.snapshot())
