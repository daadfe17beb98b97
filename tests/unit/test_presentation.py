from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.thermometers.presentation import (
    PointReading,
    PresentationDetector,
    PresentationRules,
    Presented,
)

RULES = PresentationRules()
PERIOD_S = 0.07


class Stream:
    """Feeds readings one period apart, and takes what is presented as a driver does."""

    def __init__(self, rules=RULES, own_c=22.0):
        self.detector = PresentationDetector(rules)
        self.own_c = own_c
        self.at_s = 100.0

    def feed(self, *objects_c, take=True):
        found = []
        for object_c in objects_c:
            self.at_s += PERIOD_S
            reading = PointReading(object_c, self.own_c, self.at_s)
            presented = self.detector.feed(reading)
            if presented is not None:
                found.append(presented)
                if take and presented.is_settled:
                    self.detector.take()
        return found


@pytest.fixture
def stream():
    stream = Stream()
    assert stream.feed(*[22.0] * 5) == []
    return stream


def test_a_jump_that_stands_still_is_one_sample_until_it_leaves(stream):
    assert stream.feed(28.0, 31.0, 33.5, *[34.1, 34.2, 34.0, 34.1, 34.2] * 20) == [
        Presented(34.1, True)
    ]
    assert stream.feed(22.0, 22.0, *[35.6] * 10) == [Presented(35.6, True)]


def test_what_does_not_stand_still_gives_none(stream):
    assert stream.feed(*[34.0, 34.3] * 30) == []


def test_exactly_two_tenths_stand_still(stream):
    assert stream.feed(*[34.0, 34.2] * 10) == [Presented(34.0, True)]


def test_four_readings_are_too_few_and_five_are_enough(stream):
    assert stream.feed(*[34.0] * 4) == []
    assert stream.feed(34.0) == [Presented(34.0, True)]


def test_readings_that_come_in_a_heap_are_too_short(stream):
    readings = [PointReading(34.0, 22.0, stream.at_s + 0.001 * each) for each in range(40)]
    assert [stream.detector.feed(each) for each in readings] == [None] * 40


@pytest.mark.parametrize(("object_c", "count"), [(27.0, 0), (27.1, 1)])
def test_the_jump_is_more_than_five_degrees_over_the_sensors_own_temperature(
    stream, object_c, count
):
    assert len(stream.feed(*[object_c] * 10)) == count


def test_a_configured_idle_level_stands_in_for_the_sensors_own_temperature():
    stream = Stream(PresentationRules(idle_c=28.0), own_c=None)
    assert stream.feed(*[28.0] * 5, *[32.9] * 10) == []
    assert stream.feed(*[28.0] * 5, *[33.1] * 10) == [Presented(33.1, True)]


def test_without_any_level_there_is_no_presentation():
    assert Stream(own_c=None).feed(*[22.0] * 5, *[36.0] * 20) == []


def test_what_is_there_from_the_beginning_is_no_presentation():
    assert Stream().feed(*[36.0] * 50) == []


def test_one_spoiled_reading_does_not_part_a_presentation_in_two(stream):
    assert len(stream.feed(*[34.0] * 10, 22.0, *[34.0] * 10)) == 1


def test_noise_about_the_limit_is_one_presentation(stream):
    assert len(stream.feed(*[27.1] * 10, *[26.9, 27.1] * 20)) == 1


def test_a_reading_without_a_value_begins_the_stability_anew(stream):
    assert stream.feed(*[34.0] * 4, None, *[34.0] * 4) == []


def test_a_presentation_that_was_not_taken_is_offered_again(stream):
    assert len(stream.feed(*[34.0] * 7, take=False)) == 3


def test_a_sensor_that_a_hand_has_warmed_gives_no_sample_and_says_so_once(stream):
    for step in range(60):
        stream.own_c = 30.0 - 0.05 * step
        stream.feed(22.0)
    found = []
    for step in range(60):
        stream.own_c = 27.0 - 0.05 * step
        found += stream.feed(34.0)
    assert found == [Presented(34.0, False)]


def test_a_warmed_sensor_measures_again_when_it_has_settled(stream):
    for step in range(60):
        stream.own_c = 27.0 - 0.05 * step
        stream.feed(34.0)
    stream.own_c = 24.0
    settled = stream.feed(*[34.0] * int(31 / PERIOD_S))
    assert settled == [Presented(34.0, True)]


def test_one_spoiled_own_temperature_is_no_warmed_sensor(stream):
    stream.own_c = 47.6
    stream.feed(22.0)
    stream.own_c = 22.0
    assert stream.feed(22.0, *[34.0] * 6) == [Presented(34.0, True)]


def test_rules_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="leave_c"):
        replace(RULES, leave_c=6.0)


VALUES = st.one_of(
    st.none(), st.floats(-60, 400), st.sampled_from([22.0, 34.0, 34.1]), st.floats(33.9, 34.2)
)


@given(st.lists(VALUES, max_size=120))
def test_whatever_comes_a_sample_is_a_value_that_was_read_and_they_are_apart(objects_c):
    stream, since = Stream(), None
    for object_c in objects_c:
        for presented in stream.feed(object_c):
            assert any(
                each is not None and abs(each - presented.object_c) < 0.0051 for each in objects_c
            )
            # Between two samples the sensor saw at least twice that nobody is there.
            assert since is None or since >= 2
            since = 0
        if since is not None and object_c is not None and object_c - 22.0 <= RULES.jump_c:
            since += 1
