from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from station.core.cases import CaseState, ReadingMode, Refusal, TrustClass
from station.core.commands import CheckByHand
from station.core.events import (
    CaseChanged,
    CommandRefused,
    DeviceChanged,
    DeviceChecked,
    DeviceState,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    LedgerSalvaged,
    PassageRecorded,
    RecordsLost,
)
from station.core.extraction import RejectReason
from station.core.faces import Box
from station.core.handhelds import TYPED, CheckVerdict, DeviceCheck
from station.core.health import DeviceDoubt
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.link_events import LinkChanged, LinkState
from station.core.reference import ReferenceState
from station.core.salvage import SalvageExtent, SalvageTold
from station.core.screening import Outcome
from tests.ui.making import FLOW, NOON, Ids, case, device, face, link, passage, reading, update
from ui.model import KioskModel, Loss
from ui.viewmodels.ages import age_text
from ui.viewmodels.faces import face_label
from ui.viewmodels.lanes import is_covered, reference_notice
from ui.viewmodels.notices import (
    LaneSwitch,
    device_notice,
    lane_notice,
    lane_switch,
    link_notice,
    message_text,
)
from ui.viewmodels.second_check import CaseDetail, case_detail, case_rows, reading_rows
from ui.viewmodels.watches import passage_rows

BOX = Box(10, 10, 60, 50)


def model_after(*events: object) -> KioskModel:
    model = KioskModel()
    model.flow = FLOW
    for event in events:
        model.take(event)
    return model


def test_a_measured_face_shows_skin_temperature_with_its_expanded_uncertainty() -> None:
    label = face_label(face(7, BOX, Outcome.ABOVE, 37.24))
    assert label.title == "7 · Second check"
    assert label.detail == "skin 37.2 ±0.4 °C"  # u is 0.21: twice that


def test_a_case_shows_the_estimate_of_the_mouth_behind_the_skin_temperature() -> None:
    detail = case_detail(model_after(CaseChanged(case(4))), NOON)
    assert detail is not None
    assert detail.skin == "skin 37.2 ±0.4 °C  ·  mouth about 38.4 ±0.5 °C (model 1)"


def test_a_face_without_an_answer_says_what_the_traveller_should_do() -> None:
    label = face_label(face(7, BOX, None, None, RejectReason.TOO_FAR))
    assert (label.title, label.detail) == ("7", "Come closer")


def test_a_face_of_which_it_is_not_clear_whose_it_is_says_what_to_do_without_a_number() -> None:
    label = face_label(face(None, BOX, None, reason=RejectReason.FACES_TOO_NEAR))
    assert (label.title, label.detail) == ("", "One at a time, keep apart")


def test_a_face_that_was_not_measured_says_why() -> None:
    seen = face(7, BOX, Outcome.NOT_MEASURED, None, RejectReason.GLASSES)
    assert face_label(seen).title == "7 · Not measured"
    assert face_label(seen).detail == "Remove glasses"


def test_a_face_without_answer_or_reason_is_being_measured() -> None:
    assert face_label(face(7, BOX, None)).detail == "Measuring"


@pytest.mark.parametrize("state", LaneState)
def test_only_a_lane_that_can_measure_looks_good(state: LaneState) -> None:
    notice = lane_notice(model_after(update(state=state)), "1", 0.1)
    measures = state in {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
    assert (notice.role == "good") is measures
    assert ("thermometer" in notice.text) is not measures


def test_a_picture_older_than_a_second_is_called_late_whatever_its_state_was() -> None:
    model = model_after(update(state=LaneState.READY))
    assert lane_notice(model, "1", 1.0).text == "Ready"
    notice = lane_notice(model, "1", 3.4)
    assert (notice.text, notice.role) == ("The picture is late: 3 s old", "alarm")
    assert is_covered(model, "1", 1.01)


def test_a_lane_fault_is_told_before_the_lanes_first_picture() -> None:
    model = model_after(LaneFault("1", NOON, "silent", LaneFaultKind.NO_PICTURES))
    assert lane_notice(model, model.lane, None).text.startswith("No pictures")


def test_a_lane_fault_ends_with_the_next_update() -> None:
    model = model_after(LaneFault("1", NOON, "silent"), update(state=LaneState.READY))
    assert lane_notice(model, "1", 0.0).role == "good"


def test_a_ledger_fault_stands_above_the_lane_until_it_recovers() -> None:
    model = model_after(update(state=LaneState.READY), LedgerFault(NOON, "disk full"))
    assert "cannot write" in lane_notice(model, "1", 0.0).text
    model.take(LedgerRecovered(NOON))
    assert lane_notice(model, "1", 0.0).text == "Ready"


def test_a_salvage_that_takes_minutes_says_how_far_it_is_and_calls_nobody() -> None:
    model = model_after(LedgerFault(NOON, "carried over", 43))
    assert "43 %" in lane_notice(model, None, None).text
    model.take(LedgerFault(NOON, "disk full"))
    assert "cannot write" in lane_notice(model, None, None).text


@pytest.mark.parametrize("loss", Loss)
def test_without_a_station_nothing_is_called_good(loss: Loss) -> None:
    model = model_after(device("gun-1"), link(), update(), CaseChanged(case(1)))
    model.loss = loss
    notices = (
        lane_notice(model, "1", 0.0),
        device_notice(model),
        reference_notice(model),
        link_notice(model, NOON),
    )
    assert all(notice.role != "good" for notice in notices)
    detail = case_detail(model, NOON)
    assert detail is not None
    assert not detail.can_act


def test_a_lane_in_trouble_is_offered_before_the_next_one() -> None:
    model = model_after(update(lane="1"), update(lane="2"), LaneFault("3", NOON, "silent"))
    switch = lane_switch(model)
    assert switch == LaneSwitch("3", "Lane 3: fault", True)


def test_lanes_follow_each_other_in_a_ring() -> None:
    model = model_after(update(lane="1"), update(lane="2"))
    assert lane_switch(model) == LaneSwitch("2", "Show lane 2", False)
    model.lane = "2"
    assert lane_switch(model) == LaneSwitch("1", "Show lane 1", False)


def test_a_single_lane_needs_no_switch() -> None:
    assert lane_switch(model_after(update())) is None


@pytest.mark.parametrize("state", ReferenceState)
def test_only_a_healthy_reference_looks_good(state: ReferenceState) -> None:
    notice = reference_notice(model_after(update(reference=state)))
    assert (notice.role == "good") is (state is ReferenceState.HEALTHY)
    assert notice.hint


def test_the_link_tells_how_many_alerts_wait_and_for_how_long() -> None:
    notice = link_notice(model_after(link(LinkState.OFFLINE, waiting=12, seconds=754)), NOON)
    assert (notice.text, notice.hint) == ("CDC: offline", "12 waiting for 12:34")


def test_hours_of_waiting_are_hours() -> None:
    waiting = link(LinkState.OFFLINE, waiting=1, seconds=3 * 3600 + 65)
    assert link_notice(model_after(waiting), NOON).hint == "1 waiting for 3:01:05"


def test_rejected_alerts_call_for_a_technician() -> None:
    told = LinkChanged(LinkState.CONNECTED, 2, NOON - timedelta(seconds=5), 3, "")
    notice = link_notice(model_after(told), NOON)
    assert notice.role == "caution"
    assert notice.hint == "2 waiting for 0:05 · 3 rejected: call a technician"


def test_messages_that_the_disk_lost_are_an_alarm_beside_the_link() -> None:
    notice = link_notice(model_after(link(), RecordsLost(NOON, 3)), NOON)
    assert notice.role == "alarm"
    assert notice.hint == "the disk lost 3 messages: call a technician"


def test_a_ledger_that_was_damaged_is_an_alarm_that_lasts_beside_the_link() -> None:
    told = SalvageTold(NOON, "l.damaged-1", SalvageExtent.ALL, {}, {"outbox": 3}, 0, 0, None, None)
    notice = link_notice(model_after(link(), LedgerSalvaged(told), link()), NOON)
    assert (notice.role, notice.hint) == ("alarm", "the ledger was damaged: see Devices, Station")


def test_a_refusing_cdc_calls_for_a_technician_even_while_alerts_wait() -> None:
    told = link(LinkState.REFUSED, waiting=2, seconds=5)
    hint = link_notice(model_after(told), NOON).hint
    assert hint == "2 waiting for 0:05 · call a technician"


def test_a_lost_device_is_told_before_one_that_was_not_heard_yet() -> None:
    unheard, lost = device("gun-2", DeviceState.UNHEARD), device("gun-1", DeviceState.LOST)
    notice = device_notice(model_after(unheard, lost))
    assert (notice.text, notice.hint) == ("gun-1: lost (+1 more)", "check cable and power")


def test_a_device_of_which_nothing_was_heard_is_not_told_ready() -> None:
    notice = device_notice(model_after(device("gun-2", DeviceState.UNHEARD), device("camera-1")))
    assert (notice.text, notice.role) == ("gun-2: nothing heard yet", "caution")
    assert notice.hint == "measure with it once to try it"


def test_a_device_that_is_not_believed_says_why() -> None:
    doubtful = DeviceChanged("air-1", NOON, DeviceState.DOUBTFUL, "stuck", DeviceDoubt.STUCK)
    notice = device_notice(model_after(doubtful, device("gun-1", DeviceState.READY)))
    assert (notice.text, notice.role) == ("air-1: doubtful", "alarm")
    assert notice.hint == "stands still: call a technician"


def test_flagged_travellers_come_before_doubtful_ones_each_the_oldest_first() -> None:
    model = model_after(
        CaseChanged(case(1, seconds_ago=300, outcome=Outcome.REPEAT)),
        CaseChanged(case(2, seconds_ago=20)),
        CaseChanged(case(3, seconds_ago=95)),
    )
    rows = case_rows(model, NOON)
    assert [row.title.partition(" ")[0] for row in rows] == ["3", "2", "1"]
    assert rows[0].detail == "Lane 1 · readings 0/2 · 1:35"


def detail_of(*readings_c: float, **about: object) -> CaseDetail:
    taken = tuple(reading(i, value_c) for i, value_c in enumerate(readings_c, start=1))
    state = CaseState.REFERRED if taken else CaseState.OPEN
    about = {"skin_c": 36.9, **about}
    model = model_after(CaseChanged(case(1, state=state, readings=taken, **about)))
    detail = case_detail(model, NOON)
    assert detail is not None
    return detail


@pytest.mark.parametrize(
    ("readings_c", "may", "stand"),
    [
        ((), (False, False), "Two readings are needed"),
        ((38.4,), (True, False), "One more reading is needed"),
        ((36.4,), (False, False), "One more reading is needed"),
        ((38.4, 38.5), (True, False), "Readings agree: fever"),
        ((36.4, 36.6), (False, True), "Readings agree: no fever"),
        ((36.4, 38.6), (True, False), "In doubt: use contact or ear"),
    ],
)
def test_what_the_readings_allow_and_what_comes_next(
    readings_c: tuple[float, ...], may: tuple[bool, bool], stand: str
) -> None:
    detail = detail_of(*readings_c)
    assert (detail.can_confirm, detail.can_clear) == may
    assert detail.title == f"Case 1 · {stand}"
    assert detail.can_act


def test_forehead_readings_alone_do_not_clear_a_strong_flag() -> None:
    detail = detail_of(36.4, 36.6, skin_c=37.4)
    assert not detail.can_clear
    assert detail.title == "Case 1 · In doubt: use contact or ear"


def test_two_readings_of_one_thermometer_since_the_flag_are_attached_by_one_touch() -> None:
    first, second = reading(2, 38.4, seconds_ago=20), reading(4, 38.6)
    model = model_after(CaseChanged(case(1)), HandheldRead(first), HandheldRead(second))
    rows = reading_rows(model, NOON)
    assert rows[0].reading_ids == (first.reading_id, second.reading_id)
    assert rows[0].title == "Attach both: 38.4 and 38.6 °C"
    assert [row.reading_ids for row in rows[1:]] == [(second.reading_id,), (first.reading_id,)]


@pytest.mark.parametrize(
    "other",
    [
        reading(5, 38.6),  # of another thermometer
        reading(4, 38.6, seconds_ago=400),  # from before the flag
        reading(4, 38.6, mode=ReadingMode.SURFACE),
        reading(4, 38.6, trust=TrustClass.CONTACT),  # whose place must be said
    ],
)
def test_readings_whose_traveller_is_in_doubt_are_attached_one_by_one(other: object) -> None:
    model = model_after(CaseChanged(case(1)), HandheldRead(reading(2, 38.4)), HandheldRead(other))
    assert all(len(row.reading_ids) == 1 for row in reading_rows(model, NOON))


def test_three_readings_are_attached_one_by_one() -> None:
    taken = [HandheldRead(reading(number, 38.4)) for number in (2, 4, 6)]
    rows = reading_rows(model_after(CaseChanged(case(1)), *taken), NOON)
    assert all(len(row.reading_ids) == 1 for row in rows)


def test_usable_readings_come_first_and_each_newest_first() -> None:
    model = model_after(
        CaseChanged(case(1)),
        HandheldRead(reading(1, 37.9, seconds_ago=30)),
        HandheldRead(reading(2, 36.4, seconds_ago=20)),
        HandheldRead(reading(3, 31.0, mode=ReadingMode.SURFACE)),
        HandheldRead(reading(4, 51.0, is_plausible=False)),
    )
    rows = reading_rows(model, NOON)
    assert [row.can_attach for row in rows] == [True, True, False, False]
    assert rows[0].title == "Attach 36.4 °C"
    assert rows[0].detail == "gun-1 · 0:20 ago\nForehead, not checked today"
    assert rows[3].title == "31.0 °C: no body temperature"


def test_a_reading_of_before_the_flag_may_be_another_traveller_s_and_says_so() -> None:
    model = model_after(CaseChanged(case(1)), HandheldRead(reading(2, 36.4, seconds_ago=400)))
    [row] = reading_rows(model, NOON)
    assert row.detail.splitlines()[0] == "gun-1 · 6:40 ago, before the flag"


def test_a_checked_thermometer_and_a_typed_reading_carry_no_doubt() -> None:
    check = DeviceCheck(UUID(int=1), "gun-1", NOON, "li", 37.0, (37.0,), 0.3, CheckVerdict.PASSED)
    typed = replace(reading(2, 38.4), device_id=TYPED, trust=TrustClass.TYMPANIC)
    model = model_after(
        DeviceChecked(check),
        HandheldRead(replace(reading(1), device_id="gun-1")),
        HandheldRead(typed),
    )
    rows = reading_rows(model, NOON)
    assert rows[0].detail.splitlines() == ["typed in · 0:12 ago", "Ear"]
    assert rows[1].detail.endswith("\nForehead")


def test_no_reading_can_be_attached_while_nobody_waits() -> None:
    rows = reading_rows(model_after(HandheldRead(reading(1))), NOON)
    assert not rows[0].can_attach


def test_an_attached_reading_no_longer_waits() -> None:
    taken = reading(1)
    model = model_after(
        CaseChanged(case(1)),
        HandheldRead(taken),
        CaseChanged(case(1, state=CaseState.REFERRED, readings=(taken,))),
    )
    assert reading_rows(model, NOON) == []


def test_a_traveller_checked_by_hand_leaves_the_list() -> None:
    model = model_after(PassageRecorded(passage(1)), PassageRecorded(passage(2)))
    assert [row.title.split(" ")[0] for row in passage_rows(model, NOON)] == ["2", "1"]
    model.take(CaseChanged(case(1, outcome=Outcome.NOT_MEASURED, skin_c=None)))
    assert [row.title.split(" ")[0] for row in passage_rows(model, NOON)] == ["2"]


def test_measured_passages_are_not_listed() -> None:
    model = model_after(PassageRecorded(passage(1, outcome=Outcome.BELOW)))
    assert passage_rows(model, NOON) == []


def test_a_refusal_is_told_only_to_the_kiosk_that_asked() -> None:
    model, ids = KioskModel(), Ids()
    ours = CheckByHand(ids.next(), ids.next())
    model.note_sent(ours)
    model.take(CommandRefused(ids.next(), "somebody else's", Refusal.NOT_NEEDED))
    assert message_text(model) == ""
    model.take(CommandRefused(ours.command_id, "ours", Refusal.NOT_NEEDED))
    assert message_text(model) == "This traveller already has a case"


def test_a_refusal_without_words_of_its_own_shows_the_stations_text() -> None:
    model, ids = KioskModel(), Ids()
    ours = CheckByHand(ids.next(), ids.next())
    model.note_sent(ours)
    model.take(CommandRefused(ours.command_id, "The queue is full.", Refusal.OTHER))
    assert message_text(model) == "Not carried out: The queue is full."


def test_a_command_under_way_when_the_connection_breaks_is_told() -> None:
    model, ids = KioskModel(), Ids()
    model.note_sent(CheckByHand(ids.next(), ids.next()))
    assert "check whether" in message_text(model.renewed())
    assert message_text(KioskModel().renewed()) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "0:00"), (59.6, "1:00"), (3599, "59:59"), (7384, "2:03:04")]
)
def test_how_long_ago_something_was_is_never_less_than_nothing(seconds: float, words: str) -> None:
    assert age_text(NOON + timedelta(seconds=seconds), NOON) == words
