"""Gloves touch twice, and touch where the screen has just changed: nothing is done unmeant."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station.core.commands import HandOver, RegisterCase
from station.core.events import CaseChanged
from station.core.registration import UNKNOWN, Field, Symptom
from station.core.stages import CaseStage
from tests.ui.making import JOURNEY, confirmed
from tests.ui.screens import Stage, touch
from ui.entering.registering import HEALTH
from ui.screens.cases import CasesScreen
from ui.viewmodels.steps import Go
from ui.widgets.touch import TouchButton


@pytest.fixture
def screen(stage: Stage) -> CasesScreen:
    """The screen of cases, asking for a registration of which only the health may be missing."""
    one = confirmed(1, registration=replace(JOURNEY, symptoms=None), registered_at=None)
    stage.tell(CaseChanged(one))
    stage.window.show_screen("cases")
    screen = stage.window.screens["cases"]
    stage.settle()
    screen.steps.chosen.emit(Go(one.case_id, CaseStage.REGISTRATION))
    stage.settle()
    return screen


def test_two_touches_answer_one_question(stage: Stage, screen: CasesScreen) -> None:
    view = screen.registration
    view.unknown.click()
    view.unknown.click()
    assert (view.draft.answers.number, view.draft.answers.car) == (UNKNOWN, JOURNEY.car)
    view.tabs.chosen.emit(Field.CAR)
    stage.settle()
    # The rows that come up next bear the same numbers as the cars.
    view.answers.button("7").click()
    view.tabs.chosen.emit(Field.SEAT)
    view.answers.button("7").click()
    assert (view.draft.answers.car, view.draft.row) == ("7", "")


def test_two_touches_set_a_mark_and_do_not_take_it_away(stage: Stage, screen: CasesScreen) -> None:
    view = screen.registration
    view.tabs.chosen.emit(HEALTH)
    stage.settle()
    for _ in range(2):
        view.symptoms.button(Symptom.COUGH).click()
    assert view.draft.answers.symptoms == (Symptom.COUGH,)
    stage.settle()
    view.symptoms.button(Symptom.COUGH).click()
    assert view.draft.answers.symptoms == ()


def test_two_touches_register_and_do_not_say_that_the_traveller_has_left(
    stage: Stage, screen: CasesScreen
) -> None:
    view = screen.registration
    view.medicines.chosen.emit(None)
    view.only.click()
    # The station has not answered yet; what lay below the page is now under the finger.
    for button in (screen.left, screen.slip, *screen.queue.buttons):
        button.click()
    assert [type(command) for command in stage.bridge.sent] == [RegisterCase]
    stage.settle()
    screen.left.click()
    assert isinstance(stage.bridge.sent[-1], HandOver)


def test_no_button_is_framed_that_nobody_chose_by_keyboard(
    stage: Stage, screen: CasesScreen
) -> None:
    stage.window.activateWindow()
    view = screen.registration
    assert view.hasFocus()
    view.back.click()
    stage.settle()
    assert QApplication.focusWidget() is stage.window
    touch(screen.slip)
    assert QApplication.focusWidget() is stage.window
    QTest.keyClick(stage.window, Qt.Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), TouchButton)


def test_a_finger_that_comes_up_at_another_question_answers_neither(
    stage: Stage, screen: CasesScreen
) -> None:
    view = screen.registration
    view.tabs.chosen.emit(Field.CAR)
    stage.settle()
    button = view.answers.button("7")
    button.pressed.emit()
    view.tabs.chosen.emit(Field.SEAT)
    stage.settle()
    button.clicked.emit()
    assert (view.draft.answers.car, view.draft.row) == (JOURNEY.car, "")
