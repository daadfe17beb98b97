"""What every live driver keeps, against its simulator on a real wire."""

import time
from contextlib import suppress

import pytest

from drivers.errors import (
    DeviceDisconnected,
    DeviceError,
    DeviceTimeout,
    OpenFailed,
    ProtocolError,
)
from drivers.registry import DeviceKind, list_drivers
from tests.support import wait_for

# Recordings end and a fixed source has no wire: no live devices, with tests of their own.
NOT_LIVE = {"recording", "fixed"}


def test_every_live_driver_has_a_bench(benches):
    live = {(entry.kind, entry.name) for entry in list_drivers() if entry.name not in NOT_LIVE}
    assert live == {(bench.kind, bench.name) for bench in benches}


def lost(bench):
    """What tells that the device is gone: whoever sends datagrams only hears that none come."""
    return DeviceDisconnected if bench.hears_unplugging else DeviceTimeout


def not_there(bench):
    return OpenFailed if bench.hears_unplugging else DeviceTimeout


def read(bench, device, timeout_s=None):
    bench.provoke()
    result = device.read(timeout_s or bench.patience_s)
    bench.check(result)
    return result


def read_until_it_ends(device):
    """Read what was still on its way, then what comes of a device that is gone."""
    for _ in range(5):
        device.read(0.5)


def test_open_says_who_answered_and_read_delivers(bench):
    with bench.device() as device:
        assert device.is_open
        read(bench, device)
        read(bench, device)
    assert not device.is_open


def test_info_names_the_registered_driver(bench):
    device = bench.device()
    info = device.open()
    device.close()
    assert info.driver == bench.name
    assert info.model


def test_closing_twice_or_before_opening_is_harmless(bench):
    device = bench.device()
    device.close()
    device.open()
    device.close()
    device.close()


def test_reading_a_closed_device_is_refused(bench):
    device = bench.device()
    with pytest.raises(DeviceDisconnected):
        device.read(0.1)
    device.open()
    device.close()
    with pytest.raises(DeviceDisconnected):
        device.read(0.1)


def test_opening_an_open_device_opens_it_again(bench):
    device = bench.device()
    device.open()
    read(bench, device)
    device.open()
    read(bench, device)
    device.close()


def test_silence_ends_at_the_timeout(bench):
    with bench.device() as device:
        bench.turn_on("silent")
        bench.let_through(device)
        begun_s = time.monotonic()
        if bench.is_silence_a_fault:
            with pytest.raises(DeviceTimeout):
                device.read(0.2)
        else:
            assert device.read(0.2) is None
        # It ends by itself; both cores may be busy with other work.
        assert 0.15 < time.monotonic() - begun_s < 20


def test_a_device_that_was_silent_is_read_again(bench):
    with bench.device() as device:
        bench.turn_on("silent")
        try:
            device.read(0.1)
        except DeviceTimeout:
            assert bench.is_silence_a_fault
        bench.turn_off("silent")
        read(bench, device)


def test_what_was_never_heard_is_not_taken_for_the_right_device(bench):
    if bench.kind is not DeviceKind.THERMOMETER:
        pytest.skip("it answers, or is lost")
    bench.turn_on("silent")
    device = bench.device()
    with suppress(DeviceTimeout):
        device.open()
        assert not device.is_heard
    bench.turn_off("silent")
    device.open()
    read(bench, device)
    assert device.is_heard
    device.close()


def test_a_slow_answer_within_the_timeout_is_read(bench):
    with bench.device() as device:
        bench.turn_on("slow")
        read(bench, device, timeout_s=bench.slow_timeout_s)


def test_a_pulled_plug_is_told(bench):
    device = bench.device()
    device.open()
    read(bench, device)
    bench.unplug()
    with pytest.raises(lost(bench)) as told:
        read_until_it_ends(device)
    assert "\n" not in str(told.value)
    device.close()


def test_a_plug_put_back_is_opened_again_with_the_same_device(bench):
    device = bench.device()
    device.open()
    bench.unplug()
    with pytest.raises(lost(bench)):
        read_until_it_ends(device)
    with pytest.raises(not_there(bench)):
        device.open()
    assert not device.is_open
    bench.plug_in()
    device.open()
    read(bench, device)
    device.close()


def test_disconnect_on_command_is_told(bench):
    device = bench.device()
    device.open()
    bench.turn_on("disconnect")

    def is_lost():
        try:
            device.read(0.1)
        except lost(bench):
            return True
        return False

    wait_for(is_lost)
    bench.turn_off("disconnect")

    def is_back():
        try:
            return bool(device.open())
        except DeviceError:
            return False

    wait_for(is_back)
    read(bench, device)
    device.close()


def test_a_torn_message_is_no_reading_and_the_next_one_is(bench):
    with bench.device() as device:
        bench.turn_on("truncated")
        bench.let_through(device)
        bench.provoke()
        try:
            assert device.read(0.2) is None
        except ProtocolError:
            pass
        bench.turn_off("truncated")
        try:
            read(bench, device)
        except ProtocolError:
            # On a busy machine the torn one comes only now.
            read(bench, device)


def test_another_device_is_refused_while_opening(bench):
    bench.turn_on("wrong_device")
    device = bench.device()
    with pytest.raises(ProtocolError) as refused:
        device.open()
        if not bench.tells_at_opening:
            bench.provoke()
            device.read(2.0)
    assert "received:" in str(refused.value)
    assert not bench.tells_at_opening or not device.is_open
    device.close()


def test_another_device_is_told_while_reading_and_the_stream_goes_on(bench):
    with bench.device() as device:
        bench.turn_on("wrong_device")
        bench.let_through(device)
        bench.provoke()
        with pytest.raises(ProtocolError):
            device.read(1.0)
        bench.turn_off("wrong_device")
        read(bench, device)


def test_an_address_with_nothing_behind_is_refused_in_one_sentence(bench):
    bench.unplug()
    with pytest.raises(not_there(bench)) as refused:
        bench.device().open()
    assert "\n" not in str(refused.value)
