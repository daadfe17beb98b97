"""Key events to readings: any chunking gives the same, and no other typing gives a number."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.wedge_codec import TypedReading, WedgeParser, decode_line

KEYS = {**{str(d): d + 1 for d in range(1, 10)}, "0": 11, ".": 52, ",": 51, "\n": 28, "x": 45}


def events(text):
    return b"".join(
        struct.pack("<qqHHi", 1, 2, 1, KEYS[letter], value) for letter in text for value in (1, 0)
    )


@pytest.mark.parametrize(
    ("line", "celsius", "is_plausible"),
    [
        ("37.4", 37.4, True),
        ("36,6", 36.6, True),
        ("38.45 C", 38.45, True),
        ("98.6F", 37.0, True),
        ("98.6", 37.0, True),
        ("51.0", 51.0, False),
        ("101.0C", 101.0, False),
    ],
)
def test_a_line_is_a_temperature_in_celsius(line, celsius, is_plausible):
    assert decode_line(line) == TypedReading(celsius, is_plausible)


@pytest.mark.parametrize("line", ["384", "7.4", "38.", "38.4.1", "3?.4", "LO", "38.444"])
def test_what_is_no_whole_reading_gives_no_number(line):
    assert isinstance(decode_line(line), ProtocolError)


@given(cuts=st.lists(st.integers(0, 800), max_size=8))
def test_any_chunking_gives_the_same_readings(cuts):
    stream, parser, found = events("37.4\n38.1\n"), WedgeParser(), []
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for i in range(len(edges) - 1):
        found += parser.feed(stream[edges[i] : edges[i + 1]])
    assert found == [TypedReading(37.4, True), TypedReading(38.1, True)]


def test_a_key_that_no_reading_has_spoils_its_line():
    bad, good = WedgeParser().feed(events("3x7.4\n36.6\n"))
    assert isinstance(bad, ProtocolError)
    assert good == TypedReading(36.6, True)


def test_holding_a_key_types_it_once():
    held = struct.pack("<qqHHi", 1, 2, 1, KEYS["3"], 2)
    stream = events("3") + held + events("6.6\n")
    assert WedgeParser().feed(stream) == [TypedReading(36.6, True)]


@given(data=st.binary(max_size=300))
def test_garbage_gives_errors_at_most(data):
    for item in WedgeParser().feed(data):
        assert isinstance(item, ProtocolError)
