"""What the CDC asks for is found in the outbox, in whatever state it is there."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.ports import OutboxItem
from station.core.report import Channel
from station.reporting.asked import Ask, Asked, decode_ask, encode_ask

EPOCH = uuid4()


class Reader:
    def __init__(self, count):
        self.reads = 0
        self.items = [
            OutboxItem(
                UUID(int=n), uuid4(), "flagged", Channel.ALERT, EPOCH, n, b"", datetime.now(UTC)
            )
            for n in range(1, count + 1)
        ]

    def numbered(self, epoch, first, last, limit):
        self.reads += 1
        found = (i for i in self.items if i.epoch == epoch and first <= i.sequence <= last)
        return tuple(found)[:limit]


def question(first, last, epoch=EPOCH):
    return encode_ask(Ask(epoch=epoch, first=first, last=last))


def sent(asked, is_free=lambda report_id: True):
    numbers = []
    while (item := asked.next_item(is_free)) is not None:
        numbers.append(item.sequence)
    return numbers


def test_the_numbers_asked_for_are_sent_again_once():
    asked = Asked(Reader(10))
    assert asked.take(question(3, 5))
    assert sent(asked) == [3, 4, 5]
    assert sent(asked) == []


def test_a_long_range_is_read_a_few_at_a_time():
    reader = Reader(250)
    asked = Asked(reader)
    asked.take(question(1, 2**53))
    assert asked.next_item(lambda report_id: True).sequence == 1
    assert reader.reads == 1
    assert sent(asked) == list(range(2, 251))


def test_a_question_asked_twice_is_answered_once_and_what_is_under_way_is_left_out():
    asked = Asked(Reader(10))
    asked.take(question(1, 4))
    asked.take(question(1, 4))
    assert sent(asked, is_free=lambda report_id: report_id.int != 2) == [1, 3, 4]


def test_unknown_epochs_are_answered_by_nothing():
    asked = Asked(Reader(3))
    assert asked.take(question(1, 3, epoch=uuid4()))
    assert sent(asked) == []


def test_a_flood_of_questions_stays_within_its_bound():
    asked = Asked(Reader(1))
    for n in range(1, 5000):
        asked.take(question(n, n + 1))
    assert len(asked._questions) == 100


def test_the_question_is_on_the_wire_as_documented():
    assert question(2, 7, UUID(int=1)) == (
        b'{"type":"org.fever-station.ask.v1","epoch":"00000000-0000-0000-0000-000000000001",'
        b'"from":2,"to":7}'
    )


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[" * 50_000,
        b'{"type":"org.fever-station.receipt.v1","stored":[]}',
        b'{"type":"org.fever-station.ask.v1","epoch":"00000000-0000-0000-0000-000000000001",'
        b'"from":7,"to":2}',
    ],
)
def test_anything_else_is_no_question(payload):
    assert decode_ask(payload) is None
    assert not Asked(Reader(1)).take(payload)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_question_or_none(payload):
    decode_ask(payload)
