"""What only a camera on two wires, with a shutter that it tells of, can do wrong."""

import logging
import time

import numpy as np
import pytest

from drivers.errors import (
    DeviceDisconnected,
    DeviceError,
    DeviceTimeout,
    OpenFailed,
    ProtocolError,
)
from simulators.catalogue import plug_in
from simulators.dialects.boson import BosonDialect, _Refused
from simulators.serve.tcp import PortInUse
from station.core.frames import FrameStatus
from tests.contract.benches.boson import BosonBench


@pytest.fixture
def boson(bench_of):
    return bench_of("BosonBench")


@pytest.fixture
def plugged_with(tmp_path):
    """Build a bench whose simulator has these options."""
    built = []

    def build(**options):
        bench = type("Bench", (BosonBench,), {"simulator": options})(tmp_path)
        built.append(bench)
        return bench

    yield build
    for bench in built:
        bench.close()


def refuse(monkeypatch, function, code):
    """Let the simulator refuse one function."""
    obey = BosonDialect._obey

    def obey_or_refuse(dialect, asked, status, payload):
        if asked == function:
            raise _Refused(code)
        return obey(dialect, asked, status, payload)

    monkeypatch.setattr(BosonDialect, "_obey", obey_or_refuse)


def read_until(bench, device, status, reads=80):
    """Read on, a step of scene time each, until a frame has that status."""
    for _ in range(reads):
        bench.provoke()
        frame = device.read(2.0)
        if frame.status is status:
            return frame
        time.sleep(0.02)
    raise AssertionError(f"no frame was {status}")


def test_open_tells_serial_and_part_number(boson):
    with boson.device() as device:
        assert device.is_open
        info = device.open()
    assert (info.serial_number, info.model) == ("143502", "FLIR Boson SIMULATED-BOSON-R")


@pytest.mark.parametrize("serial_number", [0x8E9EAE, 0xAE8E9EAE, 0x9E9E9E9E, 0xAEAEAEAE, 0])
def test_every_number_passes_the_control_line(plugged_with, serial_number):
    bench = plugged_with(serial_number=serial_number)
    device = bench.device()
    assert device.open().serial_number == str(serial_number)
    device.close()


def test_a_camera_of_640_by_512_is_read(plugged_with):
    bench = plugged_with(rows=512, columns=640)
    with bench.device() as device:
        bench.provoke()
        assert device.read(2.0).shape == (512, 640)


@pytest.mark.parametrize("is_below", [False, True])
def test_telemetry_rows_are_no_picture(boson, is_below):
    boson.plugged.device.settings.has_telemetry = True
    boson.plugged.device.settings.is_telemetry_below = is_below
    with boson.device() as device:
        boson.provoke()
        frame = device.read(2.0)
    boson.check(frame)
    assert frame.status is FrameStatus.LIVE


def test_a_camera_that_is_not_radiometric_is_refused_in_words(plugged_with):
    bench = plugged_with(is_radiometric=False)
    with pytest.raises(OpenFailed, match="sends counts, not temperatures"):
        bench.device().open()


@pytest.mark.parametrize("code", [0x161, 0x1B0])
def test_a_camera_that_does_not_know_radiometry_is_refused_in_words(boson, monkeypatch, code):
    refuse(monkeypatch, 0x42007D, code)
    with pytest.raises(OpenFailed, match="sends counts, not temperatures"):
        boson.device().open()


def test_any_other_refusal_while_opening_is_told_with_its_code(boson, monkeypatch):
    refuse(monkeypatch, 0x42007D, 0x201)
    with pytest.raises(DeviceError, match=r"refuses 'is radiometric' \(code 201: error\)"):
        boson.device().open()


def test_a_setting_that_is_not_taken_is_told(boson):
    boson.turn_on("not_radiometric")
    with pytest.raises(DeviceError, match="does not take IR16_MODE 2, it stays at 0"):
        boson.device().open()


def test_a_picture_that_somebody_froze_is_stale(boson):
    with boson.device() as device:
        read_until(boson, device, FrameStatus.LIVE)
        boson.plugged.device.settings.is_frozen = True
        for _ in range(3):
            boson.provoke()
            frame = device.read(2.0)
        assert frame.status is FrameStatus.STALE
        boson.plugged.device.settings.is_frozen = False
        read_until(boson, device, FrameStatus.LIVE)


def test_counts_of_14_bits_are_no_temperatures(boson):
    with boson.device() as device:
        boson.plugged.device.settings.ir16_mode = 1
        boson.provoke()
        assert device.read(2.0).status is FrameStatus.NOT_RADIOMETRIC


def test_a_camera_that_finds_one_of_its_places_taken_leaves_the_other_free(boson, tmp_path):
    (tmp_path / "taken").write_text("data")
    port = int(boson.plugged.address["source"].rpartition(":")[2])
    boson.unplug()
    with pytest.raises(PortInUse, match="is no link"):
        plug_in(boson.site, "other", "boson", {"link": "taken", "port": port})
    boson.plug_in()


def test_a_camera_that_is_starting_is_waited_for(plugged_with):
    bench = plugged_with(boot_s=0.6)
    bench.do("restart")
    bench.clock.set_speed(1.0)
    begun_s = time.monotonic()
    with bench.device() as device:
        assert time.monotonic() - begun_s > 0.3
        assert device.read(2.0).shape == (256, 320)


def test_a_camera_that_never_starts_is_told(plugged_with, monkeypatch):
    monkeypatch.setattr("drivers.cameras.fslp._BOOT_S", 0.3)
    bench = plugged_with()
    bench.do("restart")
    with pytest.raises(OpenFailed, match="has not started"):
        bench.device().open()


@pytest.mark.parametrize(("state", "after_s"), [("imminent", 292.9), ("closed", 294.9)])
def test_the_shutter_is_told_and_its_end_too(plugged_with, state, after_s):
    # A correction ends every 300 s, takes five here, and is announced two seconds before.
    bench = plugged_with(correction_s=5.0)
    with bench.device() as device:
        bench.clock.step(after_s)
        statuses = []
        for _ in range(14):
            bench.clock.step(0.12)
            statuses.append(device.read(2.0).status)
            time.sleep(0.05)
        assert bench.plugged.truth()["shutter"] == state
        assert statuses[-1] is FrameStatus.SHUTTER
        opened_s = time.monotonic()
        bench.clock.step(8.0)
        frame = read_until(bench, device, FrameStatus.LIVE)
    assert frame.shutter_age_s <= time.monotonic() - opened_s


def test_a_correction_that_nobody_saw_is_known_by_its_frame(boson):
    with boson.device() as device:
        read_until(boson, device, FrameStatus.LIVE)
        ages, stepped_s = [], 0.0
        for number in range(60):
            # From before the correction to after it, in one step.
            boson.clock.step(302.0 if number == 30 else 0.2)
            stepped_s = time.monotonic() if number == 30 else stepped_s
            ages.append(device.read(2.0).shutter_age_s)
            time.sleep(0.02)
    assert np.sum(np.diff(ages) < 0) == 1
    assert ages[-1] <= time.monotonic() - stepped_s


def test_a_camera_that_is_deaf_while_it_corrects_itself_is_in_doubt_and_comes_back(plugged_with):
    bench = plugged_with(is_deaf_in_correction=True, correction_s=2.0)
    with bench.device() as device:
        read_until(bench, device, FrameStatus.LIVE)
        bench.do("correct")
        bench.clock.set_speed(1.0)
        statuses = []
        ends_s = time.monotonic() + 60
        while time.monotonic() < ends_s:
            statuses.append(device.read(2.0).status)
            if len(statuses) > 5 and statuses[-3:] == [FrameStatus.LIVE] * 3:
                break
    # Its picture stands at once; that it does not answer is doubt after a while.
    assert FrameStatus.SHUTTER in statuses
    assert statuses.count(FrameStatus.LIVE) <= 5
    assert statuses[-1] is FrameStatus.LIVE


def test_a_control_line_that_stays_silent_is_told_while_the_video_goes_on(
    plugged_with, monkeypatch
):
    monkeypatch.setattr("drivers.cameras.fslp.ANSWER_S", 0.05)
    bench = plugged_with(is_deaf_in_correction=True, correction_s=200.0)
    with bench.device() as device:
        bench.do("correct")
        with pytest.raises(DeviceTimeout, match=r"control line .* does not answer"):
            read_until(bench, device, None)


def test_a_control_line_that_refuses_every_question_is_told_with_its_code(boson, monkeypatch):
    with boson.device() as device:
        monkeypatch.setattr(type(boson.plugged.device), "is_ready", False)
        with pytest.raises(DeviceError, match="code 202: not ready"):
            read_until(boson, device, None)


@pytest.mark.parametrize("wire", ["video_unplugged", "control_unplugged"])
def test_one_plug_pulled_alone_is_told_and_put_back(boson, wire):
    device = boson.device()
    device.open()
    boson.turn_on(wire)
    with pytest.raises(DeviceDisconnected, match="plug"):
        read_until(boson, device, None)
    device.close()
    boson.turn_off(wire)

    def is_back():
        try:
            return bool(device.open())
        except DeviceError:
            return False

    ends_s = time.monotonic() + 60
    while not is_back() and time.monotonic() < ends_s:
        time.sleep(0.02)
    read_until(boson, device, FrameStatus.LIVE)
    device.close()


def test_a_camera_that_lost_its_settings_is_no_thermometer_until_it_has_them_again(boson, caplog):
    with boson.device() as device:
        read_until(boson, device, FrameStatus.LIVE)
        with caplog.at_level(logging.WARNING):
            boson.plugged.device.settings.is_tlinear = False
            boson.provoke()
            assert device.read(2.0).status is FrameStatus.NOT_RADIOMETRIC
            frame = read_until(boson, device, FrameStatus.LIVE, reads=120)
    boson.check(frame)
    assert boson.plugged.device.settings.is_tlinear
    assert "no longer sends temperatures" in caplog.text


def test_replies_to_earlier_requests_are_never_taken_for_this_one(boson):
    boson.turn_on("interleaved")
    device = boson.device()
    assert device.open().serial_number == "143502"
    for _ in range(20):
        boson.provoke()
        boson.check(device.read(2.0))
        time.sleep(0.02)
    device.close()


def test_a_control_line_that_echoes_is_read(boson):
    boson.turn_on("echo")
    with boson.device() as device:
        read_until(boson, device, FrameStatus.LIVE)


def test_a_busy_camera_is_told(boson, monkeypatch):
    monkeypatch.setattr("drivers.cameras.fslp._BOOT_S", 0.3)
    boson.turn_on("busy")
    with pytest.raises(OpenFailed, match="code 283"):
        boson.device().open()


@pytest.mark.parametrize("fault", ["truncated", "bit_flip"])
def test_opening_over_a_control_line_of_damaged_replies_is_told(boson, fault):
    boson.turn_on(fault)
    with pytest.raises((ProtocolError, DeviceTimeout)):
        boson.device().open()


def test_a_video_of_another_camera_is_refused_while_opening(plugged_with):
    with pytest.raises(ProtocolError, match="38400 bytes are no picture of a Boson"):
        plugged_with(rows=120, columns=160).device().open()
