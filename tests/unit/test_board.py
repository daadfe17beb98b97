from dataclasses import replace
from uuid import UUID

from station.core.camera_bias import CameraBias
from station.core.cases import CaseState, Progress
from station.core.cohort import CrowdWarning
from station.core.events import (
    BiasChanged,
    CaseChanged,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    PassageRecorded,
    RecordsLost,
    RoomChanged,
    RoomSource,
)
from station.core.extraction import RejectReason
from station.core.lane_events import LaneFault, LaneState, LaneUpdate
from station.core.passages import Passage
from station.core.reference import ReferenceState
from station.core.room import Room
from station.core.screening import Outcome, not_measured
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


def test_what_the_disk_lost_stays_on_the_board():
    lost = RecordsLost(NOON, 3)
    assert board_of(lost, LedgerFault(NOON, "full"), LedgerRecovered(NOON)) == [lost]


def test_finished_cases_are_gone_and_waiting_ones_stay():
    waiting = CaseChanged(case())
    done = CaseChanged(case(state=CaseState.CLEARED, progress=Progress(closed_at=NOON)))
    assert board_of(waiting) == [waiting]
    assert board_of(waiting, done) == []


def test_an_attached_reading_waits_no_more():
    loose, other = HandheldRead(body_reading()), HandheldRead(body_reading(number=301))
    attached = CaseChanged(case(state=CaseState.REFERRED, readings=(body_reading(),)))
    assert board_of(loose, other, attached) == [attached, other]


def test_the_readings_of_a_finished_case_are_gone_with_it():
    loose, other = HandheldRead(body_reading()), HandheldRead(body_reading(number=301))
    ended = Progress(closed_at=NOON)
    done = case(state=CaseState.CLEARED, readings=(body_reading(),), progress=ended)
    assert board_of(loose, other, CaseChanged(done)) == [other]


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


def test_warm_travellers_wait_on_the_list_and_usual_ones_do_not():
    usual = passage(screening(Outcome.BELOW, 35.0), 1)
    warm = replace(
        passage(screening(Outcome.BELOW, 35.9), 2), warning=CrowdWarning(1.0, 34.9, 0.3, 50)
    )
    assert board_of(PassageRecorded(usual), PassageRecorded(warm)) == [PassageRecorded(warm)]


def test_a_newcomer_hears_of_the_room_and_of_cameras_that_differ():
    assumed = RoomChanged(NOON, Room(22.0, 2.0), RoomSource.ASSUMED)
    measured = RoomChanged(NOON, Room(21.0, 0.5), RoomSource.MEASURED)
    differ = BiasChanged(NOON, (CameraBias("a", "b", 0.3, 0.05, (90, 90), None, NOON),))
    assert board_of(assumed, differ, measured) == [measured, differ]
    assert board_of(differ, BiasChanged(NOON, ())) == [BiasChanged(NOON, ())]
