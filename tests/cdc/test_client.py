import socket
import struct
import threading
import time
from contextlib import closing, contextmanager

import pytest
from paho.mqtt.client import MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from station.cdc import client as client_module
from station.cdc.client import BulkClient

CONNACK = b"\x20\x03\x00\x00\x00"


def publish(mid, payload):
    body = struct.pack("!H", 1) + b"t" + struct.pack("!HB", mid, 0) + payload
    length, head = len(body), b"\x32"
    while True:
        length, digit = divmod(length, 128)
        head += bytes([digit | (0x80 if length else 0)])
        if not length:
            return head + body


class Counting:
    """A socket that counts how often it is asked."""

    def __init__(self, link):
        self._link, self.reads = link, 0

    def recv(self, size):
        self.reads += 1
        return self._link.recv(size)

    def __getattr__(self, name):
        return getattr(self._link, name)


@pytest.fixture
def broker():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


@contextmanager
def connected(server, monkeypatch):
    """Return a client that was let in, the broker's end, and the client's counting socket."""
    links = []

    def connect(*arguments, **options):
        links.append(Counting(create(*arguments, **options)))
        return links[-1]

    create = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", connect)
    client = BulkClient(
        CallbackAPIVersion.VERSION2,
        protocol=MQTTv5,
        manual_ack=True,
        reconnect_on_failure=False,
    )
    client.heard = []
    client.on_message = lambda c, u, message: client.heard.append((message.mid, message.payload))
    client.connect("127.0.0.1", server.getsockname()[1])
    client.loop(0.1)
    there, _ = server.accept()
    with closing(there):
        there.settimeout(60)
        there.recv(4096)
        there.sendall(CONNACK)
        client.loop(1)
        yield client, there, links[0]
        client.disconnect()


def test_many_messages_are_read_at_once_and_none_is_lost(broker, monkeypatch):
    sent = [(mid, b"x" * (mid * 7 % 300)) for mid in range(1, 201)]
    with connected(broker, monkeypatch) as (client, there, link):
        before = link.reads
        there.sendall(b"".join(publish(*one) for one in sent))
        while len(client.heard) < len(sent):
            client.loop(1)
        assert client.heard == sent
        assert link.reads - before < 20


def test_a_message_in_pieces_is_read_whole(broker, monkeypatch):
    raw = publish(1, b"first") + publish(2, b"second" * 100)
    with connected(broker, monkeypatch) as (client, there, _):
        for start in range(0, len(raw), 5):
            there.sendall(raw[start : start + 5])
            client.loop(0.1)
        while len(client.heard) < 2:
            client.loop(1)
        assert client.heard == [(1, b"first"), (2, b"second" * 100)]


def test_a_flood_lets_what_is_to_be_written_out(broker, monkeypatch):
    monkeypatch.setattr(client_module, "_MOST_READ_AT_ONCE", 10)
    with connected(broker, monkeypatch) as (client, there, _):
        there.sendall(b"".join(publish(mid, b"") for mid in range(1, 101)))
        while not client.heard:
            client.loop(1)
        assert len(client.heard) <= 10


def test_nothing_is_acknowledged_before_it_is_said_and_then_all_in_one_packet(broker, monkeypatch):
    with connected(broker, monkeypatch) as (client, there, _):
        there.sendall(b"".join(publish(mid, b"") for mid in (1, 2, 300)))
        while len(client.heard) < 3:
            client.loop(1)
        there.setblocking(False)
        with pytest.raises(BlockingIOError):
            there.recv(100)
        client.acknowledge([1, 2, 300])
        client.loop(1)
        there.settimeout(60)
        assert there.recv(100) == bytes.fromhex("40020001 40020002 4002012c")


def test_a_broker_that_hangs_up_is_noticed(broker, monkeypatch):
    with connected(broker, monkeypatch) as (client, there, _):
        there.sendall(publish(1, b"last"))
        there.close()
        while not (code := client.loop(1)):
            pass
        assert code
        assert client.heard == [(1, b"last")]


def test_what_another_thread_says_goes_out_at_once(broker, monkeypatch):
    """paho's own loop would look only when its time is over."""
    with connected(broker, monkeypatch) as (client, there, _):
        network = threading.Thread(target=client.loop_forever, args=(600.0,))
        network.start()
        time.sleep(0.05)
        client.publish("t", b"receipt", qos=1)
        assert there.recv(100).endswith(b"receipt")
        client.disconnect()
        network.join(60)


def test_what_was_said_goes_out_although_the_network_thread_waits_in_a_callback(
    broker, monkeypatch
):
    """It waits there for room; the receipts that make room must not wait for it."""
    is_heard, may_go_on = threading.Event(), threading.Event()

    def hear(*_):
        is_heard.set()
        may_go_on.wait(60)

    with connected(broker, monkeypatch) as (client, there, _):
        client.on_message = hear
        network = threading.Thread(target=client.loop_forever, args=(600.0,))
        network.start()
        there.sendall(publish(7, b"alert"))
        assert is_heard.wait(60)
        client.publish("t", b"receipt", qos=1)
        client.acknowledge([7])
        client.flush()
        got = b""
        while not got.endswith(bytes.fromhex("40020007")):
            got += there.recv(100)
        assert b"receipt" in got
        may_go_on.set()
        client.disconnect()
        network.join(60)


def test_a_connection_that_broke_is_left_to_the_network_thread(broker, monkeypatch):
    with connected(broker, monkeypatch) as (client, there, _):
        told = []
        client.on_disconnect = lambda *arguments: told.append(threading.current_thread())
        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        there.close()
        for _ in range(3):
            client.acknowledge([1])
            client.flush()
        assert told == []
        network = threading.Thread(target=client.loop_forever)
        network.start()
        network.join(60)
        assert told == [network]
