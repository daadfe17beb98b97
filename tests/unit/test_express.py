"""Alerts that pass beside paho: our bytes are those that paho reads and writes."""

import socket
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties, VariableByteIntegers

from station.reporting.express import ExpressSocket, encoded_length, packed_properties
from station.reporting.payload import CONTENT_TYPE
from station.reporting.signing import SIGNATURE_PROPERTY

PUBLISH, PUBACK, PINGRESP = 0x32, b"\x40", b"\xd0\x00"
TOPIC, NOTHING = b"fs/v1/a/b/c/alert", packed_properties(None)


@pytest.mark.parametrize(
    ("signature", "pairs"),
    [(None, None), ("a" * 86, [(SIGNATURE_PROPERTY, "a" * 86)]), ("", [(SIGNATURE_PROPERTY, "")])],
)
def test_paho_reads_the_packed_properties(signature, pairs):
    packed = packed_properties(signature)
    read = Properties(PacketTypes.PUBLISH)
    _, length = read.unpack(packed)
    assert length == len(packed)
    assert (read.PayloadFormatIndicator, read.ContentType) == (1, CONTENT_TYPE)
    assert getattr(read, "UserProperty", None) == pairs


@pytest.mark.parametrize("length", [0, 127, 128, 16_383, 16_384, 2_097_151, 268_435_455])
def test_lengths_are_those_of_paho(length):
    assert encoded_length(length) == VariableByteIntegers.encode(length)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.settimeout(10)
    yield ours, theirs
    ours.close()
    theirs.close()


def express(ours):
    acks = []
    return ExpressSocket(ours, acks.extend), acks


def read_all(made):
    """Read as paho does, a few bytes at a time, until nothing is there."""
    read = b""
    try:
        while data := made.recv(1):
            read += data
    except BlockingIOError:
        return read
    return read + b"<end>"


@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(32_768, 65_535), st.sampled_from([None, 0, 0x10, 0x87, 0x99])),
            st.binary(max_size=300),
        ),
        max_size=8,
    ),
    st.lists(st.integers(1, 40), min_size=1, max_size=6),
)
def test_acknowledgements_are_taken_out_and_paho_gets_all_else_however_the_bytes_come(told, cuts):
    stream, expected, rest = b"", [], b""
    for one in told:
        if isinstance(one, bytes):
            packet = b"\x30" + encoded_length(len(one)) + one
            rest += packet
        else:
            number, code = one
            body = number.to_bytes(2, "big") + (b"" if code is None else bytes([code]))
            body += b"\x00" if code == 0x99 else b""
            packet = PUBACK + encoded_length(len(body)) + body
            expected.append((number, code or 0))
        stream += packet
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        made, acks = express(ours)
        read, at = b"", 0
        while at < len(stream):
            cut = cuts[at % len(cuts)]
            theirs.sendall(stream[at : at + cut])
            at += cut
            read += read_all(made)
        assert (acks, read) == (expected, rest)
        theirs.close()
        assert read_all(made) == b"<end>"


def test_bytes_that_are_no_packet_go_to_paho_which_knows_what_to_do(pair):
    ours, theirs = pair
    made, acks = express(ours)
    theirs.sendall(PUBACK + b"\xff" * 9)
    assert read_all(made) == PUBACK + b"\xff" * 9
    assert acks == []


def test_an_acknowledgement_without_a_number_is_left_to_paho(pair):
    ours, theirs = pair
    made, acks = express(ours)
    theirs.sendall(PUBACK + b"\x00" + PUBACK + b"\x02\x80\x05" + PINGRESP)
    assert read_all(made) == PUBACK + b"\x00" + PINGRESP
    assert acks == [(0x8005, 0)]


def test_an_acknowledgement_of_one_of_pahos_packets_is_left_to_paho(pair):
    ours, theirs = pair
    made, acks = express(ours)
    theirs.sendall(PUBACK + b"\x02\x7f\xff" + PUBACK + b"\x02\x80\x00")
    assert read_all(made) == PUBACK + b"\x02\x7f\xff"
    assert acks == [(0x8000, 0)]


class Paho(Client):
    """paho as it is, on our socket."""

    def __init__(self, link):
        super().__init__(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._sock = link
        self._state = 3  # connected


def numbered(client, kind):
    match kind:
        case "subscribe":
            client.subscribe("a/b", qos=1)
        case "unsubscribe":
            client.unsubscribe("a/b")
        case "publish":
            client.publish("a/b", b"x" * 300, qos=1)
    return client.loop_write()


@pytest.mark.parametrize("kind", ["subscribe", "unsubscribe", "publish"])
def test_pahos_packets_never_carry_a_number_of_the_alerts(pair, kind):
    ours, theirs = pair
    made, _ = express(ours)
    client = Paho(made)
    client.on_socket_register_write = lambda *_: None
    client._last_mid = 32_766
    assert numbered(client, kind) == MQTTErrorCode.MQTT_ERR_SUCCESS
    assert (32_767).to_bytes(2, "big") in theirs.recv(1000)
    assert made.publish([(TOPIC, NOTHING, b"")]) == [32_768]
    theirs.recv(1000)
    assert numbered(client, kind) == MQTTErrorCode.MQTT_ERR_CONN_LOST
    assert theirs.recv(1000) == b"", "paho hangs up, and begins anew on another connection"


def test_a_status_without_a_number_goes_out_however_many_went_before(pair):
    ours, theirs = pair
    client = Paho(express(ours)[0])
    client.on_socket_register_write = lambda *_: None
    client._last_mid = 60_000
    client.publish("a/b", b"status", qos=0)
    assert client.loop_write() == MQTTErrorCode.MQTT_ERR_SUCCESS
    assert theirs.recv(1000).endswith(b"status")


def test_what_the_network_does_not_take_is_sent_later_whole_and_in_order(pair):
    ours, theirs = pair
    made, _ = express(ours)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    payloads = [bytes([65 + i]) * 50_000 for i in range(20)]
    assert not made.has_more
    numbers = made.publish([(TOPIC, NOTHING, payload) for payload in payloads])
    assert numbers == list(range(32_768, 32_788))
    assert made.has_more
    assert made.send(PINGRESP) == 2, "paho's packet waits behind them"
    expected = 20 * (1 + 3 + 2 + len(TOPIC) + 2 + len(NOTHING) + 50_000) + 2
    got = bytearray()
    reading = Thread(
        target=lambda: [
            got.extend(theirs.recv(65_536)) for _ in iter(lambda: len(got) < expected, False)
        ]
    )
    reading.start()
    while made.has_more:
        made.flush()
    reading.join(60)
    assert got.endswith(payloads[-1] + PINGRESP)
    assert [got.count(payload) for payload in payloads] == [1] * 20
    assert got[0] == PUBLISH


def test_packet_numbers_begin_again_after_the_last(pair):
    made, _ = express(pair[0])
    made._number = 65_534
    assert made.publish([(TOPIC, NOTHING, b"")] * 3) == [65_535, 32_768, 32_769]


def test_a_lost_connection_is_told(pair):
    made, _ = express(pair[0])
    made.close()
    assert made.publish([(TOPIC, NOTHING, b"x")]) is None
