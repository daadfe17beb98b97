"""Payloads of video cameras over TCP."""

import socket
import struct
import threading

import pytest

from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport.frames import open_frames
from drivers.transport.payloads import VideoMode

MODES = (VideoMode("Y16 ", 2, 3),)


@pytest.fixture
def stream():
    """The station's end and the camera's end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        transport = open_frames(f"tcp://127.0.0.1:{server.getsockname()[1]}", MODES)
        with server.accept()[0] as camera:
            yield transport, camera
        transport.close()
        transport.close()


def message(payload):
    return struct.pack("<IQ", len(payload), 5) + payload


def test_a_mode_tells_how_many_bytes_a_payload_has():
    assert MODES[0].byte_count == 12


def test_a_payload_comes_as_it_was_sent(stream):
    transport, camera = stream
    camera.sendall(message(b"abcdefghijkl"))
    payload = transport.read(2.0)
    assert payload.data == b"abcdefghijkl"
    assert payload.received_at.tzinfo is not None


def test_a_payload_in_pieces_is_whole_when_the_last_has_come(stream):
    transport, camera = stream
    whole = message(b"abcdefghijkl")
    camera.sendall(whole[:7])
    with pytest.raises(DeviceTimeout, match="has stopped"):
        transport.read(0.05)
    camera.sendall(whole[7:])
    assert transport.read(2.0).data == b"abcdefghijkl"


def test_who_was_away_gets_the_newest(stream):
    transport, camera = stream
    camera.sendall(message(b"first") + message(b"second") + message(b"third"))
    assert transport.read(2.0).data == b"third"


def test_large_payloads_come_whole_one_behind_the_other():
    first, second = bytes(range(256)) * 2400, bytes(range(255, -1, -1)) * 2400
    with socket.create_server(("127.0.0.1", 0)) as server:
        modes = (VideoMode("Y16 ", 480, 640),)
        transport = open_frames(f"tcp://127.0.0.1:{server.getsockname()[1]}", modes)
        with server.accept()[0] as camera:
            both = message(first) + message(second)
            cut = len(both) - 300_000
            sender = threading.Thread(target=camera.sendall, args=(both[:cut],))
            sender.start()
            assert transport.read(60).data == first
            sender.join()
            with pytest.raises(DeviceTimeout):
                transport.read(0.05)
            sender = threading.Thread(target=camera.sendall, args=(both[cut:],))
            sender.start()
            assert transport.read(60).data == second
            sender.join()
        transport.close()


def test_a_closed_stream_is_told(stream):
    transport, camera = stream
    camera.close()
    with pytest.raises(DeviceDisconnected, match="plug the camera in again"):
        transport.read(1.0)


def test_another_service_at_the_address_is_refused_with_its_first_bytes(stream):
    transport, camera = stream
    camera.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    with pytest.raises(ProtocolError, match="53 53 48"):
        transport.read(1.0)
    with pytest.raises(DeviceDisconnected):
        transport.read(0.1)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://nowhere", "tcp://127.0.0.1:99999"])
def test_nobody_at_the_address_is_said(address):
    with pytest.raises(OpenFailed, match="check the address"):
        open_frames(address, MODES)
