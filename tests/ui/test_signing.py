"""Signing in at the kiosk: PIN, card, lock, and what a role may not do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from station.core.cases import Refusal
from station.core.commands import ResolveCase
from station.core.events import CommandRefused
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import Resume, SignIn, SignInWithCard, SignOut
from station.core.people_events import SessionChanged
from tests.ui import checks
from tests.ui.looking import everything_said
from tests.ui.making import NOON
from tests.ui.making_people import session
from tests.ui.making_stations import busy_station
from tests.ui.scenes import scenes_of
from tests.ui.scenes_lane import locked
from tests.ui.screens import Stage
from ui.entering.signing import CardTyping, SignInEntry, closed_reason, person_text, refusal_text

PIN = "135791"
OPERATOR = Person("Wang-03", Role.OPERATOR)


def enter_pin(stage: Stage) -> None:
    view = stage.lane.sign_in_view
    view.names.buttons[2].click()
    stage.settle()
    for digit in PIN:
        view.keys[digit].click()
    view.enter.click()


def answer(stage: Stage, person: Person | None, token: str = "") -> None:
    asked: object = stage.bridge.sent[-1]
    told = replace(session(None), person=person, command_id=asked.command_id, token=token)
    stage.tell(told)


def test_a_kiosk_on_which_nobody_has_to_sign_in_is_never_locked(stage: Stage) -> None:
    stage.tell(*busy_station(), SessionChanged(KIOSK))
    assert not stage.lane.sign_in_view.isVisible()
    assert not stage.window.header.lock.isVisible()


def test_a_locked_kiosk_shows_the_lane_and_how_many_wait_and_nothing_of_a_case(
    stage: Stage,
) -> None:
    locked(stage)
    assert stage.lane.lane_view.isVisible()
    assert not stage.lane.case_view.isVisible()
    said = everything_said(stage.window)
    assert "Waiting for second check: 6" in said
    assert "Case 41" not in said


def test_name_and_pin_open_the_kiosk_and_the_person_stays_in_sight(stage: Stage) -> None:
    locked(stage)
    enter_pin(stage)
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, SignIn)
    assert (sent.name, sent.pin) == ("Wang-03", PIN)
    answer(stage, OPERATOR)
    assert stage.lane.case_view.isVisible()
    assert "Wang-03\noperator" in everything_said(stage.window)


def test_digits_are_never_shown(stage: Stage) -> None:
    locked(stage)
    stage.lane.sign_in_view.names.buttons[2].click()
    stage.settle()
    for digit in PIN:
        stage.lane.sign_in_view.keys[digit].click()
    assert PIN not in everything_said(stage.window).replace("\n", "").replace(" ", "")
    assert "● ● ● ● ● ●" in everything_said(stage.window)


def test_a_wrong_pin_is_told_and_can_be_typed_again(stage: Stage) -> None:
    locked(stage)
    enter_pin(stage)
    refused = CommandRefused(stage.bridge.sent[-1].command_id, "No.", Refusal.WRONG_PIN)
    stage.tell(refused)
    assert "Not recognised: try again" in everything_said(stage.window)
    for digit in PIN:
        stage.lane.sign_in_view.keys[digit].click()
    stage.lane.sign_in_view.enter.click()
    assert len([one for one in stage.bridge.sent if isinstance(one, SignIn)]) == 2


def test_nobody_types_on_while_the_station_makes_them_wait(stage: Stage) -> None:
    scenes_of("lane")["wrong_pin"](stage)
    assert "wait" in everything_said(stage.window)
    for digit in PIN:
        stage.lane.sign_in_view.keys[digit].click()
    assert not stage.lane.sign_in_view.enter.isEnabled()
    stage.clock.advance(60)
    stage.settle()
    assert stage.lane.sign_in_view.enter.isEnabled()


def test_a_clock_set_back_keeps_nobody_out_for_longer(stage: Stage) -> None:
    scenes_of("lane")["wrong_pin"](stage)
    stage.settle()
    stage.clock.jumped_s = -3600
    for digit in PIN:
        stage.lane.sign_in_view.keys[digit].click()
    stage.clock.advance(60)
    stage.settle()
    assert stage.lane.sign_in_view.enter.isEnabled()


@pytest.mark.parametrize("is_chosen", [False, True])
def test_a_card_at_the_reader_signs_in_without_a_touch(stage: Stage, is_chosen: bool) -> None:
    locked(stage)
    if is_chosen:
        stage.lane.sign_in_view.names.buttons[2].click()
        stage.settle()
    QTest.keyClicks(stage.window, "0008412734")
    QTest.keyClick(stage.window, Qt.Key.Key_Return)
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, SignInWithCard)
    assert sent.card == "0008412734"


def test_the_lock_button_locks_at_once_and_asks_for_the_same_person(stage: Stage) -> None:
    stage.tell(*busy_station(), session("Wang-03"))
    stage.window.header.lock.click()
    assert isinstance(stage.bridge.sent[-1], SignOut)
    assert stage.lane.sign_in_view.keys["1"].isVisible()
    assert "Wang-03" in everything_said(stage.window)
    assert stage.window.desk.token == ""


def test_a_kiosk_that_nobody_touches_locks_itself(stage: Stage) -> None:
    stage.tell(session("Wang-03"))
    stage.clock.advance(299)
    QTest.mouseClick(stage.window, Qt.MouseButton.LeftButton)
    stage.clock.advance(299)
    stage.settle()
    assert stage.window.desk.model.person == OPERATOR
    stage.clock.advance(2)
    stage.settle()
    assert stage.window.desk.model.person is None
    assert [type(one) for one in stage.bridge.sent] == [SignOut]


def test_a_session_is_taken_up_again_when_the_station_answers_again(stage: Stage) -> None:
    stage.tell(replace(session("Wang-03"), token="secret"))
    stage.bridge.connected.emit()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, Resume)
    assert sent.token == "secret"
    stage.tell(session(None))
    answer(stage, OPERATOR, token="next")
    assert stage.lane.case_view.isVisible()
    assert stage.window.desk.token == "next"


def test_an_auditor_looks_and_is_told_whom_to_ask(stage: Stage) -> None:
    scenes_of("lane")["auditor"](stage)
    view = stage.lane.case_view
    assert not any(button.isEnabled() for button in view.verdicts.values())
    assert not any(button.isEnabled() for button in (*view.readings.buttons, view.type_in))
    assert "Signed in as auditor: this takes at least operator" in everything_said(stage.window)
    view.queue.buttons[1].click()
    assert stage.window.desk.model.selected_case().number == 42


def test_the_keyboard_comes_to_every_key_of_the_pad(stage: Stage, qtbot: QtBot) -> None:
    qtbot.addWidget(stage.window)
    with qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    locked(stage)
    stage.lane.sign_in_view.names.buttons[2].click()
    stage.settle()
    assert list(checks.out_of_reach(stage.window)) == []


def test_slow_typing_is_no_card() -> None:
    typing = CardTyping()
    for at in range(10):
        typing = typing.typed("1", at / 10)
    assert typing.card(1.0) is None


def test_a_reader_that_follows_a_person_is_a_card() -> None:
    typing = CardTyping().typed("1", 0.0).typed("2", 0.3)
    for i, character in enumerate("A7F3"):
        typing = typing.typed(character, 1.0 + i / 100)
    assert typing.card(1.04) == "A7F3"


def test_a_pin_of_five_digits_is_not_whole_and_one_of_thirteen_is_not_taken() -> None:
    entry = SignInEntry().chosen("Li")
    for _ in range(5):
        entry = entry.pressed("7")
    assert not entry.is_whole
    for _ in range(8):
        entry = entry.pressed("7")
    assert entry.digits == "7" * 12
    assert not entry.sent().is_whole


def test_a_wait_is_told_in_seconds_and_ends() -> None:
    refused = CommandRefused(session().command_id, "", Refusal.WAIT, NOON + timedelta(seconds=9.2))
    assert refusal_text(refused, NOON) == "Too many wrong PINs: wait 10 s"
    assert refusal_text(refused, NOON + timedelta(seconds=10)) == ""


def test_long_names_break() -> None:
    assert person_text(Person("A" * 24, Role.AUDITOR)) == f"{'A' * 12}\n{'A' * 12}\nauditor"


def test_what_a_role_may_not_do_has_its_reason() -> None:
    assert closed_reason(KIOSK, ResolveCase) == ""
    assert closed_reason(None, ResolveCase) == "Nobody is signed in: sign in first"
    assert "at least operator" in closed_reason(Person("X", Role.AUDITOR), ResolveCase)
