from dataclasses import replace
from uuid import UUID

from station.core.cases import CaseState
from station.core.events import (
    CaseChanged,
    HandheldRead,
    LaneFault,
    LaneState,
    LaneUpdate,
    LedgerFault,
    LedgerRecovered,
    PassageRecorded,
)
from station.core.extraction import RejectReason
from station.core.passages import Passage
from station.core.reference import ReferenceState
from station.core.screening import not_measured
from station.runtime.board import Board
from tests.support import NOON, POLICY, SHAPE, body_reading, case, screening

UPDATE = LaneUpdate(
    "1", 5, NOON, SHAPE, LaneState.READY, None, ReferenceState.HEALTHY, None, None, (), 9.0, 0
)


def passage(answer, number):
    return Passage(
        UUID(int=number), "1", "c", 1, NOON, NOON, 0, 1, answer, ReferenceState.HEALTHY, 9
    )


def board_of(*events):
    board = Board()
    for event in events:
        board.emit(event)
    return list(board.snapshot())


def test_a_newcomer_gets_the_latest_of_each_lane_only():
    newer = replace(UPDATE, sequence=6)
    assert board_of(UPDATE, newer) == [newer]


def test_a_fault_is_shown_until_pictures_come_again():
    fault = LaneFault("1", NOON, "no pictures")
    assert board_of(UPDATE, fault) == [UPDATE, fault]
    assert board_of(fault, UPDATE) == [UPDATE]


def test_a_full_disk_is_shown_until_it_writes_again():
    fault = LedgerFault(NOON, "full")
    assert board_of(fault) == [fault]
    assert board_of(fault, LedgerRecovered(NOON)) == []


def test_finished_cases_are_gone_and_waiting_ones_stay():
    waiting = CaseChanged(case())
    done = CaseChanged(case(state=CaseState.CLEARED))
    assert board_of(waiting) == [waiting]
    assert board_of(waiting, done) == []


def test_an_attached_reading_waits_no_more():
    loose, other = HandheldRead(body_reading()), HandheldRead(body_reading(number=301))
    attached = CaseChanged(case(state=CaseState.REFERRED, readings=(body_reading(),)))
    assert board_of(loose, other, attached) == [attached, other]


def test_those_not_measured_stay_listed_until_they_have_a_case():
    doubt = not_measured((RejectReason.TOO_FAR,), POLICY)
    missed, passed = PassageRecorded(passage(doubt, 7)), PassageRecorded(passage(screening(), 8))
    assert board_of(missed, passed) == [missed]
    checked = CaseChanged(case(passage_id=UUID(int=7)))
    assert board_of(missed, checked) == [checked]


def test_every_event_is_passed_on():
    heard, board = [], Board()
    board.add_sink(type("Ear", (), {"emit": staticmethod(heard.append)}))
    board.emit(UPDATE)
    assert heard == [UPDATE]
