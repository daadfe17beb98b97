"""Payloads of simulated video cameras: paced by scene time, spoiled by their cable."""

import socket
import struct
import time

import pytest

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults
from simulators.payloads import PayloadDialect, PayloadStream
from simulators.serve.payload import PayloadServer
from simulators.serve.tcp import PortInUse

PERIOD_S = 0.1
SIZE = 4096


class Numbered(PayloadDialect):
    """A payload a tenth of a second of scene time, each full of its number."""

    def __init__(self, clock):
        self._clock = clock

    def due(self, after_s):
        number = int(self._clock.now_s() / PERIOD_S + 1e-6)
        taken_s = number * PERIOD_S
        return None if taken_s == after_s else (taken_s, bytes([number]) * SIZE)


@pytest.fixture
def clock():
    return SceneClock(0.0)


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def stream(clock, faults):
    return PayloadStream(Numbered(clock), faults)


@pytest.fixture
def server(clock, faults):
    server = PayloadServer(Numbered(clock), faults)
    yield server
    server.close()
    server.close()


@pytest.fixture
def connect(server):
    opened = []

    def connect():
        opened.append(socket.create_connection(("127.0.0.1", server.port), timeout=60))
        return opened[-1].makefile("rb")

    yield connect
    for item in opened:
        item.close()


def receive(reader):
    length, sent_ns = struct.unpack("<IQ", reader.read(12))
    return reader.read(length), sent_ns


def test_the_newest_payload_is_due_once(stream, clock):
    assert stream.due() == [bytes(SIZE)]
    assert stream.due() == []
    clock.step(0.3)
    assert stream.due() == [b"\x03" * SIZE]
    assert stream.due() == []


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.DROPPED_BYTES, Fault.START_MID_FRAME])
def test_a_bad_cable_gives_short_payloads(stream, faults, fault):
    faults.set(fault, is_on=True)
    (payload,) = stream.due()
    assert 0 < len(payload) < SIZE


def test_only_the_first_payload_misses_its_beginning(stream, faults, clock):
    faults.set(Fault.START_MID_FRAME, is_on=True)
    stream.due()
    clock.step(PERIOD_S)
    assert stream.due() == [b"\x01" * SIZE]


def test_a_stall_sends_nothing_and_ends_with_the_newest(stream, faults, clock):
    faults.set(Fault.SILENT, is_on=True)
    assert stream.due() == []
    clock.step(0.5)
    faults.set(Fault.SILENT, is_on=False)
    assert stream.due() == [b"\x05" * SIZE]


def test_duplicates_and_other_cameras_come_on_command(stream, faults):
    faults.set(Fault.DUPLICATE, is_on=True)
    faults.set(Fault.WRONG_DEVICE, is_on=True)
    first, second = stream.due()
    assert first == second
    assert first.startswith(b"\xff\xd8\xff")


def test_a_host_gets_the_newest_at_once_and_then_each_new_one(connect, clock):
    clock.step(0.2)
    reader = connect()
    begun_ns = time.monotonic_ns()
    payload, sent_ns = receive(reader)
    assert payload == b"\x02" * SIZE
    assert abs(sent_ns - begun_ns) < 5e9
    clock.step(PERIOD_S)
    assert receive(reader)[0] == b"\x03" * SIZE


def test_each_host_has_its_own_stream(connect, clock):
    first, second = connect(), connect()
    assert receive(first)[0] == receive(second)[0]


def test_a_payload_in_pieces_is_whole_in_the_end(connect, faults):
    faults.set(Fault.SPLIT, is_on=True)
    assert receive(connect())[0] == bytes(SIZE)


def test_a_slow_camera_is_half_a_second_late(connect, faults, clock):
    reader = connect()
    receive(reader)
    faults.set(Fault.SLOW, is_on=True)
    clock.step(PERIOD_S)
    begun_s = time.monotonic()
    assert receive(reader)[0] == b"\x01" * SIZE
    assert time.monotonic() - begun_s > 0.4


def test_a_pulled_plug_ends_the_stream_and_frees_the_port(connect, server, faults):
    reader = connect()
    receive(reader)
    faults.set(Fault.DISCONNECT, is_on=True)
    assert reader.read(1) == b""
    server.close()
    with pytest.raises(ConnectionError):
        connect()


def test_a_taken_port_is_refused(server, faults, clock):
    with pytest.raises(PortInUse, match="choose another"):
        PayloadServer(Numbered(clock), faults, server.port)
