"""What somebody typed stays, or the kiosk says that it is lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from station.core.events import CaseChanged, FlowAnnounced
from station.core.identity import LONGEST_IDENTITY, IdentityField, IdentityRules, admit
from tests.ui.looking import everything_said
from tests.ui.making import FLOW, JOURNEY, NOON, case, confirmed
from tests.ui.making_people import session
from tests.ui.screens import Stage
from ui.entering.registering import IDENTITY
from ui.keeping import PlaceFile
from ui.model import Loss
from ui.views.registration import RegistrationView

NAMED = replace(FLOW, identity=IdentityRules((IdentityField.NAME,)))


@pytest.fixture
def view(stage: Stage) -> RegistrationView:
    """The questions of case 1, all answered, at the name."""
    one = confirmed(1)
    stage.tell(FlowAnnounced(NAMED), CaseChanged(one))
    stage.window.show_screen("cases")
    ask_for(stage, one)
    view = stage.window.screens["cases"].registration
    for answer in ("G107", "5", "12", "F"):
        view.answers.chosen.emit(answer)
    view.medicines.chosen.emit(None)
    view.tabs.chosen.emit(IDENTITY)
    stage.settle()
    return view


def ask_for(stage: Stage, one: object) -> None:
    model = stage.window.desk.model
    model.at = model.to_register = one.case_id
    stage.settle()


def test_a_station_that_is_gone_for_a_moment_takes_nothing_of_what_was_typed(
    stage: Stage, view: RegistrationView
) -> None:
    view.lines[IdentityField.NAME].setText("Zhang")
    stage.window._on_lost(Loss.NO_ANSWER)
    stage.settle()
    assert view.isVisible()
    assert "no station: wait, what you typed stays here" in everything_said(view)
    assert not view.enter.isEnabled()
    stage.window._on_connected()
    stage.tell(FlowAnnounced(NAMED), CaseChanged(confirmed(1)))
    assert "no station" not in everything_said(view)
    assert view.lines[IdentityField.NAME].text() == "Zhang"
    assert view.enter.isEnabled()


def test_an_identity_that_was_forgotten_is_said_to_be(stage: Stage, view: RegistrationView) -> None:
    view.lines[IdentityField.NAME].setText("Zhang")
    assert "Identity\ntyped" in everything_said(view)
    stage.window.show_screen("lane")
    stage.window.show_screen("cases")
    stage.settle()
    assert "What was typed here was forgotten when the page closed" in everything_said(view)
    assert "Identity\nask again" in everything_said(view)
    view.lines[IdentityField.NAME].setText("Zhang")
    assert "ask again" not in everything_said(view)


def test_no_more_can_be_typed_of_a_name_than_the_station_takes(
    stage: Stage, view: RegistrationView
) -> None:
    view.lines[IdentityField.NAME].setText("𠮷" * 99)
    view.only.click()
    sent = stage.bridge.sent[-1].identity
    assert 0 < len(sent.name) <= LONGEST_IDENTITY
    rules = NAMED.identity
    assert admit(confirmed(1), sent, rules, at=NOON) is not None


def test_a_step_of_somebody_else_takes_nothing_of_a_correction(
    stage: Stage, view: RegistrationView
) -> None:
    one = confirmed(2, registration=JOURNEY, registered_at=NOON, has_identity=True)
    stage.tell(CaseChanged(one))
    ask_for(stage, one)
    view.tabs.chosen.emit(IDENTITY)
    assert "An identity is kept: leave this empty" in everything_said(view)
    view.lines[IdentityField.NAME].setText("Zhang")
    stage.tell(CaseChanged(replace(one, progress=replace(one.progress, isolated_at=NOON))))
    assert view.lines[IdentityField.NAME].text() == "Zhang"
    assert not view.enter.isEnabled()


def test_answers_outlive_a_rule_that_has_changed(stage: Stage, view: RegistrationView) -> None:
    stage.tell(FlowAnnounced(replace(FLOW, identity=IdentityRules())))
    ask_for(stage, confirmed(1))
    assert view.draft.answers == replace(JOURNEY, symptoms=())
    assert not view.draft.permitted
    assert view.draft.page in view.draft.pages


def test_a_kiosk_killed_amid_the_questions_comes_back_to_them_and_says_so(
    stage: Stage, view: RegistrationView, make_stage: object, tmp_path: Path
) -> None:
    PlaceFile(tmp_path / "place").keep(stage.window.desk.model.place())
    again = make_stage()
    again.window.desk.model.go_back(PlaceFile(tmp_path / "place").read())
    again.tell(FlowAnnounced(NAMED), CaseChanged(case(7)), CaseChanged(confirmed(1)))
    said = everything_said(again.window)
    assert "Register case 1 · the kiosk restarted: ask all questions again" in said


def test_whoever_signs_in_next_finds_nobody_s_half_typed_reading(stage: Stage) -> None:
    stage.tell(session("Li"), CaseChanged(case(1)))
    stage.lane.case_view.type_in.click()
    assert stage.lane.typing_view.isVisible()
    stage.window.header.lock_asked.emit()
    stage.tell(session("Wang"))
    assert stage.lane.case_view.isVisible()
