import socket

import pytest

from station.service.notify import Notifier


@pytest.fixture
def manager(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(60)
        yield sock


def test_a_manager_hears_how_the_process_is(manager, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    notifier = Notifier.of_environment()
    notifier.starting(120.0)
    notifier.ready()
    notifier.alive()
    notifier.status("lane 1:\nready")
    notifier.status("lane 1:\nready")
    notifier.stopping()
    assert manager.recv(100) == b"EXTEND_TIMEOUT_USEC=120000000"
    told = [manager.recv(100) for _ in range(4)]
    assert told == [b"READY=1", b"WATCHDOG=1", b"STATUS=lane 1: ready", b"STOPPING=1"]


def test_children_of_the_process_have_no_manager(manager, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", manager.getsockname())
    Notifier.of_environment()
    Notifier.of_environment().ready()
    manager.settimeout(0.05)
    with pytest.raises(TimeoutError):
        manager.recv(100)


def test_an_abstract_name_is_reached():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("\0fever-station-test-notify")
        sock.settimeout(60)
        Notifier("@fever-station-test-notify").ready()
        assert sock.recv(100) == b"READY=1"


def test_a_manager_that_has_gone_stops_nobody(tmp_path):
    Notifier(str(tmp_path / "gone")).alive()
