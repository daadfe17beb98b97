import socket
import struct

import pytest

from drivers.errors import DeviceDisconnected, OpenFailed
from drivers.transport.serial_port import SerialTransport


@pytest.fixture
def peer():
    """A serial port over TCP: the station's URL, and a way to take its call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield f"socket://127.0.0.1:{server.getsockname()[1]}", lambda: server.accept()[0]


def test_bytes_go_both_ways(peer):
    url, answer_call = peer
    with SerialTransport(url, 9600) as port, answer_call() as other:
        port.write(b"hello")
        assert other.recv(16) == b"hello"
        other.sendall(b"\x00\x0d\x0a\xff")
        received = b""
        while len(received) < 4:
            received += port.read(16, 2.0)
        assert received == b"\x00\x0d\x0a\xff"


def test_nothing_comes_after_the_timeout(peer):
    url, answer_call = peer
    with SerialTransport(url, 9600) as port, answer_call():
        assert port.read(16, 0.05) == b""


def test_never_more_than_asked_for():
    with SerialTransport("loop://", 9600) as port:
        port.write(b"abcdef")
        assert port.read(4, 1.0) == b"abcd"
        assert port.read(4, 1.0) == b"ef"


def test_a_peer_that_hangs_up_is_told(peer):
    url, answer_call = peer
    with SerialTransport(url, 9600) as port:
        answer_call().close()
        with pytest.raises(DeviceDisconnected, match="plug it in again"):
            port.read(16, 2.0)


def test_writing_to_a_closed_port_is_told():
    port = SerialTransport("loop://", 9600)
    port.close()
    port.close()
    with pytest.raises(DeviceDisconnected):
        port.write(b"x")


@pytest.mark.parametrize(
    "port", ["/dev/no-such-port", "socket://nowhere", "nonsense://x", "/dev/null"]
)
def test_a_port_that_is_none_is_refused_in_one_sentence(port):
    with pytest.raises(OpenFailed, match="check the cable") as refused:
        SerialTransport(port, 9600)
    assert "\n" not in str(refused.value)


def test_a_socket_whose_other_end_was_torn_off_is_closed_all_the_same(peer):
    url, answer_call = peer
    port, other = SerialTransport(url, 9600), answer_call()
    # Closing at once with a reset, as a serial server does that loses its power.
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    other.close()
    with pytest.raises(DeviceDisconnected):
        port.read(16, 2.0)
    inner = port._port._socket
    port.close()
    assert inner.fileno() == -1
