import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from station.core.commands import CheckByHand, Command
from station.core.events import CaseChanged, Event
from station.runtime.bridge import BridgeServer
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.runtime.bridge_frames import FrameError, Picture
from tests.ui.making import Ids, case, picture, thermal, update
from ui import bridge as bridge_module
from ui.bridge import StationBridge
from ui.model import Loss

COMMAND = CheckByHand(Ids().next(), Ids(5).next())


class ScriptedClient:
    """Connects as scripted, then reads what the test puts in; an exception is raised."""

    def __init__(self, *connections: Exception | None) -> None:
        self.connections = list(connections)
        self.messages: queue.SimpleQueue[Event | Picture | Exception] = queue.SimpleQueue()
        self.sent: list[Command] = []
        self.may_send = threading.Event()
        self.may_send.set()
        self.send_error: Exception | None = None

    def connect(self) -> None:
        answer = self.connections.pop(0) if self.connections else BridgeClosed("no more")
        if answer is not None:
            raise answer

    def read(self) -> Event | Picture:
        message = self.messages.get()
        if isinstance(message, Exception):
            raise message
        return message

    def send(self, command: Command) -> None:
        assert self.may_send.wait(60)
        if self.send_error is not None:
            raise self.send_error
        self.sent.append(command)

    def close(self) -> None:
        self.messages.put(BridgeClosed("closed"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "_RETRY_S", dict.fromkeys(Loss, 0.01))


@pytest.fixture
def client() -> ScriptedClient:
    return ScriptedClient(None)


@pytest.fixture
def bridge(client: ScriptedClient) -> Iterator[StationBridge]:
    bridge = StationBridge(client)
    yield bridge
    client.may_send.set()
    bridge.stop()


def test_only_the_latest_picture_of_each_lane_is_kept(bridge: StationBridge) -> None:
    for sequence in range(1, 101):
        for lane in ("1", "2"):
            bridge.keep(picture(sequence, lane=lane))
            bridge.keep(update(sequence, lane=lane))
    assert [(p.lane, u.sequence) for p, u in bridge.take_fresh()] == [("1", 100), ("2", 100)]
    assert bridge.take_fresh() == []


def test_a_picture_is_never_shown_with_the_faces_of_another_one(bridge: StationBridge) -> None:
    bridge.keep(picture(1))
    bridge.keep(update(2))
    assert bridge.take_fresh() == []
    bridge.keep(picture(2))
    assert [(p.sequence, u.sequence) for p, u in bridge.take_fresh()] == [(2, 2)]


def test_waiting_pictures_are_told_once_until_somebody_fetches(bridge: StationBridge) -> None:
    told: list[int] = []
    bridge.fresh.connect(lambda: told.append(len(told)))
    for sequence in (1, 2, 3):
        bridge.keep(picture(sequence))
        bridge.keep(update(sequence))
    assert len(told) == 1
    bridge.take_fresh()
    bridge.keep(picture(4))
    assert len(told) == 1
    bridge.keep(update(4))
    assert len(told) == 2


def test_events_come_as_signals_in_order(
    bridge: StationBridge, client: ScriptedClient, qtbot: QtBot
) -> None:
    came: list[Event] = []
    bridge.event_came.connect(came.append)
    events = [CaseChanged(case(number)) for number in range(20)]
    for event in events:
        client.messages.put(event)
    bridge.start()
    qtbot.waitUntil(lambda: len(came) == len(events), timeout=60_000)
    assert came == events


def test_a_kiosk_started_before_the_station_keeps_trying(qtbot: QtBot) -> None:
    client = ScriptedClient(BridgeClosed("no"), BridgeClosed("no"), None)
    bridge = StationBridge(client)
    losses: list[Loss] = []
    bridge.lost.connect(losses.append)
    with qtbot.waitSignal(bridge.connected, timeout=60_000):
        bridge.start()
    assert losses == [Loss.NO_ANSWER] * 2
    bridge.stop()


def test_a_station_that_is_lost_for_the_third_time_within_minutes_is_told_so(qtbot: QtBot) -> None:
    client = ScriptedClient(None, BridgeClosed("no"), None, None)
    for _ in range(3):
        client.messages.put(BridgeClosed("ended"))
    bridge = StationBridge(client)
    losses: list[Loss] = []
    bridge.lost.connect(losses.append)
    bridge.start()
    qtbot.waitUntil(lambda: len(losses) >= 5, timeout=60_000)
    # What never was there has not ended.
    assert losses[:5] == [Loss.NO_ANSWER] * 3 + [Loss.AGAIN] * 2
    bridge.stop()


def test_a_station_of_another_version_is_told_and_tried_again(qtbot: QtBot) -> None:
    client = ScriptedClient(FrameError("bridge 1 and 2"), None)
    bridge = StationBridge(client)
    losses: list[Loss] = []
    bridge.lost.connect(losses.append)
    with qtbot.waitSignal(bridge.connected, timeout=60_000):
        bridge.start()
    assert losses == [Loss.OTHER_VERSION]
    bridge.stop()


def test_sending_never_waits_for_the_station(
    bridge: StationBridge, client: ScriptedClient, qtbot: QtBot
) -> None:
    client.may_send.clear()
    bridge.start()
    for _ in range(100):
        bridge.send(COMMAND)
    assert client.sent == []
    client.may_send.set()
    qtbot.waitUntil(lambda: len(client.sent) == 100, timeout=60_000)


def test_a_command_that_does_not_leave_comes_back(
    bridge: StationBridge, client: ScriptedClient, qtbot: QtBot
) -> None:
    client.send_error = BridgeClosed("gone")
    bridge.start()
    with qtbot.waitSignal(bridge.unsent, timeout=60_000) as back:
        bridge.send(COMMAND)
    assert back.args == [COMMAND]


def test_both_threads_end_and_stopping_twice_is_safe(bridge: StationBridge) -> None:
    bridge.start()
    bridge.stop()
    bridge.stop()
    assert not [t for t in threading.enumerate() if t.name in {"bridge-read", "bridge-write"}]


def test_a_real_station_is_read_commanded_lost_and_found_again(
    tmp_path: Path, qtbot: QtBot
) -> None:
    commands: list[Command] = []
    waiting = CaseChanged(case(1))

    def station() -> BridgeServer:
        return BridgeServer(
            tmp_path / "bridge", lambda command, person: commands.append(command), lambda: [waiting]
        )

    bridge = StationBridge(BridgeClient(tmp_path / "bridge"))
    came: list[Event] = []
    bridge.event_came.connect(came.append)
    with station() as server:
        bridge.start()
        qtbot.waitUntil(lambda: came == [waiting], timeout=60_000)
        server.emit_picture("1", 7, thermal(()))
        server.emit(update(7))
        qtbot.waitUntil(lambda: len(bridge.take_fresh()) == 1, timeout=60_000)
        bridge.send(COMMAND)
        qtbot.waitUntil(lambda: commands == [COMMAND], timeout=60_000)
        with qtbot.waitSignal(bridge.lost, timeout=60_000):
            server.close()
    # The new station is up before the wait begins, and stays until it has been found.
    with station(), qtbot.waitSignal(bridge.connected, timeout=60_000):
        pass
    bridge.stop()
