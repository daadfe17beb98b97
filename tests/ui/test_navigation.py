"""Screens come into sight by touch, key and wish, and each asks the station for itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from station.core.cases import Refusal
from station.core.commands import CheckByHand, SetRoom
from station.core.events import CaseChanged, CommandRefused, Event, RoomChanged, RoomSource
from station.core.people import Role
from station.core.room import Room
from station.core.threshold_commands import ThresholdTold
from tests.ui.conftest import MakeStage
from tests.ui.looking import everything_said
from tests.ui.making import NOON, Ids, case, cases_that_go_on, link
from tests.ui.making_devices import well_kept_station
from tests.ui.making_people import session, standing
from tests.ui.making_stations import busy_station
from tests.ui.screens import Stage
from ui.desk import Unsent
from ui.model import Loss
from ui.navigation import Navigation
from ui.screens.base import Screen
from ui.screens.table import SCREENS, ScreenEntry


class Notes(Screen):
    """A screen that writes down what the window does with it."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.done: list[object] = []
        self.label = QLabel(self)

    def retranslate(self) -> None:
        self.done.append("retranslate")

    def refresh(self, now: datetime) -> None:
        self.done.append(now)

    def take(self, event: Event) -> None:
        self.done.append(event)

    def renew(self) -> None:
        self.done.append("renew")


NOTES = ScreenEntry("notes", "Notes", "ledger", Notes, roles=frozenset({"technician"}))


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    # So few that none of them is on a second page.
    stage = make_stage(screens=(SCREENS[0], NOTES))
    stage.window.screens["notes"].done.clear()
    return stage


def test_one_touch_brings_a_screen_into_sight_and_marks_its_button(stage: Stage) -> None:
    buttons = stage.window.navigation.buttons
    assert buttons["lane"].isChecked()
    buttons["notes"].click()
    assert stage.window.screens["notes"].isVisible()
    assert [key for key, button in buttons.items() if button.isChecked()] == ["notes"]
    buttons["notes"].click()
    assert buttons["notes"].isChecked()


@pytest.fixture
def rail(qtbot: QtBot) -> Iterator[Navigation]:
    """Give the rail of every screen there is, without the screens."""
    parent = QWidget()
    qtbot.addWidget(parent)
    rail = Navigation(parent, SCREENS)
    rail.show_open([entry.key for entry in SCREENS])
    parent.show()
    with qtbot.waitActive(parent):
        parent.activateWindow()
    yield rail


def test_each_screen_has_a_function_key(stage: Stage, qtbot: QtBot) -> None:
    qtbot.addWidget(stage.window)
    with qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    number = len(stage.window.screens)
    qtbot.keyClick(stage.window, Qt.Key(Qt.Key.Key_F1 + number - 1))
    assert stage.window.screens["notes"].isVisible()
    qtbot.keyClick(stage.window, Qt.Key.Key_F1)
    assert stage.window.screens["lane"].isVisible()


def test_every_screen_has_a_key_of_its_own_that_a_common_keyboard_has(rail: Navigation) -> None:
    keyboard = {f"{shift}F{number}" for shift in ("", "Shift+") for number in range(1, 13)}
    keys = [keys.key().toString() for keys in rail.findChildren(QShortcut)]
    assert len(keys) == len(SCREENS)
    assert set(keys) <= keyboard
    assert len(set(keys)) == len(keys)


def test_the_thirteenth_screen_comes_by_the_shift_key(rail: Navigation, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rail.chosen, timeout=60_000) as came:
        qtbot.keyClick(rail, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert came.args == [SCREENS[12].key]


def test_a_screen_can_bring_another_one_into_sight(stage: Stage) -> None:
    stage.window.screens["lane"].go_to.emit("notes")
    assert stage.window.screens["notes"].isVisible()


def test_only_the_screen_in_sight_is_refreshed_but_all_hear_every_event(stage: Stage) -> None:
    notes, event = stage.window.screens["notes"], link()
    stage.tell(event)
    assert notes.done == [event]
    stage.window.show_screen("notes")
    assert notes.done[-1] == stage.clock.now()


def test_a_screen_is_made_when_somebody_first_wants_to_see_it(make_stage: MakeStage) -> None:
    stage = make_stage(screens=(SCREENS[0], NOTES))
    screens = stage.window.screens
    stage.tell(link())
    stage.bridge.connected.emit()
    stage.window.header.language.click()
    assert screens.made == (stage.lane,)
    stage.window.navigation.buttons["notes"].click()
    notes = screens["notes"]
    assert screens.made == (stage.lane, notes)
    assert notes.done == ["retranslate", stage.clock.now()]
    stage.window.show_screen("lane")
    stage.window.show_screen("notes")
    assert screens["notes"] is notes


@pytest.mark.parametrize("key", ["devices", "cases", "threshold", "shift", "daily", "regions"])
def test_a_screen_made_late_shows_what_was_told_before(make_stage: MakeStage, key: str) -> None:
    shown = []
    for is_early in (True, False):
        stage = make_stage()
        if is_early:
            stage.window.show_screen(key)
        stage.tell(
            session("Wu", Role.TECHNICIAN),
            *busy_station(),
            *well_kept_station(),
            ThresholdTold(standing("Li")),
            *(CaseChanged(one) for one in cases_that_go_on()),
        )
        stage.window.show_screen(key)
        stage.settle()
        shown.append(everything_said(stage.window))
    assert shown[0] == shown[1]


def test_a_new_language_and_a_new_snapshot_reach_screens_out_of_sight(stage: Stage) -> None:
    stage.window.header.language.click()
    stage.bridge.connected.emit()
    assert stage.window.screens["notes"].done == ["retranslate", "renew"]


def test_the_rail_shows_what_a_role_may_see(stage: Stage) -> None:
    button = stage.window.navigation.buttons["notes"]
    for told, is_shown in (
        (replace(session(), is_required=False), True),
        (session("Wang", Role.OPERATOR), False),
        (session("Wu", Role.TECHNICIAN), True),
    ):
        stage.tell(told)
        assert button.isVisible() == is_shown
        assert stage.window.navigation.buttons["lane"].isVisible()


def test_who_asks_gets_the_event_that_carries_the_commands_id_once(stage: Stage) -> None:
    answers: list[object] = []
    command = SetRoom(Ids().next(), 21.0, None, None)
    stage.window.desk.ask(command, answers.append)
    assert stage.bridge.sent == [command]
    answer = RoomChanged(NOON, Room(21.0, None, None), RoomSource.MEASURED, command.command_id)
    stage.tell(link(), answer, answer)
    assert answers == [answer]


def test_a_refusal_goes_to_who_asked_and_not_to_the_live_lane(stage: Stage) -> None:
    answers: list[object] = []
    command = CheckByHand(Ids().next(), case(1).passage_id)
    stage.window.desk.ask(command, answers.append)
    refused = CommandRefused(command.command_id, "no", Refusal.NOT_NEEDED)
    stage.tell(refused)
    assert answers == [refused]
    assert not stage.lane.message.isVisible()


@pytest.mark.parametrize("how", ["unsent", "lost", "connected"])
def test_who_asks_is_told_when_the_command_may_not_have_arrived(stage: Stage, how: str) -> None:
    answers: list[object] = []
    command = CheckByHand(Ids().next(), case(1).passage_id)
    stage.window.desk.ask(command, answers.append)
    given = {"unsent": (command,), "lost": (Loss.NO_ANSWER,), "connected": ()}[how]
    getattr(stage.bridge, how).emit(*given)
    assert answers == [Unsent(command)]


def test_screens_without_room_in_the_rail_are_one_page_further(make_stage: MakeStage) -> None:
    many = [replace(NOTES, key=f"notes-{i}") for i in range(12)]
    stage = make_stage(screens=(*SCREENS, *many))
    navigation, seen = stage.window.navigation, set()
    for _ in range(len(navigation.buttons)):
        seen |= {key for key, button in navigation.buttons.items() if button.isVisible()}
        assert navigation.rect().contains(navigation.more.geometry())
        navigation.more.click()
        stage.settle()
    assert seen == set(navigation.buttons) - {"simulators"}
    stage.window.show_screen("notes-11")
    stage.settle()
    assert navigation.buttons["notes-11"].isVisible()


def test_a_screen_that_a_role_may_not_see_has_no_key_either(stage: Stage, qtbot: QtBot) -> None:
    qtbot.addWidget(stage.window)
    with qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    stage.tell(session("Wang", Role.OPERATOR))
    qtbot.keyClick(stage.window, Qt.Key(Qt.Key.Key_F1 + len(stage.window.screens) - 1))
    assert not stage.window.screens["notes"].isVisible()
