"""What a technician's touches do to simulated devices, and where there is no such screen."""

from dataclasses import replace

import pytest

from station.core.events import CommandRefused
from station.core.people import Role
from station.core.simulator_commands import (
    ClearFaults,
    LookAtSimulators,
    SendPeople,
    SetSceneSpeed,
    SimulatedPeople,
    SwitchFault,
    TellSimulator,
)
from tests.ui import scenes_technician as scenes
from tests.ui.looking import everything_said
from tests.ui.making_devices import about, simulated, simulators_told, well_kept_station
from tests.ui.making_people import session
from tests.ui.screens import Stage
from ui.screens.simulators import CLEAR_ALL, CLEAR_ONE
from ui.viewmodels.simulators import Deed

LAST = -1


@pytest.fixture
def screen(stage: Stage) -> object:
    stage.window.show_screen("simulators")
    scenes.simulated(stage)
    return stage.window.screens["simulators"]


def asked(stage: Stage) -> object:
    """Return the last command that was no look."""
    return [one for one in stage.bridge.sent if not isinstance(one, LookAtSimulators)][LAST]


def test_a_touch_turns_a_fault_over(stage: Stage, screen: object) -> None:
    for fault, is_on in (("busy", True), ("bit_flip", False)):
        screen.faults.grid.button(("camera-1", fault)).click()
        sent = asked(stage)
        assert sent == SwitchFault(sent.command_id, "camera-1", fault, is_on)
    stage.tell(simulators_told(asked(stage), "busy"))
    assert screen.faults.grid.button(("camera-1", "busy")).text().startswith("⚠")
    assert "faults on: 1" in screen.devices.rows.buttons[0].accessibleName()


def test_every_fault_is_some_pages_away_at_most(stage: Stage, screen: object) -> None:
    seen = set()
    for _ in range(3):
        keys = screen.faults.grid.keys
        seen |= {key for key in keys if isinstance(key, tuple)}
        screen.faults.grid.button(keys[LAST]).click()
        stage.settle()
    told = simulators_told(stage.bridge.sent[LAST])
    assert seen == {("camera-1", fault) for fault in told.devices[0].faults}


def test_people_time_and_a_devices_own_commands_are_one_touch_each(
    stage: Stage, screen: object
) -> None:
    screen.people.button(SimulatedPeople.FEBRILE).click()
    assert asked(stage) == SendPeople(asked(stage).command_id, SimulatedPeople.FEBRILE)
    screen.time.button(10.0).click()
    assert asked(stage) == SetSceneSpeed(asked(stage).command_id, 10.0)
    screen.deeds.button(CLEAR_ONE).click()
    assert asked(stage) == ClearFaults(asked(stage).command_id, "camera-1")
    screen.time.button(CLEAR_ALL).click()
    assert asked(stage) == ClearFaults(asked(stage).command_id, None)
    screen.devices.chosen.emit("gun-1")
    stage.settle()
    screen.deeds.button(Deed("gun-1", "trigger", 38.6)).click()
    assert asked(stage) == TellSimulator(asked(stage).command_id, "gun-1", "trigger", 38.6)


def test_it_looks_again_only_after_an_answer_and_says_when_they_are_gone(
    stage: Stage, screen: object
) -> None:
    def looks() -> list[object]:
        return [one for one in stage.bridge.sent if isinstance(one, LookAtSimulators)]

    for _ in range(4):
        stage.settle()
    count = len(looks())
    for _ in range(4):
        stage.settle()
    assert len(looks()) == count
    stage.tell(CommandRefused(looks()[LAST].command_id, "They have ended."))
    assert "They have ended." in everything_said(stage.window)
    assert screen.devices.rows.isHidden()
    for _ in range(2):
        stage.settle()
    assert len(looks()) == count + 1
    stage.tell(simulators_told(looks()[LAST]))
    assert "They have ended." not in everything_said(stage.window)


def test_only_a_technician_of_a_simulated_station_has_the_screen(stage: Stage) -> None:
    button = stage.window.navigation.buttons["simulators"]
    stage.tell(*well_kept_station())
    for told, is_open in (
        (about(), False),
        (session("Wu", Role.TECHNICIAN), False),
        (simulated(), True),
        (session("Li", Role.SHIFT_LEAD), False),
        (session("Wu", Role.TECHNICIAN), True),
    ):
        stage.tell(told)
        stage.window.show_screen("simulators" if is_open else "lane")
        assert button.isVisible() == is_open
    stage.tell(about())
    assert stage.lane.isVisible()
    assert not any(isinstance(one, SwitchFault) for one in stage.bridge.sent)


def test_every_screen_of_a_rehearsal_is_marked_for_everybody(stage: Stage) -> None:
    stage.tell(*well_kept_station())
    assert "SIMULATED" not in everything_said(stage.window)
    height = stage.window.header.height()
    stage.tell(simulated())
    # The screens have no height to spare.
    assert stage.window.header.height() == height
    for told, words in (
        (simulated(), "SIMULATED"),
        (session("Wang"), "SIMULATED"),
        (session(None), "SIMULATED"),
        (replace(about(), is_drill=True), "DRILL"),
    ):
        stage.tell(told)
        assert words in everything_said(stage.window)
    assert "SIMULATED" not in everything_said(stage.window)
    stage.tell(about())
    assert "DRILL" not in everything_said(stage.window)
