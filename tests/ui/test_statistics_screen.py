"""The statistics page asks the station, and shows what it is told."""

from datetime import timedelta

import pytest

from station.core.cases import Refusal
from station.core.events import CommandRefused
from station.core.people import Person, Role
from station.core.people_events import SessionChanged
from station.core.questions import AskStatistics
from tests.ui import counted
from tests.ui.looking import everything_said
from tests.ui.making import NOON
from tests.ui.screens import Stage
from ui.entering.periods import Period
from ui.screens.statistics import StatisticsScreen


@pytest.fixture
def screen(stage: Stage) -> StatisticsScreen:
    stage.window.show_screen("statistics")
    stage.settle()
    shown = stage.window.screens["statistics"]
    assert isinstance(shown, StatisticsScreen)
    return shown


def asked(stage: Stage) -> AskStatistics:
    question = stage.bridge.sent[-1]
    assert isinstance(question, AskStatistics)
    return question


def answer(stage: Stage) -> None:
    stage.tell(counted.counted(asked(stage), counted.statistics()))


def test_it_asks_for_today_once_and_shows_the_answer(
    stage: Stage, screen: StatisticsScreen
) -> None:
    assert len(stage.bridge.sent) == 1
    since = asked(stage).since
    assert since is not None
    assert since.astimezone().hour == since.astimezone().minute == 0
    assert NOON - timedelta(days=1) < since <= NOON
    assert "Counting…" in everything_said(stage.window)
    answer(stage)
    assert "135,595 people" in everything_said(stage.window)


def test_figures_are_counted_anew_after_a_minute_in_sight(
    stage: Stage, screen: StatisticsScreen
) -> None:
    answer(stage)
    stage.settle()
    assert len(stage.bridge.sent) == 1
    stage.clock.advance(60)
    stage.settle()
    assert len(stage.bridge.sent) == 2


def test_an_answer_to_an_earlier_touch_is_not_shown(stage: Stage, screen: StatisticsScreen) -> None:
    first = asked(stage)
    screen.periods[Period.WEEK].click()
    stage.tell(counted.counted(first, counted.nobody()))
    assert "Counting…" in everything_said(stage.window)
    answer(stage)
    assert "135,595 people" in everything_said(stage.window)


def test_cameras_are_one_touch_from_each_other(stage: Stage, screen: StatisticsScreen) -> None:
    answer(stage)
    names = []
    for _ in range(len(counted.CAMERAS) + 1):
        screen.camera.click()
        names.append(asked(stage).camera_id)
        answer(stage)
    assert names == [*counted.CAMERAS, None]


def test_second_checks_are_one_touch_away(stage: Stage, screen: StatisticsScreen) -> None:
    answer(stage)
    assert "False alarms by camera" not in everything_said(stage.window)
    screen.turn.click()
    assert "False alarms by camera" in everything_said(stage.window)


def test_a_refusal_says_why_and_whoever_signs_in_then_is_answered(
    stage: Stage, screen: StatisticsScreen
) -> None:
    nobody = CommandRefused(asked(stage).command_id, "Nobody.", Refusal.NOT_SIGNED_IN)
    stage.tell(nobody)
    assert "Nobody is signed in: sign in first" in everything_said(stage.window)
    stage.tell(SessionChanged(Person("li", Role.AUDITOR)))
    answer(stage)
    assert "135,595 people" in everything_said(stage.window)


def test_a_dead_disk_is_told(stage: Stage, screen: StatisticsScreen) -> None:
    stage.tell(CommandRefused(asked(stage).command_id, "The disk cannot be read."))
    assert "Not carried out: The disk cannot be read." in everything_said(stage.window)


def test_a_station_that_went_is_asked_again_when_it_is_back(
    stage: Stage, screen: StatisticsScreen
) -> None:
    stage.bridge.connected.emit()
    stage.settle()
    answer(stage)
    assert "135,595 people" in everything_said(stage.window)
