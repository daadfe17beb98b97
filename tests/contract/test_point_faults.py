"""What only fixed point thermometers and Modbus devices can do."""

import time

import pytest

from drivers.errors import DeviceError, DeviceTimeout, OpenFailed, ProtocolError
from drivers.registry import create
from simulators.dialects.calex_modbus import CalexModbusDialect

POINTS = ["GyMcu90614Bench", "OptrisCtBench", "RaytekMi3Bench", "CalexModbusBench"]


@pytest.fixture(params=POINTS, ids=lambda name: name.removesuffix("Bench"))
def point(request, bench_of):
    return bench_of(request.param)


@pytest.fixture
def modbus(bench_of):
    return bench_of("CalexModbusBench")


@pytest.fixture
def room(bench_of):
    return bench_of("ModbusRoomBench")


def rebuilt(bench, **simulator):
    """Plug it in again with other options of the simulator."""
    bench.unplug()
    bench.simulator = bench.simulator | simulator
    bench.plug_in()
    return bench


def measured(bench, device):
    bench.provoke()
    sample = device.read(5.0)
    bench.check(sample)
    return sample


def test_somebody_who_stays_is_measured_once(point):
    with point.device() as device:
        measured(point, device)
        assert device.read(0.5) is None


def test_nobody_before_it_is_no_sample(point):
    with point.device() as device:
        assert device.read(0.5) is None


def test_what_was_there_before_opening_is_no_sample(point):
    point.provoke()
    point.clock.step(1.0)
    for _ in range(5):
        point.plugged.device.measure()
    with point.device() as device:
        assert device.read(0.7) is None


def test_a_sensor_warmed_by_a_hand_gives_no_sample_and_says_what_to_do(point):
    with point.device() as device:
        # So long on a busy machine, too, for some readings of a sensor that is as warm as its room.
        assert device.read(1.5) is None
        point.turn_on("warmed")
        assert device.read(1.0) is None
        point.provoke()
        with pytest.raises(DeviceError, match="leave it alone for some minutes"):
            device.read(5.0)
        assert device.read(0.3) is None


def test_a_cold_or_hot_thing_is_no_person(point):
    with point.device() as device:
        point.do("trigger", temperature_c=80.0)
        sample = device.read(5.0)
        assert sample.temperature_c == pytest.approx(77.5, abs=0.2)
        assert not sample.is_plausible


def test_a_module_that_streams_already_is_opened(bench_of):
    bench = rebuilt(bench_of("GyMcu90614Bench"), is_streaming=True)
    with bench.device() as device:
        measured(bench, device)


def test_a_module_that_lost_its_power_is_told_to_stream_again(bench_of):
    bench = bench_of("GyMcu90614Bench")
    with bench.device() as device:
        measured(bench, device)
        bench.do("restart")
        with pytest.raises(DeviceTimeout, match="has stopped talking"):
            device.read(0.3)
        measured(bench, device)


def test_a_cousin_module_is_named_as_an_unsupported_variant(bench_of):
    bench = bench_of("GyMcu90614Bench")
    bench.turn_on("wrong_device")
    with pytest.raises(ProtocolError, match="unsupported variant"):
        bench.device().open()


def test_a_module_that_tells_the_same_to_the_last_bit_hangs(bench_of, monkeypatch):
    bench = bench_of("GyMcu90614Bench")
    monkeypatch.setattr("drivers.thermometers.gy_mcu90614._STUCK_S", 0.3)
    with bench.device() as device:
        bench.turn_on("stuck")
        with pytest.raises(DeviceError, match="Take it off its power"):
            device.read(3.0)


def test_a_high_resolution_model_read_as_a_usual_one_is_refused(bench_of):
    bench = rebuilt(bench_of("OptrisCtBench"), is_hs=True)
    with pytest.raises(ProtocolError, match="high-resolution"):
        bench.device().open()
    with bench.device(is_hs=True) as device:
        measured(bench, device)


def test_a_ct_takes_its_emissivity_and_one_without_check_byte_is_told(bench_of):
    bench = bench_of("OptrisCtBench")
    with bench.device(emissivity=0.98) as device:
        measured(bench, device)
    assert bench.plugged.device.emissivity == 0.98
    with pytest.raises(DeviceError):
        bench.device(emissivity=0.97, family="cs").open()


def test_a_thermometer_on_a_bus_is_called_by_its_address(bench_of):
    bench = rebuilt(bench_of("OptrisCtBench"), bus_address=5, has_check=False)
    with bench.device(bus_address=5, family="cs", emissivity=0.98) as device:
        measured(bench, device)


def test_a_unit_that_was_left_in_burst_mode_is_called_back(bench_of):
    bench = rebuilt(bench_of("RaytekMi3Bench"), is_burst=True)
    with bench.device() as device:
        measured(bench, device)


@pytest.mark.parametrize("name", ["RaytekMi3Bench", "CalexModbusBench"])
def test_an_emissivity_that_was_lost_with_power_is_set_again_before_a_sample(bench_of, name):
    bench = bench_of(name)
    with bench.device(emissivity=0.98) as device:
        assert bench.plugged.device.emissivity == 0.98
        bench.do("restart")
        measured(bench, device)
        assert bench.plugged.device.emissivity == 0.98


def test_an_emissivity_that_is_not_taken_is_told(modbus, monkeypatch):
    monkeypatch.setattr(CalexModbusDialect, "write_register", lambda *_: None)
    with pytest.raises(DeviceError, match="does not take the emissivity"):
        modbus.device(emissivity=0.98).open()


def test_the_other_map_is_read_by_its_type(modbus):
    bench = rebuilt(modbus, kind=22)
    device = bench.device(emissivity=0.98)
    assert device.open().model == "PyroUSB PUA2"
    measured(bench, device)
    device.close()


def test_another_modbus_device_is_no_thermometer(modbus):
    bench = rebuilt(modbus, kind=99)
    with pytest.raises(ProtocolError, match="type 99"):
        bench.device().open()


def test_a_status_bit_is_told_and_is_no_sample(modbus):
    with modbus.device() as device:
        modbus.turn_on("sentinel")
        with pytest.raises(DeviceError, match="a measuring error"):
            device.read(1.0)


@pytest.mark.parametrize("name", ["CalexModbusBench", "ModbusRoomBench"])
def test_an_adapter_that_echoes_is_read(bench_of, name):
    bench = bench_of(name)
    bench.turn_on("echo")
    with bench.device() as device:
        measured(bench, device)


def test_an_adapter_that_echoes_proves_no_write(modbus):
    modbus.turn_on("echo")
    modbus.device(emissivity=0.98).open()
    assert modbus.plugged.device.emissivity == 0.98


@pytest.mark.parametrize("name", ["CalexModbusBench", "ModbusRoomBench"])
def test_an_exception_is_told_in_words_and_the_next_answer_is_read(bench_of, name):
    bench = bench_of(name)
    with bench.device() as device:
        bench.turn_on("busy")
        with pytest.raises(ProtocolError, match="exception 4: it cannot measure"):
            device.read(1.0)
        bench.turn_off("busy")
        measured(bench, device)


def test_another_address_is_another_device(room):
    with pytest.raises(DeviceTimeout, match="address 2 does not answer"):
        room.device(address=2).open()


def test_a_late_answer_is_never_taken_for_that_of_a_later_question(room):
    with room.device() as device:
        room.turn_on("slow")
        for _ in range(3):
            room.clock.step(60.0)
            with pytest.raises(DeviceTimeout):
                device.read(0.1)
        room.clock.step(60.0)
        # Four answers to questions that were given up come first.
        room.check(device.read(10.0))
        room.turn_off("slow")
        room.clock.step(60.0)
        room.check(device.read(1.0))


@pytest.mark.parametrize("name", ["OptrisCtBench", "RaytekMi3Bench", "CalexModbusBench"])
def test_late_answers_of_a_thermometer_are_passed_over(bench_of, name):
    bench = bench_of(name)
    with bench.device() as device:
        bench.turn_on("slow")
        for _ in range(2):
            with pytest.raises(DeviceTimeout):
                device.read(0.1)
        bench.turn_off("slow")
        measured(bench, device)


@pytest.mark.parametrize("name", POINTS[1:])
def test_an_answer_under_way_when_a_call_ends_is_no_silence(bench_of, name):
    bench = bench_of(name)
    with bench.device() as device:
        assert device.read(0.5) is None
        bench.turn_on("slow")
        assert [device.read(1.2) for _ in range(3)] == [None] * 3


@pytest.mark.parametrize("name", [*POINTS[1:], "ModbusRoomBench"])
@pytest.mark.parametrize("timeout_s", [0.05, 0.3, 1.0])
def test_time_limits_hold_whatever_babbles(bench_of, name, timeout_s):
    bench = bench_of(name)
    with bench.device() as device:
        bench.turn_on("wrong_device")
        begun_s = time.monotonic()
        with pytest.raises(DeviceError):
            for _ in range(3):
                device.read(timeout_s)
        # Both cores may be busy with other work.
        assert time.monotonic() - begun_s < 3 * timeout_s + 20


def test_a_port_that_does_not_exist_is_refused_in_one_sentence(point):
    device = create(point.kind, point.name, port="/dev/serial/by-id/nothing")
    with pytest.raises(OpenFailed) as refused:
        device.open()
    assert "\n" not in str(refused.value)
