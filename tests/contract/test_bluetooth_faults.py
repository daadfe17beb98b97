"""What only a Bluetooth thermometer with a memory can do."""

import pytest

from simulators.dialects.taidoc import TaidocDialect
from station.core.cases import ReadingMode, TrustClass


@pytest.fixture
def taidoc(bench_of):
    return bench_of("TaidocBench")


def trigger_and_read(bench, device, temperature_c=37.4):
    bench.do("trigger", temperature_c=temperature_c)
    return device.read(60.0)


def test_two_people_of_one_temperature_within_a_minute_are_two_readings(taidoc):
    with taidoc.device() as device:
        read = [trigger_and_read(taidoc, device) for _ in range(2)]
    assert [sample.temperature_c for sample in read] == [37.4, 37.4]


def test_a_record_that_is_shown_again_is_no_second_reading(taidoc):
    with taidoc.device() as device:
        assert trigger_and_read(taidoc, device) is not None
        taidoc.turn_on("stuck")
        taidoc.do("trigger", temperature_c=37.9)
        assert device.read(1.0) is None


def test_a_model_that_does_not_tell_its_number_of_records_is_read(taidoc, monkeypatch):
    written = TaidocDialect.written

    def without_number(dialect, characteristic, data):
        return [] if data[1] == 0x2B else written(dialect, characteristic, data)

    monkeypatch.setattr(TaidocDialect, "written", without_number)
    with taidoc.device() as device:
        assert trigger_and_read(taidoc, device, 38.2).temperature_c == 38.2


def test_what_was_measured_of_an_object_is_no_body_temperature(taidoc):
    with taidoc.device() as device:
        taidoc.turn_on("surface_mode")
        sample = trigger_and_read(taidoc, device)
    assert (sample.mode, sample.trust) == (ReadingMode.SURFACE, TrustClass.SURFACE)
