from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.line_parser import LineParser
from drivers.references import fluke418x_codec as codec
from drivers.references.lines import decode_number, decode_temperature

DECODERS = (
    codec.decode_identity,
    decode_number,
    decode_temperature,
    codec.decode_emissivity,
    codec.decode_flag,
    codec.decode_error,
)


def parse(*chunks):
    parser = LineParser()
    return [line for chunk in chunks for line in parser.feed(chunk)]


def test_the_page_s_own_bytes_of_a_query():
    assert codec.encode(codec.TEMPERATURE) == bytes.fromhex(
        "53 4F 55 52 3A 53 45 4E 53 3A 44 41 54 41 3F 0D"
    )
    assert codec.encode_set_point(37.0) == b"SOUR:SPO 37.00\r"


def test_answers_end_in_cr_alone_or_with_a_line_feed():
    assert parse(b"36.98\r37.00\r\n", b"\r37.02", b"\r") == [b"36.98", b"37.00", b"37.02"]


def test_of_a_line_too_long_for_any_source_no_tail_is_taken_for_an_answer():
    assert parse(b"x" * 300, b"36.98\r37.00\r") == [b"x" * 201, b"37.00"]


@pytest.mark.parametrize(
    ("line", "value"),
    [(b"36.98", 36.98), (b"36,98", 36.98), (b"+3.698E+01", 36.98), (b"-12.5", -12.5), (b"37", 37)],
)
def test_numbers_with_point_comma_or_exponent(line, value):
    assert decode_temperature(line) == pytest.approx(value)


@pytest.mark.parametrize(
    "line", [b"", b"t: 36.98 C", b"1,234.5", b"nan", b"inf", b"36.98 C", b"1e9", b"\xff", b"3_7"]
)
def test_anything_else_is_no_temperature(line):
    with pytest.raises(ProtocolError):
        decode_temperature(line)


@pytest.mark.parametrize("line", [b"2", b"0.5", b"on"])
def test_a_flag_is_0_or_1(line):
    with pytest.raises(ProtocolError):
        codec.decode_flag(line)
    assert codec.decode_flag(b"1") is True
    assert codec.decode_flag(b"0") is False


@pytest.mark.parametrize("line", [b"0", b"1.2", b"-0.95"])
def test_an_emissivity_is_a_share(line):
    with pytest.raises(ProtocolError):
        codec.decode_emissivity(line)


def test_the_identity_names_model_and_serial_number():
    assert codec.decode_identity(b"FLUKE,4181,B01234,1.20") == ("Fluke 4181", "B01234")
    assert codec.decode_identity(b"Hart, 4180, A9, 0.9") == ("Hart 4180", "A9")


@pytest.mark.parametrize(
    "line",
    [b"FLUKE,8846A,1,2", b"KEITHLEY,4180,1,2", b"FLUKE,4180", b"\x00\x01", b"FLUKE,4180,\x07,1"],
)
def test_another_instrument_is_refused_with_what_it_said(line):
    with pytest.raises(ProtocolError, match=r"no Fluke 4180 or 4181.*received"):
        codec.decode_identity(line)


def test_errors_of_the_queue_are_told():
    assert codec.decode_error(b'0,"No error"') == ""
    assert codec.decode_error(b'-222,"Data out of range"') == "Data out of range"
    assert codec.decode_error(b"-350") == "error -350"
    with pytest.raises(ProtocolError):
        codec.decode_error(b"fine")


def test_an_echo_is_known_as_one():
    assert codec.is_echo(b"sour:spo?", codec.SET_POINT)
    assert not codec.is_echo(b"37.00", codec.SET_POINT)


def test_the_beginning_of_a_line_without_end_comes_at_once_and_no_decoder_takes_it():
    (beginning,) = parse(b"x" * 10_000)
    for decode in DECODERS:
        with pytest.raises(ProtocolError):
            decode(beginning)


def test_no_line_is_lost_beside_a_line_without_end():
    lines = parse(b"36.98\r" + b"x" * 500 + b"\r37.00\r")
    assert (lines[0], lines[-1]) == (b"36.98", b"37.00")


@given(st.lists(st.binary(max_size=150), max_size=4).map(b"\r".join), st.lists(st.integers(0, 600)))
def test_the_chunking_changes_nothing(data, cuts):
    cuts = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    assert parse(*(data[a:b] for a, b in pairwise(cuts))) == parse(data)


@given(st.binary(max_size=60) | st.text('0123456789.,-+eE \x1c"', max_size=12).map(str.encode))
@example(b"\x1c0")
def test_any_bytes_give_a_value_or_a_protocol_error(line):
    for decode in DECODERS:
        try:
            value = decode(line)
        except ProtocolError:
            continue
        if decode is decode_temperature:
            assert -40 <= value <= 600
        if decode is codec.decode_emissivity:
            assert 0 < value <= 1
