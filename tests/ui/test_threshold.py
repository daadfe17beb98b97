"""The threshold at the kiosk: proposed by one, confirmed by another, with what it would mean."""

from station.core.cases import Refusal
from station.core.events import CommandRefused
from station.core.people import Person, Role
from station.core.threshold_commands import (
    AskThreshold,
    ConfirmThreshold,
    ProposeThreshold,
    ThresholdTold,
)
from tests.ui import scenes_lead as scenes
from tests.ui.looking import everything_said
from tests.ui.making import NOON
from tests.ui.making_people import standing
from tests.ui.scenes import Scene
from tests.ui.screens import Stage
from ui.viewmodels.threshold import moved, threshold_view

LEAD = Person("Chen-01", Role.SHIFT_LEAD)


def on_screen(stage: Stage, scene: Scene) -> object:
    stage.window.show_screen("threshold")
    scene(stage)
    return stage.window.screens["threshold"]


def test_a_step_asks_what_it_would_mean_and_is_proposed(stage: Stage) -> None:
    screen = on_screen(stage, scenes.threshold_known)
    asked = [one.skin_threshold_c for one in stage.bridge.sent if isinstance(one, AskThreshold)]
    assert asked == [36.2, 36.3]
    assert "False alarms: 267 now" in everything_said(stage.window)
    screen.propose.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, ProposeThreshold)
    assert sent.skin_threshold_c == 36.3


def test_no_step_leads_beyond_what_the_settings_allow() -> None:
    assert moved(standing(), 36.5, 0.1) == 36.5
    assert moved(standing(), 35.9, -0.1) == 35.9


def test_ones_own_proposal_is_closed_with_the_reason(stage: Stage) -> None:
    screen = on_screen(stage, scenes.threshold_proposed)
    assert not screen.confirm.isEnabled()
    assert "somebody else signs in and confirms it" in everything_said(stage.window)


def test_somebody_else_confirms_what_they_see(stage: Stage) -> None:
    screen = on_screen(stage, scenes.threshold_to_confirm)
    screen.confirm.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, ConfirmThreshold)
    assert sent.proposal_id == standing("Li-02").proposal.proposal_id
    stage.tell(CommandRefused(sent.command_id, "No.", Refusal.NO_PROPOSAL))
    assert "This proposal is no longer open" in everything_said(stage.window)


def test_an_operator_sees_it_and_is_told_whom_to_ask(stage: Stage) -> None:
    screen = on_screen(stage, scenes.threshold_closed)
    assert not screen.propose.isEnabled()
    assert "this takes at least shift lead" in everything_said(stage.window)


def test_nothing_is_proposed_before_the_outlook_is_known() -> None:
    view = threshold_view(standing(), 36.4, None, LEAD, NOON)
    assert not view.can_propose


def test_a_late_outlook_of_another_threshold_is_not_shown(stage: Stage) -> None:
    screen = on_screen(stage, scenes.threshold_known)
    screen.up.click()
    stale = next(one for one in reversed(stage.bridge.sent) if isinstance(one, AskThreshold))
    screen.up.click()
    stage.tell(ThresholdTold(standing(), stale.command_id))
    assert "Counting…" in everything_said(stage.window)
