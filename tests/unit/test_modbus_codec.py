from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.transport.modbus_codec import (
    AnswerFinder,
    ModbusRefusal,
    read_request,
    to_signed,
    write_request,
)

# Constructed on the protocol page of Calex.
BLOCK = bytes.fromhex("01 03 0E 01 6E 01 6C 01 70 01 6E 01 6F 00 F5 00 00 FB 8F")
REGISTERS = (366, 364, 368, 366, 367, 245, 0)
REFUSED = bytes.fromhex("01 83 02 C0 F1")
ASK_BLOCK = read_request(1, 3, 0x0B, 7)


def find(request, *chunks):
    finder = AnswerFinder(request)
    for chunk in chunks:
        if (found := finder.feed(chunk)) is not None:
            return found
    return None


def test_requests_are_those_of_the_page():
    assert ASK_BLOCK.frame.hex(" ") == "01 03 00 0b 00 07 75 ca"
    assert read_request(1, 3, 0x0F, 7).frame.hex(" ") == "01 03 00 0f 00 07 34 0b"
    assert write_request(1, 0x17, 9800).frame.hex(" ") == "01 06 00 17 26 48 23 98"
    assert read_request(1, 4, 1, 1).frame.hex(" ") == "01 04 00 01 00 01 60 0a"


def test_the_answer_of_the_page():
    assert find(ASK_BLOCK, BLOCK) == REGISTERS


def test_a_refusal_says_why():
    with pytest.raises(ModbusRefusal, match="exception 2: it has no such register"):
        find(ASK_BLOCK, REFUSED)


def test_a_write_is_answered_by_itself():
    request = write_request(1, 0x17, 9800)
    assert find(request, request.frame) == (9800,)


@pytest.mark.parametrize(
    "other",
    [
        ASK_BLOCK.frame,
        bytes.fromhex("01 03 08 00 11 00 01 00 01 E2 40 B1 86"),
        bytes.fromhex("02 83 02 30 F1"),
        bytes.fromhex("01 84 02 C2 C1"),
        BLOCK[:-1] + b"\x00",
        b"\x01\x03\x0e" + b"\x00" * 20,
    ],
    ids=["echo", "other length", "other device", "other function", "wrong sum", "false head"],
)
def test_what_is_no_answer_to_this_request_is_passed_over_and_the_answer_behind_it_is_read(other):
    assert find(ASK_BLOCK, other) is None
    assert find(ASK_BLOCK, other + BLOCK) == REGISTERS


@pytest.mark.parametrize("bit", range(8 * len(BLOCK)))
def test_one_wrong_bit_is_no_answer(bit):
    wrong = bytearray(BLOCK)
    wrong[bit // 8] ^= 1 << bit % 8
    assert find(ASK_BLOCK, bytes(wrong)) is None


@pytest.mark.parametrize(("register", "value"), [(0x7FFF, 32767), (0x8000, -32768), (0xFF33, -205)])
def test_registers_are_signed(register, value):
    assert to_signed(register) == value


@pytest.mark.parametrize("wrong", [(0, 3, 0, 1), (248, 3, 0, 1), (1, 5, 0, 1), (1, 3, 0, 126)])
def test_a_request_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"address|function|count"):
        read_request(*wrong)


PIECES = st.one_of(
    st.binary(max_size=40), st.sampled_from([BLOCK, BLOCK[:9], ASK_BLOCK.frame, b"\x01\x03\x0e"])
)


@given(st.lists(PIECES, max_size=8), st.data())
def test_any_bytes_in_any_chunking_give_the_same(pieces, data):
    stream = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = [0, *sorted(cuts), len(stream)]
    at_once = find(ASK_BLOCK, stream)
    assert find(ASK_BLOCK, *(stream[a:b] for a, b in pairwise(edges))) == at_once
    assert (at_once is not None) == (BLOCK in stream)
    assert at_once in {None, REGISTERS}
