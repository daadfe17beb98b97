"""What staff do at the kiosk, and what the kiosk then asks of the station."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from station.core.cases import BodySite, Case, CaseState, ReadingMode, Refusal, TrustClass
from station.core.commands import AttachReading, CheckByHand, HandOver, ResolveCase, RestTraveller
from station.core.events import CaseChanged, CommandRefused, HandheldRead, PassageRecorded
from station.core.extraction import RejectReason
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.screening import Outcome
from tests.ui.conftest import MakeStage
from tests.ui.looking import everything_said, has_picture, words
from tests.ui.making import FACES, NOON, case, confirmed, passage, picture, reading, update
from tests.ui.making_stations import busy_station
from tests.ui.screens import Stage
from ui.model import Loss
from ui.texts import say_reason


def test_one_touch_attaches_the_reading_to_the_selected_case(stage: Stage) -> None:
    first, second, taken = case(1, seconds_ago=90), case(2), reading(1)
    stage.tell(CaseChanged(first), CaseChanged(second), HandheldRead(taken))
    stage.lane.case_view.queue.buttons[1].click()
    stage.settle()
    stage.lane.case_view.readings.buttons[0].click()
    (command,) = stage.bridge.sent
    assert isinstance(command, AttachReading)
    assert (command.case_id, command.reading_id) == (second.case_id, taken.reading_id)


def test_nothing_is_attached_without_a_touch(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), HandheldRead(reading(1)))
    assert stage.bridge.sent == []


def test_a_surface_reading_cannot_be_attached(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), HandheldRead(reading(1, mode=ReadingMode.SURFACE)))
    button = stage.lane.case_view.readings.buttons[0]
    assert not button.isEnabled()
    button.click()
    assert stage.bridge.sent == []
    assert "no body temperature" in everything_said(stage.window)


def test_both_readings_are_attached_by_one_touch(stage: Stage) -> None:
    first, second = reading(2, 38.4, seconds_ago=20), reading(4, 38.6)
    stage.tell(CaseChanged(case(1)), HandheldRead(first), HandheldRead(second))
    stage.lane.case_view.readings.buttons[0].click()
    assert [command.reading_id for command in stage.bridge.sent] == [
        first.reading_id,
        second.reading_id,
    ]


def test_a_confirmed_case_goes_on_with_its_questions(stage: Stage) -> None:
    readings = (reading(1, 38.4), reading(3, 38.5))
    stage.tell(CaseChanged(case(1, state=CaseState.REFERRED, readings=readings)))
    stage.lane.case_view.verdicts[CaseState.CONFIRMED].click()
    (command,) = stage.bridge.sent
    assert isinstance(command, ResolveCase)
    assert (command.case_id, command.verdict) == (case(1).case_id, CaseState.CONFIRMED)
    stage.tell(CaseChanged(confirmed(1), command.command_id))
    assert stage.window.screens["cases"].registration.isVisible()
    assert "Register case 1" in everything_said(stage.window)


def test_another_kiosk_s_verdict_moves_nobody_away(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), CaseChanged(confirmed(1)))
    assert stage.lane.isVisible()


def test_a_case_is_cleared_with_its_cause(stage: Stage) -> None:
    readings = (reading(1, 36.4), reading(3, 36.5))
    stage.tell(CaseChanged(case(1, skin_c=36.9, state=CaseState.REFERRED, readings=readings)))
    stage.lane.case_view.verdicts[CaseState.CLEARED].click()
    assert stage.bridge.sent == []
    stage.settle()
    _choose(stage, ResolveCase, "Hot drink,\nmeal, alcohol")
    (command,) = stage.bridge.sent
    assert (command.verdict, command.cause) == (CaseState.CLEARED, "hot_drink")


def test_the_place_of_a_contact_thermometer_is_asked(stage: Stage) -> None:
    taken = reading(1, 38.4, trust=TrustClass.CONTACT)
    stage.tell(CaseChanged(case(1)), HandheldRead(taken))
    stage.lane.case_view.readings.buttons[0].click()
    assert stage.bridge.sent == []
    stage.settle()
    _choose(stage, AttachReading, "Armpit")
    (command,) = stage.bridge.sent
    assert (command.reading_id, command.site) == (taken.reading_id, BodySite.ARMPIT)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Rest for\n30 minutes", RestTraveller),
        ("Unclear: go on\nas with fever", ResolveCase),
        ("Left without\nhand-over", HandOver),
    ],
)
def test_other_steps_need_no_reading(stage: Stage, words: str, kind: type) -> None:
    stage.tell(CaseChanged(case(1)))
    assert not any(button.isEnabled() for button in stage.lane.case_view.verdicts.values())
    stage.lane.case_view.others.click()
    stage.settle()
    _choose(stage, kind, words)
    assert [type(command) for command in stage.bridge.sent] == [kind]


def test_a_decided_case_leaves_the_queue_and_the_next_one_comes_up(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1, seconds_ago=90)), CaseChanged(case(2)))
    stage.tell(CaseChanged(case(1, state=CaseState.CLEARED)))
    said = everything_said(stage.window)
    assert "Waiting for second check: 1" in said
    assert "Case 2" in said


def test_a_double_touch_decides_one_case_only(stage: Stage) -> None:
    stage.tell(*(CaseChanged(_febrile(number)) for number in (1, 2)))
    button = stage.lane.case_view.verdicts[CaseState.CONFIRMED]
    button.click()
    # The station is quick: the next case is up before the second touch.
    stage.window.take(CaseChanged(confirmed(1)))
    stage.window.show_screen("lane")
    stage.window.refresh()
    stage.clock.advance(0.3)
    button.click()
    assert [command.case_id for command in stage.bridge.sent] == [case(1).case_id]
    stage.clock.advance(0.3)
    button.click()
    assert stage.bridge.sent[-1].case_id == case(2).case_id


def test_the_same_wish_is_sent_once_until_it_is_answered(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), HandheldRead(reading(1)))
    button = stage.lane.case_view.readings.buttons[0]
    button.click()
    button.click()
    assert len(stage.bridge.sent) == 1
    stage.tell(CommandRefused(stage.bridge.sent[0].command_id, "no", Refusal.NO_POLICY))
    button.click()
    assert len(stage.bridge.sent) == 2


def test_a_reading_that_comes_under_the_finger_is_not_attached(stage: Stage) -> None:
    meant, surprising = reading(1), reading(2, 39.5)
    stage.tell(CaseChanged(case(1)), HandheldRead(meant))
    button = stage.lane.case_view.readings.buttons[0]
    button.pressed.emit()
    stage.window.take(HandheldRead(surprising))
    stage.window.refresh()
    assert "39.5" in button.accessibleName()
    button.clicked.emit()
    assert [command.reading_id for command in stage.bridge.sent] == [meant.reading_id]


def test_a_traveller_who_was_not_measured_is_checked_by_hand(stage: Stage) -> None:
    missed = passage(9, RejectReason.GLASSES)
    stage.tell(PassageRecorded(missed))
    row = stage.lane.case_view.missed.buttons[0]
    assert "Remove glasses" in row.accessibleName()
    assert "Check\nby hand" in everything_said(stage.window)
    row.click()
    (command,) = stage.bridge.sent
    assert isinstance(command, CheckByHand)
    assert command.passage_id == missed.passage_id


@pytest.mark.parametrize("reason", RejectReason)
def test_every_reason_is_shown_in_words(stage: Stage, reason: RejectReason) -> None:
    stage.tell(PassageRecorded(passage(9, reason)))
    assert say_reason(reason.value) in everything_said(stage.window)


def test_a_refused_command_says_why_until_somebody_has_read_it(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), HandheldRead(reading(1)))
    stage.lane.case_view.readings.buttons[0].click()
    command_id = stage.bridge.sent[0].command_id
    stage.tell(CommandRefused(command_id, "attached already", Refusal.ATTACHED_ALREADY))
    assert "This reading already has its case" in everything_said(stage.window)
    stage.settle()
    assert stage.lane.message.isVisible()
    stage.lane.message.button.click()
    assert not stage.lane.message.isVisible()


def test_a_command_that_did_not_leave_is_told(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), HandheldRead(reading(1)))
    stage.lane.case_view.readings.buttons[0].click()
    stage.bridge.unsent.emit(stage.bridge.sent[0])
    stage.settle()
    assert "check whether your last touch" in everything_said(stage.window)


def test_every_waiting_case_can_be_reached(stage: Stage) -> None:
    stage.tell(*(CaseChanged(case(n, seconds_ago=90 - n)) for n in range(1, 8)))
    seen = set()
    for _ in range(7):
        seen |= {b.accessibleName().split()[0] for b in _filled(stage.lane.case_view.queue)}
        stage.lane.case_view.queue.more.click()
        stage.settle()
    assert seen == {str(n) for n in range(1, 8)}


def test_the_newest_of_many_waiting_cases_is_one_touch_away(stage: Stage) -> None:
    queue = stage.lane.case_view.queue
    stage.tell(*(CaseChanged(case(n, seconds_ago=90 - n)) for n in range(1, 22)))
    queue.back.click()
    stage.settle()
    assert _filled(queue)[-1].accessibleName().split()[0] == "21"
    queue.more.click()
    stage.settle()
    assert _filled(queue)[0].accessibleName().split()[0] == "1"


def test_the_page_of_the_selected_case_is_shown(stage: Stage) -> None:
    stage.tell(*(CaseChanged(case(n, seconds_ago=90 - n)) for n in range(1, 6)))
    stage.lane.case_view.case_chosen.emit(case(5).case_id)
    stage.settle()
    checked = [button for button in stage.lane.case_view.queue.buttons if button.isChecked()]
    assert [button.accessibleName().split()[0] for button in checked] == ["5"]


def test_a_second_glance_at_the_selected_row_keeps_it_selected(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)))
    row = stage.lane.case_view.queue.buttons[0]
    row.click()
    stage.settle()
    assert row.isChecked()


def test_a_picture_is_marked_late_after_a_second(stage: Stage) -> None:
    stage.show_faces()
    stage.clock.advance(0.3)
    stage.window.refresh()
    assert not stage.lane.lane_view.picture.accessibleDescription()
    stage.clock.advance(0.2)
    stage.window.refresh()
    assert stage.lane.lane_view.picture.accessibleDescription() == "The picture is late: 1 s old"
    stage.show_faces(2)
    assert not stage.lane.lane_view.picture.accessibleDescription()


def test_a_picture_that_comes_late_is_marked_at_once(stage: Stage) -> None:
    captured_at = stage.clock.now()
    stage.clock.advance(2.5)
    stage.bridge.keep(picture(1, FACES))
    stage.bridge.keep(update(1, FACES, captured_at=captured_at))
    stage.window.refresh()
    assert "late" in stage.lane.lane_view.picture.accessibleDescription()


def test_a_dead_station_covers_the_picture_at_once(stage: Stage) -> None:
    stage.show_faces()
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.window.refresh()
    assert stage.lane.lane_view.picture.accessibleDescription().startswith("Station not reachable")


def test_after_a_reconnection_only_the_snapshot_counts(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1, seconds_ago=90)), CaseChanged(case(2)))
    stage.lane.case_view.case_chosen.emit(case(2).case_id)
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.bridge.connected.emit()
    stage.tell(CaseChanged(case(2)))
    said = everything_said(stage.window)
    assert "Waiting for second check: 1" in said
    assert "Case 2" in said
    assert "not reachable" not in said


def test_a_silent_second_lane_is_told_and_one_touch_away(stage: Stage) -> None:
    stage.show_faces(lane="1")
    stage.tell(LaneFault("2", NOON, "silent", LaneFaultKind.NO_PICTURES))
    stage.lane.lane_view.switch.click()
    stage.settle()
    said = everything_said(stage.window)
    assert "No pictures" in said
    assert "Show lane 1" in said
    assert not has_picture(stage.lane.lane_view.picture)


def test_a_lane_shown_again_shows_its_latest_picture(stage: Stage) -> None:
    stage.show_faces(lane="1")
    stage.show_faces(lane="2", state=LaneState.READY)
    for lane in ("2", "1"):
        stage.lane.lane_view.switch.click()
        stage.settle()
        assert has_picture(stage.lane.lane_view.picture)
        assert f"Show lane {3 - int(lane)}" in everything_said(stage.window)


def test_the_purpose_is_always_in_sight(make_stage: MakeStage) -> None:
    for name, purpose in (("en", "Triage aid, not a diagnosis"), ("zh", "辅助筛查，非诊断")):
        stage = make_stage(name)
        assert purpose in everything_said(stage.window)
        stage.tell(*busy_station())
        assert purpose in everything_said(stage.window)
        stage.close()


def test_the_language_button_changes_every_visible_text(stage: Stage) -> None:
    stage.tell(*busy_station())
    stage.show_faces(state=LaneState.NO_REFERENCE)
    stage.lane.case_view.readings.buttons[0].click()
    refused = CommandRefused(stage.bridge.sent[0].command_id, "", Refusal.NO_POLICY)
    stage.tell(refused)
    english = words(stage.window)
    stage.window.header.language.click()
    stage.settle()
    chinese = words(stage.window)
    assert english.keys() == chinese.keys()
    for widget, text in english.items():
        if _has_words(text):
            assert chinese[widget] != text
            assert not _has_words(chinese[widget]) or text == "中文", chinese[widget]
    stage.window.header.language.click()
    stage.settle()
    now = words(stage.window)
    assert {w: t for w, t in now.items() if _has_words(t)}.keys() == {
        w for w, t in english.items() if _has_words(t)
    }


def test_everything_that_can_be_touched_has_a_name_and_takes_the_keyboard(stage: Stage) -> None:
    stage.tell(*busy_station())
    buttons = [b for b in stage.window.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) > 9
    for button in buttons:
        if button.isEnabled():
            assert button.accessibleName()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_outcomes_are_told_by_signs_in_the_queue(stage: Stage) -> None:
    stage.tell(CaseChanged(case(1)), CaseChanged(case(2, outcome=Outcome.REPEAT, skin_c=36.1)))
    signs = [button.outcome for button in stage.lane.case_view.queue.buttons]
    assert signs == [Outcome.ABOVE, Outcome.REPEAT]


def _febrile(number: int) -> Case:
    readings = (reading(number, 38.4), reading(number + 2, 38.5))
    about = {"seconds_ago": 90 - number, "state": CaseState.REFERRED}
    return case(number, readings=readings, **about)


def _choose(stage: Stage, kind: type, words: str) -> None:
    """Touch the answer that says these words and asks for a command of this type."""
    choices = stage.lane.choice_view.choices
    (key,) = [
        key for key in choices.keys if choices.button(key).text() == words and type(key) is kind
    ]
    choices.button(key).click()


def _filled(rows: object) -> list[QAbstractButton]:
    return [button for button in rows.buttons if button.accessibleName()]


def _has_words(text: str) -> bool:
    """Whether a text has words of a language: not only numbers, units, names of devices."""
    return re.search(r"[A-Za-z]{2,}", re.sub(r"gun-\d|camera-\d|°C", "", text)) is not None
