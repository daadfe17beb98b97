"""A broker that refuses, and a receiver whose disk is full."""

import argparse
import resource
import signal

import pytest

from station.cdc.store import InboxStore
from station.commands import cdc as command
from station.commands.broker import LocalBroker
from station.core.errors import KnownError
from station.core.link_events import LinkState

pytestmark = pytest.mark.system


@pytest.fixture
def strict_broker(tmp_path):
    """Lets nobody write alerts until the file says so."""
    acl = tmp_path / "acl"
    acl.write_text("pattern read #\npattern write fs/v1/+/+/+/status\n")
    acl.chmod(0o644)
    try:
        with LocalBroker("mosquitto", more=f"acl_file {acl}") as started:
            started.acl = acl
            yield started
    except KnownError as error:
        pytest.skip(str(error))


def test_a_station_without_permission_says_so_keeps_its_alerts_and_recovers(
    strict_broker, start_station, start_cdc, until, inbox
):
    station = start_station(strict_broker.host, strict_broker.port)
    ids = station.flag(3)
    until(lambda: station.links[-1].state is LinkState.REFUSED, lambda: f"{station.links}")
    assert "not authorised" in station.links[-1].text
    until(lambda: station.reader.summary().waiting == 3, lambda: f"{station.reader.summary()}")
    strict_broker.acl.write_text("topic readwrite #\n")
    strict_broker.restart()
    start_cdc(strict_broker.port)
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.links[-1]}")
    assert sorted(inbox().ids) == sorted(ids)
    until(lambda: station.links[-1].state is LinkState.CONNECTED, lambda: f"{station.links[-1]}")


def test_a_broker_that_hangs_is_noticed_and_nothing_is_lost_when_it_goes_on(
    broker, start_station, start_cdc, until, inbox
):
    start_cdc(broker.port)
    station = start_station(broker.host, broker.port)
    ids = station.flag(1)
    until(lambda: station.reader.summary().waiting == 0, "not delivered")
    broker._process.send_signal(signal.SIGSTOP)
    ids += station.flag(5)
    until(lambda: station.links[-1].state is LinkState.OFFLINE, lambda: f"{station.links[-1]}")
    assert "does not acknowledge" in station.links[-1].text
    broker._process.send_signal(signal.SIGCONT)
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.links[-1]}")
    assert sorted(inbox().ids) == sorted(ids)


def test_a_receiver_with_a_full_disk_acknowledges_nothing_and_goes_on_when_there_is_space(
    broker, start_station, start_cdc, until, tmp_path
):
    cdc = start_cdc(broker.port)
    pid = cdc.process.pid
    # SIGXFSZ is ignored by Python itself, so a full file is an error and no end.
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    station = start_station(broker.host, broker.port)
    ids = station.flag(5)
    until(lambda: any("free space" in line for line in cdc.troubles), lambda: f"{cdc.troubles}")
    assert station.reader.summary().waiting == 5
    assert cdc.stored == []
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{cdc.troubles}")
    assert cdc.end() == 0
    assert sorted(cdc.stored) == sorted(ids)
    assert len(cdc.troubles) == 1, "one sentence"


def test_a_second_broker_on_the_same_port_is_refused_with_one_sentence(broker):
    with pytest.raises(KnownError, match=rf"port {broker.port} cannot be used"):
        LocalBroker(port=broker.port).start()


def test_without_any_broker_the_sentence_names_both(monkeypatch):
    monkeypatch.setattr("station.commands.broker.find_mosquitto", lambda: None)
    monkeypatch.setattr("station.commands.broker.find_spec", lambda name: None)
    with pytest.raises(KnownError, match="install mosquitto, or the extra 'embedded-broker'"):
        LocalBroker().__enter__()


def test_an_inbox_that_is_no_database_gives_one_sentence(tmp_path):
    path = tmp_path / "cdc.sqlite"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(KnownError, match="name another file"):
        InboxStore(path)
    with pytest.raises(KnownError, match="cannot be opened"):
        InboxStore(tmp_path / "nowhere" / "x.sqlite")


def test_the_list_shows_alerts_gaps_and_what_was_set_aside(  # noqa: PLR0917
    broker, start_station, start_cdc, until, tmp_path, capsys
):
    start_cdc(broker.port)
    station = start_station(broker.host, broker.port)
    station.flag(2)
    until(lambda: station.reader.summary().waiting == 0, "not delivered")
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    db = str(tmp_path / "cdc.sqlite")
    assert command.run(parser.parse_args(["cdc", "list", "--db", db])) == 0
    shown = capsys.readouterr().out
    assert "2 alerts from 1 station, 0 daily reports, 0 messages set aside" in shown
    with pytest.raises(SystemExit):
        parser.parse_args(["cdc", "serve", "--db", db, "--port", "70000"])
    assert "is no port" in capsys.readouterr().err
    for wrong in ("0", "nan", "soon", "1e9"):
        with pytest.raises(SystemExit):
            parser.parse_args(["cdc", "serve", "--db", db, "--look-every-s", wrong])
        assert "is no interval" in capsys.readouterr().err
