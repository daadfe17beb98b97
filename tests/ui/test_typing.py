"""The keypad: a reading is typed twice, and the kind of thermometer is named."""

import pytest
from PySide6.QtCore import Qt

from station.core.cases import TrustClass
from station.core.commands import TypeReading
from tests.ui.screens import Stage
from ui.entering.typing import TypedEntry


def test_three_digits_are_a_temperature_and_a_fourth_is_not_taken():
    entry = TypedEntry(TrustClass.TYMPANIC)
    assert entry.shown == "__._ °C"
    for digit in "3849":
        entry = entry.pressed(digit)
    assert (entry.shown, entry.is_whole) == ("38.4 °C", True)
    assert entry.erased().shown == "38._ °C"


def test_nothing_is_entered_before_the_thermometer_is_named():
    entry = TypedEntry(digits="384")
    assert not entry.is_whole
    assert entry.chosen(TrustClass.CONTACT).is_whole


@pytest.fixture
def stage(qtbot):
    stage = Stage("en")
    qtbot.addWidget(stage.window)
    stage.window.show()
    return stage


def touch(qtbot, stage, button):
    # A button that has just changed its meaning is not taken at once.
    stage.clock.advance(1.0)
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def type_digits(qtbot, stage, digits):
    for digit in digits:
        touch(qtbot, stage, stage.lane.typing_view.keys[digit])


def test_staff_type_a_reading_twice_and_it_is_sent_once(qtbot, stage):
    window = stage.lane
    touch(qtbot, stage, window.case_view.type_in)
    view = window.typing_view
    assert view.isVisible()
    touch(qtbot, stage, view.kinds[TrustClass.TYMPANIC])
    type_digits(qtbot, stage, "384")
    touch(qtbot, stage, view.enter)
    assert stage.bridge.sent == []
    type_digits(qtbot, stage, "38")
    touch(qtbot, stage, view.keys["<"])
    type_digits(qtbot, stage, "84")
    touch(qtbot, stage, view.enter)
    (sent,) = stage.bridge.sent
    assert isinstance(sent, TypeReading)
    assert (sent.first_c, sent.second_c, sent.trust) == (38.4, 38.4, TrustClass.TYMPANIC)
    assert not view.isVisible()


def test_a_keyboard_types_too_and_going_back_sends_nothing(qtbot, stage):
    window = stage.lane
    touch(qtbot, stage, window.case_view.type_in)
    touch(qtbot, stage, window.typing_view.kinds[TrustClass.CONTACT])
    qtbot.keyClicks(window.typing_view, "375")
    assert window.typing_view.enter.isEnabled()
    touch(qtbot, stage, window.typing_view.cancel)
    assert stage.bridge.sent == []
    touch(qtbot, stage, window.case_view.type_in)
    assert not window.typing_view.enter.isEnabled()
