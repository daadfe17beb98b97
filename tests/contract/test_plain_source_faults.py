"""What only sources without checksum, stability flag and switch can do: Hart 913x and M340."""

import pytest

from drivers.errors import DeviceError, OpenFailed, ProtocolError
from drivers.registry import create


@pytest.fixture(params=["Hart913xBench", "M340Bench"])
def plain(request, bench_of):
    return bench_of(request.param)


def agree(change):
    return True


@pytest.mark.parametrize("fault", ["echo", "interleaved", "fahrenheit", "comma", "split"])
def test_what_the_line_and_the_last_user_add_is_read_right(plain, fault):
    plain.turn_on(fault)
    with plain.device() as device:
        for _ in range(3):
            plain.provoke()
            plain.check(device.read(2.0))


@pytest.mark.parametrize("fault", [None, "echo", "fahrenheit"])
def test_a_set_point_changes_only_after_that_very_change_was_confirmed(plain, fault):
    asked = []
    if fault:
        plain.turn_on(fault)
    with plain.device() as device:
        assert device.change_set_point(37.5, asked.append, 2.0) is False
        assert plain.source.set_point_c == 35.0
        (change,) = asked
        assert (change.from_c, change.to_c) == (pytest.approx(35.0), 37.5)
        assert device.change_set_point(37.5, agree, 2.0) is True
        assert plain.source.set_point_c == 37.5
        plain.clock.step(900.0)
        plain.check(device.read(2.0))


def test_a_source_that_does_not_take_its_set_point_is_told(plain):
    plain.source._range_c = (0.0, 36.0)
    with plain.device() as device:
        with pytest.raises(DeviceError, match=r"set to 38\.00 °C and stays at 35\.00 °C"):
            device.change_set_point(38.0, agree, 2.0)


def test_parity_that_the_serial_server_hands_on_tells_how_to_set_it(bench_of):
    source = bench_of("M340Bench")
    source.turn_on("parity")
    with pytest.raises(ProtocolError, match="7 data bits, odd parity"):
        source.device().open()


def test_another_address_on_the_bus_stays_silent(bench_of):
    with pytest.raises(DeviceError, match="its address 7"):
        bench_of("M340Bench").device(address=7).open()


def test_a_terminal_that_cannot_carry_seven_bits_is_refused_in_one_sentence(bench_of):
    gun = bench_of("FefdBench")
    device = create(bench_of("M340Bench").kind, "m340", port=gun.plugged.address["port"])
    with pytest.raises(OpenFailed, match="cannot be opened"):
        device.open()
