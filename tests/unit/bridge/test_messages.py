"""Messages and pictures over the bridge: none is lost, and a slow kiosk harms nobody."""

import logging
import time
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from station.core.commands import Command
from station.core.events import CaseChanged, Event, LedgerFault, LedgerRecovered
from station.core.extraction import RejectReason
from station.core.link_events import DeliveryProgress
from station.core.people_commands import SessionCommand
from station.core.questions import MOST_ROWS
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.runtime.bridge_frames import COMMANDS, MAX_FRAME_BYTES, Picture, encode_message
from tests.support import wait_for
from tests.unit.bridge.every_message import (
    CASE,
    DOUBT,
    EVERY_COMMAND,
    EVERY_EVENT,
    NOON,
    PAGE,
    PASSAGE,
    PROGRESS,
    REFUSED,
    UPDATE,
)


def test_every_kind_of_event_and_command_is_tried():
    assert {type(event) for event in EVERY_EVENT} == set(get_args(Event))
    assert {type(command) for command in EVERY_COMMAND} == set(get_args(Command))
    every = {*get_args(Command), *get_args(SessionCommand)}
    assert set(COMMANDS) == {kind.__name__ for kind in every}


def test_every_event_arrives_equal_and_in_order(start, connect):
    server = start()
    client = connect(server)
    for event in EVERY_EVENT:
        server.emit(event)
    assert [client.read() for _ in EVERY_EVENT] == EVERY_EVENT


def test_every_command_arrives_equal(start, connect):
    taken = []
    client = connect(start(lambda command, person: taken.append(command)))
    for command in EVERY_COMMAND:
        client.send(command)
    wait_for(lambda: len(taken) == len(EVERY_COMMAND))
    assert taken == EVERY_COMMAND


def test_the_largest_page_fits_a_frame():
    reasons = tuple(RejectReason)
    doubtful = replace(PASSAGE, screening=replace(DOUBT, reasons=reasons))
    row = replace(PAGE.rows[0], passage=doubtful)
    page = replace(PAGE, rows=(row,) * MOST_ROWS)
    assert len(encode_message(page)) < MAX_FRAME_BYTES / 2


def test_a_new_kiosk_gets_the_snapshot_first(start, connect):
    server = start(snapshot=lambda: [CaseChanged(CASE), LedgerRecovered(NOON)])
    for _ in range(2):
        client = connect()
        assert [client.read(), client.read()] == [CaseChanged(CASE), LedgerRecovered(NOON)]
    server.emit(REFUSED)
    assert client.read() == REFUSED


def test_what_happens_during_the_snapshot_is_not_lost(start, connect):
    def snapshot():
        server.emit(REFUSED)
        return [CaseChanged(CASE)]

    server = start(snapshot=snapshot)
    client = connect()
    assert [client.read(), client.read()] == [CaseChanged(CASE), REFUSED]


def test_a_picture_arrives_to_a_hundredth_of_a_degree(start, connect):
    server = start()
    client = connect(server)
    scene = np.linspace(-40, 380, 120 * 160, dtype=np.float32).reshape(120, 160)
    scene[3, 4] = np.nan
    server.emit_picture("国际到达 1", 2**40, scene)
    picture = client.read()
    assert isinstance(picture, Picture)
    assert (picture.lane, picture.sequence) == ("国际到达 1", 2**40)
    assert (picture.pixels_ck.dtype, picture.temperature_c.dtype) == (np.uint16, np.float32)
    # Half a step of 0.01 K, and what float32 leaves at 380 °C.
    np.testing.assert_allclose(picture.temperature_c, scene, atol=0.0051, equal_nan=True)


def test_a_slow_kiosk_loses_old_pictures_but_nothing_else(start, connect):
    server = start()
    client = connect(server)
    scene = np.zeros((480, 640), np.float32)
    for sequence in range(200):
        server.emit(replace(UPDATE, sequence=sequence))
        server.emit_picture("lane 1", sequence, scene)
        server.emit(replace(PROGRESS, at=NOON.replace(microsecond=sequence)))
    steps, passed, newest = [], 0, 0
    while len(steps) < 200 or newest < 199:
        event = client.read()
        if isinstance(event, DeliveryProgress):
            steps.append(event.at.microsecond)
        else:
            passed += 1
            assert event.sequence >= newest, "pictures stay in order"
            newest = event.sequence
    assert steps == list(range(200))
    assert passed < 100, "old pictures were dropped"


def test_of_each_lane_only_the_latest_picture_waits_for_a_kiosk_and_every_lane_has_its_turn(
    start, connect
):
    server = start()
    client = connect(server)
    lanes, scene = ("1", "2", "3", "4"), np.zeros((480, 640), np.float32)
    for sequence in range(20):
        for lane in lanes:
            server.emit(replace(UPDATE, lane=lane, sequence=sequence))
            server.emit_picture(lane, sequence, scene)
    server.emit(REFUSED)
    came = list(iter(client.read, REFUSED))
    newest = {lane: [one.sequence for one in came if one.lane == lane] for lane in lanes}
    # What lay in the socket already, and one picture with its update a lane.
    assert len(came) <= 2 * len(lanes) + 4
    assert all(one[-2:] == [19, 19] for one in newest.values())


def test_emitting_never_waits_for_a_kiosk_that_does_not_read(start, connect):
    server = start()
    connect(server)
    scene = np.zeros((480, 640), np.float32)
    began = time.monotonic()
    for sequence in range(100):
        server.emit_picture("lane 1", sequence, scene)
    # Both cores may be busy with other work.
    assert time.monotonic() - began < 20


def test_a_kiosk_that_cannot_keep_up_is_disconnected_and_may_come_back(
    start, connect, monkeypatch, caplog
):
    monkeypatch.setattr("station.runtime.bridge._MAX_LASTING", 20)
    server = start(snapshot=lambda: [LedgerRecovered(NOON)])
    slow = connect(server)
    long_text = LedgerFault(NOON, "x" * 100_000)
    with caplog.at_level(logging.WARNING):
        for _ in range(60):
            server.emit(long_text)
    assert "does not keep up" in caplog.text
    with pytest.raises(BridgeClosed):
        for _ in range(100):
            slow.read()
    wait_for(lambda: not server._clients)
    again = BridgeClient(server._path)
    again.connect()
    assert again.read() == LedgerRecovered(NOON)
    again.close()
