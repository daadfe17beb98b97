from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.thermometers.omega_os530e import OmegaOs530e
from drivers.thermometers.omega_os530e_codec import OmegaParser, OmegaRecord, is_interval_confirmed

# Manual, 2.3.13, the only example; where its lines break is not told.
EXAMPLE = (
    b"OS534; E:95; MAX:78; MIN:65; DIF:13; AVG:72; DIS:1144; HAL:900; TC:74; TEF:0; LAL:20; "
    b"AMB:125; PRN:5; PRNF:1; IR:73; CF:0; FF:1; LF: 0:\r\nEnd\r\n"
)
RECORD = OmegaRecord("OS534", 73, 0, 5)


def parse(*chunks):
    """What came out, errors by their bytes."""
    parser = OmegaParser()
    found = [item for chunk in chunks for item in parser.feed(chunk)]
    return [item.raw if isinstance(item, ProtocolError) else item for item in found]


def test_the_makers_example_is_a_record():
    assert parse(EXAMPLE) == [RECORD]


@pytest.mark.parametrize("end", [b"", b"\r", b"\n", b"\r\n"])
def test_blanks_and_line_ends_count_for_nothing(end):
    broken = EXAMPLE.replace(b"; ", b";" + end).replace(b"\r\n", end)
    assert parse(broken, EXAMPLE) == [RECORD, RECORD]


@pytest.mark.parametrize(
    ("part", "spoiled"),
    [
        (b"IR:73", b"IR:----"),
        (b"IR:73", b"IR:9999"),
        (b"IR:73", b"IR"),
        (b"IR:73", b"TC:73"),
        (b"IR:73; ", b""),
        (b"CF:0", b"CF:2"),
        (b"PRN:5", b"PRN:0"),
        (b"PRN:5", b"PRN:x"),
        (b"OS534", b"OS53x"),
    ],
)
def test_a_spoiled_record_is_none_and_the_next_one_is(part, spoiled):
    assert parse(EXAMPLE.replace(part, spoiled), EXAMPLE) == [RECORD]


def test_a_lost_beginning_and_a_lost_end_cost_only_themselves():
    assert parse(EXAMPLE[40:], EXAMPLE[:80], EXAMPLE) == [RECORD]


def test_so_much_noise_as_the_end_of_a_record_is_skipped_and_more_is_another_device():
    assert parse(EXAMPLE[3:], EXAMPLE) == [RECORD]
    assert parse(b"x" * 148 + EXAMPLE) == [RECORD]
    assert parse(b"x" * 151 + EXAMPLE) == [b"x" * 151, RECORD]


def test_records_that_never_end_are_told_as_torn():
    (error,) = OmegaParser().feed(EXAMPLE[:80] * 26)
    assert "are torn: check its cable" in str(error)


@pytest.mark.parametrize(
    ("answer", "is_confirmed"),
    [(b"PRN:5\r\n", True), (b"PRN: 5", True), (b"PRN:50", False), (b"E:95", False), (b"", False)],
)
def test_an_interval_is_confirmed_by_its_own_number(answer, is_confirmed):
    assert is_interval_confirmed(answer, 5) is is_confirmed


@pytest.mark.parametrize("interval_s", [0, 61, 1.5])
def test_an_interval_that_cannot_be_set_is_refused(interval_s):
    with pytest.raises(ValueError, match="1 to 60"):
        OmegaOs530e(port="/dev/omega", idle_c=22, interval_s=interval_s)


PIECES = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([EXAMPLE, EXAMPLE[:90], EXAMPLE[90:], b"OS5", b"End", b"x" * 151]),
)


@given(st.lists(PIECES, max_size=10), st.data())
def test_any_bytes_in_any_chunking_give_the_same(pieces, data):
    stream = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=10))
    edges = [0, *sorted(cuts), len(stream)]
    at_once = parse(stream)
    assert parse(*(stream[a:b] for a, b in pairwise(edges))) == at_once
    assert parse(*(bytes([byte]) for byte in stream)) == at_once


@given(st.lists(st.tuples(st.integers(-100, 2000), st.integers(0, 1)), max_size=6))
def test_whole_records_all_come_out(values):
    stream = b"".join(
        EXAMPLE.replace(b"IR:73", b"IR:%d" % shown).replace(b"CF:0", b"CF:%d" % flag)
        for shown, flag in values
    )
    assert parse(stream) == [OmegaRecord("OS534", shown, flag, 5) for shown, flag in values]
