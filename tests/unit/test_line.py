"""What the wire makes of a device's messages."""

import pytest

from simulators.faults import Fault, Faults
from simulators.line import Dialect, Line

MESSAGE = bytes(range(65, 85))


class Talker(Dialect):
    header = b"AB"

    def __init__(self):
        self.waiting = []

    def answer(self, data):
        return [MESSAGE] * len(data)

    def due(self):
        waiting, self.waiting = self.waiting, []
        return waiting


@pytest.fixture
def talker():
    return Talker()


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def line(talker, faults):
    return Line(talker, faults, seed=3)


def test_a_good_line_passes_every_message_on_as_one_piece(line, talker):
    talker.waiting = [b"one", b"two"]
    assert line.answer(b"??") == [MESSAGE, MESSAGE]
    assert line.due() == [b"one", b"two"]


@pytest.mark.parametrize(
    ("fault", "is_so"),
    [
        (Fault.SILENT, lambda said: said == b""),
        (Fault.WRONG_DEVICE, lambda said: said == Talker.other_device),
        (Fault.TRUNCATED, lambda said: said == MESSAGE[:12]),
        (Fault.DUPLICATE, lambda said: said == MESSAGE * 2),
        (Fault.DROPPED_BYTES, lambda said: 0 < len(said) < len(MESSAGE)),
        (Fault.FALSE_HEADER, lambda said: said[:2] == b"AB" and said.endswith(MESSAGE)),
        (Fault.SPLIT, lambda said: said == MESSAGE),
        (Fault.ECHO, lambda said: said == b"?" + MESSAGE),
        (Fault.START_MID_FRAME, lambda said: said != MESSAGE and MESSAGE.endswith(said)),
    ],
)
def test_each_fault_spoils_a_message_in_its_way(line, faults, fault, is_so):
    faults.set(fault, is_on=True)
    assert is_so(b"".join(line.answer(b"?")))
    faults.set(fault, is_on=False)
    assert line.answer(b"?") == [MESSAGE]


def test_a_bit_flip_turns_one_bit(line, faults):
    faults.set(Fault.BIT_FLIP, is_on=True)
    (said,) = line.answer(b"?")
    assert sum((a ^ b).bit_count() for a, b in zip(said, MESSAGE, strict=True)) == 1


def test_a_split_message_leaves_in_pieces(line, faults):
    faults.set(Fault.SPLIT, is_on=True)
    assert len(line.answer(b"?")) == 4


def test_merged_messages_leave_together(line, faults, talker):
    faults.set(Fault.MERGED, is_on=True)
    assert line.tell([b"one"]) == []
    assert line.tell([b"two"]) == [b"onetwo"]
    assert line.answer(b"??") == [MESSAGE * 2]


def test_only_the_first_message_begins_late(line, faults):
    faults.set(Fault.START_MID_FRAME, is_on=True)
    assert line.answer(b"??")[1] == MESSAGE


def test_the_same_seed_spoils_alike(faults):
    faults.set(Fault.BIT_FLIP, is_on=True)
    lines = [Line(Talker(), faults, seed=5) for _ in range(2)]
    assert lines[0].answer(b"???") == lines[1].answer(b"???")
