"""What only a reference source on a wire can do."""

import pytest

from drivers.errors import DeviceError, DeviceTimeout, OpenFailed, ProtocolError
from drivers.registry import create

PATIENCE_S = 5.0
"""For a source on a busy machine that has half an hour to live through between two answers."""


def agree(change):
    return True


def test_opening_and_reading_change_nothing_on_the_source(source):
    source.source.set_point_c = 41.5
    with source.device() as device:
        device.read(PATIENCE_S)
        assert device.emissivity == 0.95
    assert source.source.set_point_c == 41.5
    assert not source.source.is_heating


def test_a_set_point_changes_only_after_that_very_change_was_confirmed(source):
    asked = []

    def refuse(change):
        asked.append(change)
        return False

    with source.device() as device:
        assert device.change_set_point(37.25, refuse, PATIENCE_S) is False
        assert (source.source.set_point_c, source.source.is_heating) == (35.0, False)
        (change,) = asked
        assert (change.from_c, change.to_c, change.starts_heating) == (35.0, 37.25, True)
        assert device.change_set_point(37.25, agree, PATIENCE_S) is True
        assert (source.source.set_point_c, source.source.is_heating) == (37.25, True)
        device.stop_heating(PATIENCE_S)
        assert not source.source.is_heating


@pytest.mark.parametrize("to_c", [19.9, 50.1, 80.0, float("nan")])
def test_a_set_point_outside_screening_is_refused_before_anybody_is_asked(source, to_c):
    with source.device() as device:
        with pytest.raises(ValueError, match="within 20 to 50 °C"):
            device.change_set_point(to_c, pytest.fail, PATIENCE_S)
    assert source.source.set_point_c == 35.0


def test_it_approaches_its_set_point_and_tells_when_it_is_stable(source):
    with source.device() as device:
        device.change_set_point(37.0, agree, PATIENCE_S)
        source.clock.step(90.0)
        state = device.read(PATIENCE_S)
        # After one time constant 63 % of the way from the room's 22 °C is done.
        assert state.temperature_c == pytest.approx(22 + 0.632 * 15, abs=0.15)
        assert not state.is_stable
        source.clock.step(900.0)
        state = device.read(PATIENCE_S)
        assert state.temperature_c == pytest.approx(37.0, abs=0.1)
        assert state.is_stable


def test_it_is_not_stable_while_it_swings(source):
    with source.device() as device:
        device.change_set_point(37.0, agree, PATIENCE_S)
        source.clock.step(2000.0)
        source.turn_on("unsettled")
        assert not device.read(PATIENCE_S).is_stable


@pytest.mark.parametrize("fault", ["fahrenheit", "comma", "split"])
def test_what_the_last_user_left_and_torn_answers_are_read_right(source, fault):
    source.turn_on(fault)
    with source.device() as device:
        source.provoke()
        source.check(device.read(2.0))


def test_a_tripped_cut_out_is_told_and_cannot_be_heated_over(source):
    with source.device() as device:
        source.turn_on("cut_out")
        assert "cut-out has tripped" in device.read(PATIENCE_S).fault
        with pytest.raises(DeviceError, match="does not switch its output on"):
            device.change_set_point(37.0, agree, PATIENCE_S)


def test_the_speech_of_another_source_is_no_temperature(source):
    with source.device() as device:
        source.turn_on("wrong_device")
        with pytest.raises(ProtocolError, match=r"received: 74 3a"):
            device.read(PATIENCE_S)


def test_a_late_answer_is_never_taken_for_the_answer_to_another_query(source):
    with source.device() as device:
        device.read(PATIENCE_S)
        source.turn_on("slow")
        with pytest.raises(DeviceTimeout):
            device.read(0.4)
        # The answer to what was given up comes a tenth of a second into this one.
        source.check(device.read(10.0))
        source.turn_off("slow")
        source.check(device.read(PATIENCE_S))


def test_a_source_that_does_not_take_its_set_point_is_told(source, monkeypatch):
    with source.device() as device:
        taken = type(source.source).set_point_c.fget
        monkeypatch.setattr(type(source.source), "set_point_c", property(taken, lambda *_: None))
        with pytest.raises(DeviceError, match=r"set to 38\.00 °C and stays at 35\.00 °C"):
            device.change_set_point(38.0, agree, PATIENCE_S)


def test_a_port_that_does_not_exist_is_refused_in_one_sentence(source):
    device = create(source.kind, source.name, port="/dev/serial/by-id/nothing")
    with pytest.raises(OpenFailed) as refused:
        device.open()
    assert "\n" not in str(refused.value)
