"""What only an Omega OS530E can do."""

import pytest

from drivers.errors import DeviceError
from drivers.transport.serial_port import SerialTransport


@pytest.fixture
def omega(bench_of):
    return bench_of("OmegaOs530eBench")


def rebuilt(bench, **simulator):
    bench.unplug()
    bench.simulator = bench.simulator | simulator
    bench.plug_in()
    return bench


@pytest.mark.parametrize("celsius_flag", [0, 1])
def test_the_unit_is_known_whatever_its_flag_means(omega, celsius_flag):
    bench = rebuilt(omega, celsius_flag=celsius_flag)
    with bench.device() as device:
        bench.provoke()
        bench.check(device.read(5.0))


def test_one_that_streams_already_is_opened(omega):
    bench = rebuilt(omega, is_streaming=True)
    with bench.device(interval_s=2) as device:
        bench.provoke()
        bench.check(device.read(5.0))


def test_one_that_somebody_switches_to_fahrenheit_is_told_and_read_again_afterwards(omega):
    with omega.device() as device:
        omega.turn_on("fahrenheit")
        omega.provoke()
        with pytest.raises(DeviceError, match="back to °C"):
            device.read(5.0)
        omega.turn_off("fahrenheit")
        omega.provoke()
        omega.check(device.read(5.0))


def test_one_whose_unit_cannot_be_known_is_refused(omega):
    omega.turn_on("fahrenheit")
    with pytest.raises(DeviceError, match="does not tell which unit"):
        omega.device().open()


def test_one_that_says_nothing_is_told_after_its_interval(omega, monkeypatch):
    monkeypatch.setattr("drivers.thermometers.omega_os530e._LATE_S", -1.8)
    with omega.device() as device:
        omega.turn_on("silent")
        with pytest.raises(DeviceError, match="data transmission"):
            device.read(2.0)


def test_somebody_who_stays_is_measured_once_and_nobody_is_no_sample(omega):
    with omega.device() as device:
        assert device.read(0.5) is None
        omega.provoke()
        omega.check(device.read(5.0))
        assert device.read(0.5) is None


def test_closing_ends_the_stream(omega):
    device = omega.device()
    device.open()
    device.close()
    with SerialTransport(omega.plugged.address["port"], 9600) as port:
        port.discard()
        assert port.read(1, 0.5) == b""
