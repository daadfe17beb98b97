"""Lines are written with gloves: Latin letters, digits, and Chinese by its sound."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from station.core.commands import RegisterCase
from station.core.events import FlowAnnounced
from station.core.identity import IdentityField, IdentityRules
from tests.ui.conftest import MakeStage
from tests.ui.making import FLOW
from tests.ui.scenes_cases import registering_identity
from tests.ui.scenes_lead import shift_leaving, trail
from tests.ui.screens import Stage, touch
from ui.model import Loss
from ui.screens.shift import ShiftScreen
from ui.views.registration import RegistrationView
from ui.views.writing_pages import WritingPages


def at_identity(stage: Stage) -> RegistrationView:
    stage.window.show_screen("cases")
    registering_identity(stage)
    return stage.window.screens["cases"].registration


def open_line(stage: Stage, line: QLineEdit) -> None:
    touch(line)
    stage.settle()


def at_note(stage: Stage) -> ShiftScreen:
    """Show the page of a hand-over with an empty note under the keys."""
    stage.window.show_screen("shift")
    shift_leaving(stage)
    screen: ShiftScreen = stage.window.screens["shift"]
    screen.note.clear()
    open_line(stage, screen.note)
    return screen


def press(stage: Stage, pages: WritingPages, text: str) -> None:
    """Touch what each character stands on: a letter's key, else one above the letters."""
    for one in text:
        key = pages.view.keys.get(one.upper())
        if key is None:
            upper = pages.view.upper
            key = upper.button(next(k for k in upper.keys if getattr(k, "text", k) == one))
        key.click()
        stage.settle()


def test_a_chinese_name_is_written_in_seven_touches(make_stage: MakeStage) -> None:
    stage = make_stage("zh")
    view = at_identity(stage)
    name = view.lines[IdentityField.NAME]
    open_line(stage, name)
    press(stage, view.writing, "z张wei伟")
    assert name.text() == "张伟"
    view.writing.view.enter.click()
    stage.settle()
    assert name.isVisible()
    view.only.click()
    command = stage.bridge.sent[-1]
    assert isinstance(command, RegisterCase)
    assert command.identity.name == "张伟"


def test_a_passport_is_written_in_capitals_and_digits(make_stage: MakeStage) -> None:
    stage = make_stage("en")
    view = at_identity(stage)
    open_line(stage, view.lines[IdentityField.NAME])
    press(stage, view.writing, "li")
    view.writing.view.space.click()
    press(stage, view.writing, "na")
    view.writing.view.next.click()
    stage.settle()
    press(stage, view.writing, "e45")
    assert view.lines[IdentityField.NAME].text() == "LI NA"
    assert view.lines[IdentityField.DOCUMENT].text() == "E45"


def test_the_next_line_is_the_next_one_that_may_be_asked(make_stage: MakeStage) -> None:
    stage = make_stage("en")
    rules = IdentityRules(fields=(IdentityField.NAME, IdentityField.TELEPHONE))
    stage.tell(FlowAnnounced(replace(FLOW, identity=rules)))
    view = at_identity(stage)
    open_line(stage, view.lines[IdentityField.NAME])
    view.writing.view.next.click()
    stage.settle()
    press(stage, view.writing, "139")
    assert view.lines[IdentityField.TELEPHONE].text() == "139"
    assert not view.writing.view.next.isVisible()


def test_more_characters_are_a_touch_away_and_erasing_takes_letters_first(
    make_stage: MakeStage,
) -> None:
    stage = make_stage("zh")
    view = at_identity(stage)
    open_line(stage, view.lines[IdentityField.NAME])
    keys = view.writing.view
    press(stage, view.writing, "li李li")
    before = keys.upper.keys
    keys.upper.button(keys.upper.keys[-1]).click()
    stage.settle()
    assert not set(before[:-1]) & set(keys.upper.keys[:-1])
    for left in ("l", ""):
        keys.erase.click()
        stage.settle()
        assert (keys.letters, keys.line.text()) == (left, "李")
    keys.erase.click()
    assert keys.line.text() == ""


def test_space_writes_the_likeliest_character_and_nothing_typed_is_lost(
    make_stage: MakeStage,
) -> None:
    stage = make_stage("zh")
    view = at_identity(stage)
    name = view.lines[IdentityField.NAME]
    open_line(stage, name)
    press(stage, view.writing, "wang")
    view.writing.view.space.click()
    stage.settle()
    press(stage, view.writing, "fang")
    view.writing.view.enter.click()
    assert name.text() == "王fang"


def test_a_keyboard_or_a_reader_of_cards_types_into_the_same_line(make_stage: MakeStage) -> None:
    stage = make_stage("zh")
    view = at_identity(stage)
    document = view.lines[IdentityField.DOCUMENT]
    open_line(stage, document)
    QTest.keyClicks(view.writing.view.line, "11010519491231002X")
    QTest.keyClick(view.writing.view.line, Qt.Key.Key_Return)
    assert document.isVisible()
    assert document.text() == "11010519491231002X"
    # Without a touch the line takes a keyboard as it always did.
    QTest.keyClicks(view.lines[IdentityField.TELEPHONE], "139")
    assert view.lines[IdentityField.TELEPHONE].text() == "139"


def test_a_note_has_capitals_digits_and_signs(make_stage: MakeStage) -> None:
    stage = make_stage("en")
    screen = at_note(stage)
    keys = screen.writing.view
    keys.shift.click()
    stage.settle()
    press(stage, screen.writing, "gun2")
    keys.signs.click()
    stage.settle()
    for sign in "?!":
        next(key for key in keys.keys.values() if key.text() == sign).click()
    keys.space.click()
    stage.settle()
    press(stage, screen.writing, "ok")
    assert screen.note.text() == "Gun2?! ok"
    # One capital was asked for, and a sign asks for none.
    assert not keys.shift.isChecked()


def test_a_chinese_note_has_chinese_signs(make_stage: MakeStage) -> None:
    stage = make_stage("zh")
    screen = at_note(stage)
    keys = screen.writing.view
    keys.signs.click()
    stage.settle()
    next(key for key in keys.keys.values() if key.text() == "。").click()
    assert screen.note.text() == "。"
    assert not keys.shift.isEnabled()
    for _ in range(2):
        keys.mode.click()
        stage.settle()
    assert keys.keys["Q"].text() == "q"


def test_no_more_is_written_than_the_line_holds(make_stage: MakeStage) -> None:
    stage = make_stage("en")
    stage.window.show_screen("shift")
    shift_leaving(stage)
    screen = stage.window.screens["shift"]
    screen.note.setText("x" * screen.note.maxLength())
    open_line(stage, screen.note)
    press(stage, screen.writing, "ab")
    assert screen.note.text() == "x" * screen.note.maxLength()


@pytest.mark.parametrize("way", ["another screen", "station gone"])
def test_a_name_that_is_being_written_is_forgotten_when_its_page_leaves_the_sight(
    make_stage: MakeStage, way: str
) -> None:
    stage = make_stage("zh")
    view = at_identity(stage)
    open_line(stage, view.lines[IdentityField.NAME])
    press(stage, view.writing, "z张wei")
    if way == "another screen":
        stage.window.show_screen("lane")
    else:
        stage.bridge.lost.emit(Loss.NO_ANSWER)
        stage.settle()
        assert view.writing.is_open
        stage.clock.advance(60)
    stage.settle()
    assert view.lines[IdentityField.NAME].text() == ""
    assert (view.writing.view.line.text(), view.writing.view.letters) == ("", "")
    assert not view.writing.is_open


def test_a_search_in_the_trail_is_written_by_touch(make_stage: MakeStage) -> None:
    stage = make_stage("en")
    stage.window.show_screen("audit")
    trail(stage)
    screen = stage.window.screens["audit"]
    open_line(stage, screen.text)
    press(stage, screen.writing, "case4")
    screen.writing.view.enter.click()
    assert screen.text.text() == "case4"
    assert screen.text.isVisible()
