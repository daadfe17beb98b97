from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.line_parser import LineParser
from drivers.thermometers.raytek_mi3_codec import (
    Address,
    decode_number,
    decode_temperature,
    decode_unit,
)


def test_questions_and_answers_of_a_box_of_its_own():
    box = Address()
    assert box.query("T") == b"?T\r"
    assert box.volatile("E", "0.980") == b"E#0.980\r"
    assert box.value_of(b"!T36.6", "T") == "36.6"
    assert box.value_of(b"!XV0A0027", "XV") == "0A0027"


def test_a_head_stands_before_what_is_its_own_only():
    second = Address(head=2)
    assert (second.query("E"), second.query("XV")) == (b"?2E\r", b"?XV\r")
    assert second.value_of(b"!2E0.975", "E") == "0.975"
    assert second.value_of(b"!E0.975", "E") is None


def test_a_box_on_a_bus_is_called_by_three_digits():
    box = Address(box=17)
    assert box.query("E") == b"017?E\r"
    assert box.value_of(b"017E0.950", "E") == "0.950"
    assert box.value_of(b"018E0.950", "E") is None


@pytest.mark.parametrize("wrong", [{"head": 9}, {"box": 33}, {"box": 0}, {"head": 1, "box": 1}])
def test_an_address_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"head|box"):
        Address(**wrong)


def test_answers_to_another_question_and_bursts_are_passed_over():
    box = Address()
    for line in (b"!I24.1", b"UCT036.6I024.5E0.980", b"T36.6", b""):
        assert box.value_of(line, "T") is None


def test_a_syntax_error_is_told():
    with pytest.raises(ProtocolError, match="does not know what it was asked"):
        Address().value_of(b"*Syntax Error", "T")


@pytest.mark.parametrize("text", ["", "-----", "36,6", "nan", "inf", "1e3", "36.6C", ">999", "٣٦"])
def test_what_is_no_number_is_no_value(text):
    with pytest.raises(ProtocolError, match="no number"):
        decode_number(text)


def test_fahrenheit_is_converted_once():
    assert decode_temperature("98.6", is_fahrenheit=True) == 37.0
    assert decode_temperature("36.6", is_fahrenheit=False) == 36.6
    assert (decode_unit("C"), decode_unit("F")) == (False, True)


def test_an_unknown_unit_and_an_impossible_temperature_are_refused():
    with pytest.raises(ProtocolError, match="no unit"):
        decode_unit("K")
    with pytest.raises(ProtocolError, match="impossible"):
        decode_temperature("-300.0", is_fahrenheit=False)


@given(st.lists(st.binary(max_size=250), max_size=8), st.data())
def test_any_bytes_in_any_chunking_give_the_same_lines(pieces, data):
    stream = b"\r\n".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = [0, *sorted(cuts), len(stream)]
    parser, other = LineParser(), LineParser()
    found = [line for a, b in pairwise(edges) for line in parser.feed(stream[a:b])]
    assert found == other.feed(stream)
    assert parser.rest == other.rest


@given(st.binary(max_size=20))
def test_any_line_is_a_number_in_range_or_refused(line):
    box = Address()
    try:
        value = box.value_of(b"!T" + line, "T")
        value_c = decode_temperature(value, is_fahrenheit=False)
    except ProtocolError:
        return
    assert -50 <= value_c <= 3300
