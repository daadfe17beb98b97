from dataclasses import replace
from uuid import uuid4

import pytest

from station.core.clock_quality import ClockQuality
from station.core.events import LedgerFault, LedgerRecovered
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState, LaneUpdate
from station.core.reference import ReferenceState
from station.core.report import Channel
from station.core.status import LaneStatus, StationStatus, starting
from station.reporting.composing import encode_status
from station.reporting.messages.status import StationState
from station.reporting.payload import PayloadError, decode_event
from station.reporting.topics import StationIdentity
from station.runtime.status import StatusKeeper
from tests.support import NOON

WHO = StationIdentity("000000", "hub", "station-1")


def update(state, lane="1", blocked=None):
    return LaneUpdate(
        lane, 1, NOON, (120, 160), state, blocked, ReferenceState.HEALTHY, None, None, (), 9.0, 0
    )


class Kept:
    def __init__(self, *lanes):
        self.told = []
        self.keeper = StatusKeeper(starting(lanes), self.told.append)

    def after(self, *events):
        for event in events:
            self.keeper.emit(event)
        return self.told[-1]


def test_a_lane_measures_only_in_the_states_in_which_somebody_would_be_measured():
    kept = Kept("1", "2")
    assert kept.told[0].lanes[0] == LaneStatus("1", False, "starting")
    for state in (LaneState.READY, LaneState.TRACKING, LaneState.MEASURED):
        assert kept.after(update(state)).lanes[0] == LaneStatus("1", True, "")
    assert kept.told[-1].needs_attention, "lane 2 has said nothing yet"
    assert not kept.after(update(LaneState.READY, "2")).needs_attention
    status = kept.after(update(LaneState.BLOCKED, "2", "room_out_of_band"))
    assert status.lanes[1] == LaneStatus("2", False, "room_out_of_band")
    assert kept.after(update(LaneState.NO_REFERENCE, "2")).lanes[1].reason == "no_reference"


def test_frames_and_shutter_corrections_change_nothing():
    kept = Kept("1")
    kept.after(update(LaneState.READY))
    before = len(kept.told)
    kept.after(update(LaneState.SETTLING), update(LaneState.TRACKING), update(LaneState.READY))
    assert len(kept.told) == before


def test_a_camera_without_pictures_and_a_full_disk_are_told_until_they_are_over():
    kept = Kept("1")
    fault = LaneFault("1", NOON, "unplugged", LaneFaultKind.NO_PICTURES)
    assert kept.after(fault).lanes[0].reason == "no_pictures"
    assert kept.after(update(LaneState.READY)).lanes[0].is_measuring
    assert kept.after(LedgerFault(NOON, "full")).needs_attention
    assert not kept.after(LedgerRecovered(NOON)).needs_attention


def encoded(state, status, *, is_drill=False):
    raw = encode_status(
        state,
        status,
        WHO,
        event_id=uuid4(),
        at=NOON,
        is_drill=is_drill,
        clock=ClockQuality.JUMPED,
    )
    channel = Channel.STATUS.for_drill(is_drill)
    return decode_event(raw, channel).data


@pytest.mark.parametrize("is_drill", [False, True])
def test_the_message_says_in_one_word_whether_a_human_is_needed(is_drill):
    well = StationStatus((LaneStatus("1", True, ""),))
    data = encoded(None, well, is_drill=is_drill)
    assert (data.state, data.is_drill) == (StationState.ONLINE, is_drill)
    assert data.clock is ClockQuality.JUMPED
    data = encoded(None, replace(well, is_ledger_writing=False), is_drill=is_drill)
    assert (data.state, data.is_ledger_writing) == (StationState.ATTENTION, False)


def test_a_station_that_is_not_there_says_nothing_of_its_lanes():
    data = encoded(StationState.LOST, starting(["1"]))
    assert (data.state, data.lanes) == (StationState.LOST, ())


def test_a_lane_name_that_cannot_be_sent_is_refused():
    with pytest.raises(PayloadError, match="cannot be sent"):
        encoded(None, StationStatus((LaneStatus("a\x07", True, ""),)))
