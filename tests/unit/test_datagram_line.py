"""What the network makes of a device's datagrams."""

import pytest

from simulators.datagrams import DatagramDialect, DatagramLine
from simulators.faults import Fault, Faults

HOST = ("127.0.0.1", 9)
GROUP = [(bytes([number]) * 8, HOST) for number in range(1, 9)]


class Talker(DatagramDialect):
    header = b"\x01"

    def answer(self, data, host):
        return [(data, host)]

    def due(self):
        return list(GROUP)


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def line(faults):
    return DatagramLine(Talker(), faults, seed=3)


def groups(line, count=50):
    return [line.due() for _ in range(count)]


def test_a_good_network_passes_everything_on_in_order(line):
    assert line.due() == GROUP
    assert line.answer(b"hello", HOST) == [(b"hello", HOST)]


def test_a_device_that_never_sends_by_itself_is_silent():
    class Asked(Talker):
        due = DatagramDialect.due

    assert DatagramLine(Asked(), Faults()).due() == []


def test_a_silent_device_says_nothing(line, faults):
    faults.set(Fault.SILENT, is_on=True)
    assert line.due() == line.answer(b"hello", HOST) == []


def test_some_datagrams_are_lost_whole(line, faults):
    faults.set(Fault.DROPPED_BYTES, is_on=True)
    sent = [one for group in groups(line) for one in group]
    assert set(sent) == set(GROUP)
    assert 300 < len(sent) < 390


def test_neighbours_change_places(line, faults):
    faults.set(Fault.REORDERED, is_on=True)
    for group in groups(line):
        moved = [i for i in range(8) if group[i] != GROUP[i]]
        assert len(moved) == 2 and moved[1] == moved[0] + 1
        assert sorted(group) == GROUP


def test_every_datagram_comes_twice(line, faults):
    faults.set(Fault.DUPLICATE, is_on=True)
    assert line.due() == [one for one in GROUP for _ in range(2)]


def test_datagrams_are_cut_or_flipped_or_of_another_device(line, faults):
    faults.set(Fault.TRUNCATED, is_on=True)
    assert line.due() == [(data[:5], host) for data, host in GROUP]
    faults.set(Fault.TRUNCATED, is_on=False)
    faults.set(Fault.BIT_FLIP, is_on=True)
    for (flipped, _), (data, _) in zip(line.due(), GROUP, strict=True):
        assert sum((a ^ b).bit_count() for a, b in zip(flipped, data, strict=True)) == 1
    faults.set(Fault.WRONG_DEVICE, is_on=True)
    assert line.due() == [(Talker.other_device, HOST)] * 8


def test_noise_that_looks_like_a_datagram_comes_before_each(line, faults):
    faults.set(Fault.FALSE_HEADER, is_on=True)
    sent = line.due()
    assert sent[1::2] == GROUP
    assert all(noise[0] == 1 and len(noise) == 17 for noise, _ in sent[::2])


def test_only_the_first_group_begins_late(line, faults):
    faults.set(Fault.START_MID_FRAME, is_on=True)
    first = line.due()
    assert 1 <= len(first) < 8
    assert first == GROUP[-len(first) :]
    assert line.due() == GROUP
