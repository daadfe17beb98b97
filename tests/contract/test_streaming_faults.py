"""What only cameras that send by themselves can do wrong: HTPA on UDP, GY-MCU90640 on serial."""

import time

import numpy as np
import pytest

from drivers.cameras.htpa import FoundModule, find_modules
from drivers.errors import DeviceDisconnected, OpenFailed, ProtocolError
from drivers.registry import DeviceKind, create
from simulators.catalogue import plug_in
from simulators.clock import SceneClock
from simulators.site import Site
from station.core.frames import FrameStatus
from tests.support import wait_for


@pytest.fixture
def htpa(bench_of):
    return bench_of("Htpa80x64Bench")


@pytest.fixture
def device(htpa):
    with htpa.device() as device:
        yield device


@pytest.fixture
def plug(tmp_path):
    """Plug modules in beside each other."""
    site, plugged = Site(tmp_path, clock=SceneClock(1.0), seed=1), []

    def plug(model, name="module", **options):
        plugged.append(plug_in(site, name, model, options))
        return plugged[-1]

    yield plug
    for one in plugged:
        one.close()


def until(device, is_so, timeout_s=60.0):
    """Read until a frame is so."""
    ends_s = time.monotonic() + timeout_s
    while time.monotonic() < ends_s:
        frame = device.read(4.0)
        if is_so(frame):
            return frame
    raise AssertionError("no such frame came")


def test_the_module_tells_who_it_is_and_is_let_go_on_closing(htpa):
    device = htpa.device()
    info = device.open()
    assert (info.model, info.serial_number) == ("Heimann HTPA 80x64d", "0000004711")
    assert htpa.plugged.truth()["is_bound"]
    device.close()
    wait_for(lambda: not htpa.plugged.truth()["is_bound"])


def test_nothing_is_ever_sent_that_the_module_would_store(htpa, device):
    htpa.turn_on("not_radiometric")
    device.read(2.0)
    htpa.turn_off("not_radiometric")
    device.read(2.0)
    device.open()
    device.close()
    assert htpa.plugged.truth()["trim_writes"] == 0


def test_a_module_bound_to_another_computer_is_refused_in_words(htpa):
    htpa.turn_on("busy")
    with pytest.raises(OpenFailed, match="bound to another computer: stop the program there"):
        htpa.device().open()


def test_a_module_that_still_holds_to_us_is_taken_up(htpa):
    left_behind = htpa.device()
    left_behind.open()
    left_behind._transport.close()
    left_behind._transport = None
    with htpa.device() as device:
        htpa.check(device.read(2.0))


def test_a_restarted_module_is_called_again_after_two_seconds(htpa, device):
    device.read(2.0)
    htpa.do("restart")
    begun_s = time.monotonic()
    htpa.let_through(device)
    htpa.check(device.read(60.0))
    assert 1.8 < time.monotonic() - begun_s < 4.0


def test_another_module_at_the_address_is_no_longer_this_camera(htpa, device):
    htpa.unplug()
    htpa.simulator = htpa.simulator | {"serial_number": 12}
    htpa.plug_in()
    htpa.let_through(device)
    with pytest.raises(DeviceDisconnected, match=r"Another module answers .* \(0000000012\)"):
        device.read(5.0)


def test_raw_voltages_are_marked_as_no_temperatures(htpa, device):
    htpa.turn_on("not_radiometric")
    frame = until(device, lambda frame: frame.status is FrameStatus.NOT_RADIOMETRIC)
    assert frame.temperature_c.min() > 1000
    htpa.turn_off("not_radiometric")
    until(device, lambda frame: frame.status is FrameStatus.LIVE)


def test_a_program_of_this_computer_that_asks_for_voltages_is_overruled(device):
    device._transport.send(b"t")
    until(device, lambda frame: frame.status is FrameStatus.NOT_RADIOMETRIC)
    until(device, lambda frame: frame.status is FrameStatus.LIVE)


@pytest.mark.parametrize("name", ["Htpa80x64Bench", "Htpa32x32Bench"])
def test_datagrams_that_overtake_each_other_never_make_a_wrong_picture(bench_of, name):
    bench = bench_of(name)
    with bench.device() as device:
        bench.turn_on("reordered")
        for _ in range(4):
            try:
                bench.check(device.read(0.2))
            except ProtocolError as error:
                assert "bring it nearer" in str(error) or name == "Htpa32x32Bench"
        bench.turn_off("reordered")
        bench.check(until(device, bench.is_value))


def test_a_repeated_frame_is_stale(htpa, device):
    device.read(2.0)
    htpa.turn_on("frozen_frame")
    until(device, lambda frame: frame.status is FrameStatus.STALE)


def test_a_few_dead_pixels_leave_the_rest_of_the_picture(htpa, device):
    htpa.turn_on("dead_pixels")
    frame = until(device, lambda frame: frame.temperature_c.min() < -200)
    assert frame.status is FrameStatus.LIVE
    assert np.count_nonzero(frame.temperature_c < -200) == 4


def test_the_sensor_s_own_temperature_is_told_while_it_warms_up(htpa, device):
    assert device.sensor_c is None
    device.read(2.0)
    cold_c = device.sensor_c
    assert abs(cold_c - htpa.plugged.truth()["sensor_c"]) < 0.2
    htpa.clock.step(300.0)
    until(device, lambda _: device.sensor_c > cold_c + 3)
    device.close()
    assert device.sensor_c is None


def test_frames_are_numbered_so_that_skipped_ones_show(htpa, device):
    first = device.read(2.0)
    time.sleep(0.3)
    assert device.read(2.0).sequence > first.sequence + 3


def test_a_wrong_array_is_told_and_a_right_one_helps(htpa):
    with htpa.device(array="60x40d") as device, pytest.raises(ProtocolError, match="60x40d: name"):
        device.read(0.3)
    with htpa.device(array="80x64d") as device:
        htpa.check(device.read(2.0))


def test_every_module_on_the_network_is_found(plug):
    first = plug("htpa-udp", host="127.0.0.2", array="32x32d", serial_number=32)
    port = first.address["port"]
    plug("htpa-udp", host="127.0.0.3", port=port, array="8x8", serial_number=8)
    options = {"port": port, "local_host": "127.0.0.1", "local_port": 0}
    assert find_modules("127.255.255.255", wait_s=0.4, **options) == [
        FoundModule("127.0.0.2", "Heimann HTPA 32x32d", "0000000032"),
        FoundModule("127.0.0.3", "Heimann HTPA 8x8", "0000000008"),
    ]
    # A camera that uses our port does not keep others from asking.
    with create(DeviceKind.CAMERA, "htpa-udp", **first.address) as camera:
        taken = camera._transport._socket.getsockname()[1]
        assert len(find_modules("127.255.255.255", wait_s=0.4, **options | {"local_port": taken}))


def test_a_network_that_cannot_be_reached_is_told():
    with pytest.raises(OpenFailed, match="Nothing can be sent to"):
        find_modules("127.255.255.255", local_host="192.0.2.1", wait_s=0.1)


def test_a_module_in_query_mode_is_made_to_stream(plug):
    module = plug("gy-mcu90640", is_automatic=False, baud=460_800, rate_hz=8.0)
    with create(DeviceKind.CAMERA, "gy-mcu90640", **module.address) as camera:
        assert camera.read(1.0).shape == (24, 32)
        assert abs(camera.sensor_c - 22.0) < 1.0


def test_a_module_whose_sums_do_not_fit_can_be_observed(plug):
    module = plug("gy-mcu90640", sums_fit=False, baud=460_800, rate_hz=8.0)
    options = {"checksum": "observe"}
    with create(DeviceKind.CAMERA, "gy-mcu90640", **module.address, **options) as camera:
        assert camera.read(1.0).status is FrameStatus.LIVE
    with pytest.raises(ProtocolError, match="observe"):
        create(DeviceKind.CAMERA, "gy-mcu90640", **module.address).open()


@pytest.mark.parametrize(
    ("model", "options"),
    [("htpa-udp", {"array": "64x80"}), ("gy-mcu90640", {"baud": 57_600})],
)
def test_simulated_modules_that_do_not_exist_are_refused(plug, model, options):
    with pytest.raises(ValueError, match=r"there is no array|it knows 9600"):
        plug(model, **options)
