"""The bridge's socket: whom it belongs to, who may connect, and how it ends."""

import logging
import os
import socket
import stat
import struct
import threading
import time
from contextlib import suppress

import pytest

from station.core.errors import KnownError
from station.runtime.bridge import BridgeServer
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.runtime.bridge_frames import PROTOCOL, FrameError, encode_hello, encode_message
from tests.support import wait_for
from tests.unit.bridge.every_message import EVERY_COMMAND, REFUSED, UPDATE


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">I", 2**31),
        struct.pack(">I", 0),
        struct.pack(">I", 5) + b"Hx",
        encode_hello() + struct.pack(">I", 4) + b"M\x02{}",
        encode_hello() + struct.pack(">I", 3) + b"P\x00\x00",
        encode_hello() + struct.pack(">I", 70_000) + b"M",
        encode_hello() + encode_message(UPDATE),
    ],
)
def test_malformed_bytes_close_that_kiosk_alone(start, connect, path, garbage, caplog):
    server = start()
    good = connect(server)
    with caplog.at_level(logging.INFO), socket.socket(socket.AF_UNIX) as bad:
        bad.connect(str(path))
        bad.sendall(garbage)
        bad.shutdown(socket.SHUT_WR)
        bad.settimeout(60)
        with suppress(ConnectionResetError):
            while bad.recv(4096):
                pass
        wait_for(lambda: "kiosk disconnected" in caplog.text)
    server.emit(REFUSED)
    assert good.read() == REFUSED


def test_another_version_is_refused_in_one_sentence(path):
    def answer():
        with fake.accept()[0] as peer:
            peer.sendall(encode_hello(PROTOCOL + 1))
            peer.recv(100)

    with socket.socket(socket.AF_UNIX) as fake:
        fake.bind(str(path))
        fake.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(FrameError, match="install the same version of both"):
            BridgeClient(path).connect()
        thread.join(60)


def test_an_event_that_the_kiosk_cannot_read_is_skipped(start, connect, caplog):
    server = start()
    client = connect(server)
    for peer in server._listening():
        peer.put(struct.pack(">I", 8) + b"M\x04Newe{}")
    server.emit(REFUSED)
    assert client.read() == REFUSED
    assert "skipped a message" in caplog.text


def test_the_socket_belongs_to_this_user_alone(start, path):
    start()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_second_station_on_the_same_socket_is_refused(start, connect):
    server = start()
    with pytest.raises(KnownError, match="Another station answers"):
        start()
    client = connect(server)
    server.emit(REFUSED)
    assert client.read() == REFUSED


def test_a_socket_left_by_a_crash_is_replaced(start, path, connect):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    server = start()
    client = connect(server)
    server.emit(REFUSED)
    assert client.read() == REFUSED


@pytest.mark.parametrize("is_whole_folder", [False, True])
def test_a_socket_that_somebody_clears_away_is_made_again(tmp_path, caplog, is_whole_folder):
    path = tmp_path / "run" / "bridge"
    path.parent.mkdir()
    with BridgeServer(path, lambda command, person: None, tuple) as server:
        before = BridgeClient(path)
        before.connect()
        path.unlink()
        if is_whole_folder:
            path.parent.rmdir()
        after = BridgeClient(path)

        def is_back():
            with suppress(BridgeClosed):
                after.connect()
                return True

        wait_for(is_back)
        wait_for(lambda: len(server._clients) == 2)
        server.emit(REFUSED)
        assert [before.read(), after.read()] == [REFUSED, REFUSED]
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        before.close()
        after.close()
    assert "keep cleaners off its folder" in caplog.text
    assert not path.exists()


def test_a_file_that_is_no_socket_is_left_alone(start, path):
    path.write_text("somebody's notes")
    with pytest.raises(KnownError, match="is no socket"):
        start()
    assert path.read_text() == "somebody's notes"


@pytest.mark.parametrize("name", ["x" * 120, "x" * 300])
def test_a_path_that_is_too_long_gives_one_sentence(tmp_path, name):
    with pytest.raises(KnownError, match="name a shorter socket_path"):
        BridgeServer(tmp_path / name, lambda command, person: None, tuple)
    with pytest.raises(KnownError, match="socket_path"):
        BridgeClient(tmp_path / name).connect()


def test_a_missing_folder_gives_one_sentence(tmp_path):
    with pytest.raises(KnownError, match="check socket_path"):
        BridgeServer(tmp_path / "nowhere" / "s", lambda command, person: None, tuple)


def test_without_a_station_the_kiosk_gets_one_sentence(path):
    with pytest.raises(BridgeClosed, match="No station answers"):
        BridgeClient(path).connect()


def test_the_kiosk_hears_that_the_station_ends_and_the_file_is_gone(start, connect, path):
    server = start()
    client = connect(server)
    server.close()
    server.close()
    with pytest.raises(BridgeClosed):
        client.read()
    assert not path.exists()


def test_closing_the_client_frees_a_reading_thread(start, connect):
    client = connect(start())
    ended = []

    def read():
        with pytest.raises(BridgeClosed):
            client.read()
        ended.append(True)

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.05)
    client.close()
    thread.join(60)
    assert ended == [True]
    with pytest.raises(BridgeClosed):
        client.send(EVERY_COMMAND[0])
