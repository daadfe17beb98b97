from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.line_parser import LineParser
from drivers.references import hart913x_codec, m340_codec
from drivers.references.lines import Quantity
from drivers.references.settling import Settling

SPEECH = st.text("st:eu=c#0123456789RM.,-+CF \r\n", max_size=40).map(str.encode)


def decode_hart(line):
    return hart913x_codec.decode(line)


def decode_m340(line):
    return m340_codec.decode(line, 1)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"set: 37.00 C", (Quantity.SET_POINT, 37.0)),
        (b"t: 36.98 C", (Quantity.TEMPERATURE, 36.98)),
        (b"t:   36,98 C", (Quantity.TEMPERATURE, 36.98)),
        (b"T: 98.60 F", (Quantity.TEMPERATURE, 37.0)),
        (b"t: -12.50 C", (Quantity.TEMPERATURE, -12.5)),
        (b"s", None),
        (b"s=37.25", None),
        (b"u=c", None),
    ],
)
def test_hart_lines_say_what_they_are(line, answer):
    told = decode_hart(line)
    assert told == (answer and (answer[0], pytest.approx(answer[1])))


@pytest.mark.parametrize(
    "line",
    [b"36.98", b"t: 36.98", b"et: 37.00 C", b"t: 3698 C", b"t: nan C", b"t: 999.99 C", b"\xff"],
)
def test_anything_else_is_no_hart(line):
    with pytest.raises(ProtocolError):
        decode_hart(line)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"#01R00=20.0C", (Quantity.TEMPERATURE, 20.0)),
        (b"#01R01=37.0C", (Quantity.SET_POINT, 37.0)),
        (b"#01R00=98.6F", (Quantity.TEMPERATURE, 37.0)),
        (b"#01R00=36,9C", (Quantity.TEMPERATURE, 36.9)),
        (b"#01R00", None),
        (b"#02R00=80.0C", None),
        (b"#01M01 0200C", None),
        (b"#01R05=1", None),
    ],
)
def test_m340_lines_say_whose_and_what_they_are(line, answer):
    told = decode_m340(line)
    assert told == (answer and (answer[0], pytest.approx(answer[1])))


@pytest.mark.parametrize(
    "line", [b"%0101R0502.000J7", b"01R00=20.0C", b"#01R00=200C", b"#01R00=20.0", b"#01R00=999.0C"]
)
def test_anything_else_is_no_m340(line):
    with pytest.raises(ProtocolError):
        decode_m340(line)


def test_the_manual_s_own_set_command():
    assert m340_codec.encode_set_point(1, 20.0) == b"#01M01 0200C\r"
    assert m340_codec.encode_query(7, Quantity.TEMPERATURE) == b"#07R00\r"
    assert hart913x_codec.encode_set_point(37.0) == b"s=37.00\r"


@given(SPEECH | st.binary(max_size=40))
@example(b"#01R00=\x1c1.0C")
def test_any_bytes_give_a_possible_value_nothing_or_a_protocol_error(line):
    for decode in (decode_hart, decode_m340):
        try:
            answer = decode(line)
        except ProtocolError:
            continue
        assert answer is None or -40 <= answer[1] <= 600


def parse(*chunks):
    parser = LineParser()
    return [line for chunk in chunks for line in parser.feed(chunk)]


@given(st.lists(SPEECH, max_size=5).map(b"\r\n".join), st.lists(st.integers(0, 250)))
def test_the_chunking_of_lines_changes_nothing(data, cuts):
    cuts = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    assert parse(*(data[a:b] for a, b in pairwise(cuts))) == parse(data)


def test_a_source_has_settled_after_a_minute_near_its_set_point():
    settling = Settling()
    told = [settling.take(float(t), 36.95, 37.0) for t in range(0, 70, 10)]
    assert told == [False] * 6 + [True]
    assert not settling.take(70.0, 37.2, 37.0)
    assert not settling.take(80.0, 37.0, 37.0)


def test_a_source_that_was_not_looked_at_has_not_settled():
    settling = Settling()
    settling.take(0.0, 37.0, 37.0)
    assert not settling.take(100.0, 37.0, 37.0)
