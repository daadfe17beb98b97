"""What only a camera can do wrong."""

import socket

import numpy as np
import pytest

from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from station.core.frames import FrameStatus


@pytest.fixture
def device(camera):
    with camera.device() as device:
        yield device


def test_frames_are_numbered_and_their_clock_runs(camera, device):
    frames = []
    for _ in range(3):
        camera.provoke()
        frames.append(device.read(2.0))
    assert [frame.sequence for frame in frames] == [0, 1, 2]
    assert {frame.status for frame in frames} == {FrameStatus.LIVE}
    assert np.all(np.diff([frame.monotonic_s for frame in frames]) > 0)


def test_a_repeated_matrix_is_stale(camera, device):
    device.read(2.0)
    camera.turn_on("frozen_frame")
    camera.provoke()
    device.read(2.0)
    camera.provoke()
    assert device.read(2.0).status is FrameStatus.STALE


def test_the_freeze_flag_is_a_shutter_correction(camera, device):
    camera.turn_on("freeze_flag")
    camera.provoke()
    assert device.read(2.0).status is FrameStatus.SHUTTER
    camera.turn_off("freeze_flag")
    camera.provoke()
    assert device.read(2.0).status is FrameStatus.LIVE


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("wrong_length", ProtocolError),
        ("not_a_number", ProtocolError),
        ("busy", DeviceTimeout),
        ("unauthorized", DeviceDisconnected),
        ("drip", DeviceTimeout),
    ],
)
def test_each_fault_is_told_and_ends_with_its_cause(camera, device, fault, error):
    camera.turn_on(fault)
    camera.provoke()
    with pytest.raises(error):
        device.read(0.3)
    camera.turn_off(fault)
    camera.provoke()
    assert device.read(2.0).status is FrameStatus.LIVE


def test_a_used_up_login_number_is_renewed_without_a_word(camera, device):
    camera.turn_on("stale_nonce")
    for _ in range(3):
        camera.provoke()
        assert device.read(2.0).status is FrameStatus.LIVE
    assert camera.plugged.truth()["refused_logins"] == 0


@pytest.mark.parametrize("fault", ["noisy", "offset_step", "source_covered"])
def test_a_picture_that_only_changed_is_live(camera, device, fault):
    device.read(2.0)
    camera.turn_on(fault)
    camera.provoke()
    assert device.read(2.0).status is FrameStatus.LIVE


def test_several_clients_see_one_picture(camera, device):
    camera.provoke()
    with camera.device() as other:
        mine, theirs = device.read(2.0), other.read(2.0)
    np.testing.assert_array_equal(mine.temperature_c, theirs.temperature_c)


def test_a_pulled_plug_drops_idle_connections_too(camera):
    port = int(camera.plugged.address["url"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 401")
        while b"unauthorized" not in idle.recv(1000):
            pass
        camera.unplug()
        assert idle.recv(100) == b""


def test_the_rate_is_limited(camera, monkeypatch):
    slept_s = []
    monkeypatch.setattr("drivers.cameras.hikvision.time.sleep", slept_s.append)
    with camera.device() as device:
        device._period_s = 10.0
        device.read(2.0)
        device.read(2.0)
    assert slept_s[0] == 0.0
    assert 5.0 < slept_s[1] <= 10.0


def test_a_wrong_password_is_refused_after_one_try(camera):
    with pytest.raises(OpenFailed, match="refuses user 'admin': check the password"):
        camera.device(password="wrong").open()
    assert camera.plugged.truth()["refused_logins"] == 1
