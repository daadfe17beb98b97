"""The hand-over at the kiosk: what is open, a note, and the lead who comes and takes over."""

from station.core.cases import Refusal
from station.core.events import CommandRefused
from station.core.people import Role
from station.core.shift import LONGEST_NOTE
from station.core.shift_commands import AskShift, OfferShift, ShiftTold, TakeShift
from tests.ui import scenes_lead as scenes
from tests.ui.looking import everything_said
from tests.ui.making_people import session, shift
from tests.ui.scenes import Scene
from tests.ui.screens import Stage


def on_screen(stage: Stage, scene: Scene) -> object:
    stage.window.show_screen("shift")
    scene(stage)
    return stage.window.screens["shift"]


def test_the_screen_tells_what_is_open_and_the_latest_hand_over(stage: Stage) -> None:
    screen = on_screen(stage, scenes.shift_leaving)
    said = everything_said(stage.window)
    for words in ("Open: 8", "Case 42 · Reading due", "late by", "Zhao-05 to Chen-01", "102, 103"):
        assert words in said
    screen.matters.rows.buttons[0].click()
    assert stage.window.screens["cases"].isVisible()


def test_the_lead_who_leaves_hands_over_with_a_short_note(stage: Stage) -> None:
    screen = on_screen(stage, scenes.shift_leaving)
    assert "No names of travellers" in everything_said(stage.window)
    screen.note.setText("x" * 500)
    screen.offer.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, OfferShift)
    assert sent.note == "x" * LONGEST_NOTE
    stage.tell(ShiftTold(shift("Chen-01"), sent.command_id))
    assert screen.note.text() == ""
    assert not screen.take_over.isEnabled()
    assert "The lead who comes signs in" in everything_said(stage.window)


def test_somebody_else_takes_over_what_they_have_read(stage: Stage) -> None:
    screen = on_screen(stage, scenes.shift_to_take)
    screen.take_over.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, TakeShift)
    assert sent.offer_id == shift("Chen-01").offer.offer_id
    stage.tell(CommandRefused(sent.command_id, "No.", Refusal.NO_OFFER))
    assert "This hand-over is no longer open" in everything_said(stage.window)


def test_whoever_comes_finds_no_note_of_another_and_asks_anew(stage: Stage) -> None:
    screen = on_screen(stage, scenes.shift_leaving)
    stage.bridge.sent.clear()
    stage.tell(session("Chen-01", Role.SHIFT_LEAD))
    assert screen.note.text() == "8-12: 104, 105"
    # A station that was started again has signed everybody out.
    stage.tell(session(None), session("Chen-01", Role.SHIFT_LEAD))
    assert screen.note.text() == "8-12: 104, 105"
    stage.tell(session("Li-02", Role.SHIFT_LEAD))
    assert screen.note.text() == ""
    assert any(isinstance(one, AskShift) for one in stage.bridge.sent)


def test_an_operator_looks_and_is_told_whom_to_ask(stage: Stage) -> None:
    screen = on_screen(stage, scenes.shift_closed)
    assert not screen.offer.isEnabled()
    assert "this takes at least shift lead" in everything_said(stage.window)


def test_where_nobody_signs_in_it_is_one_persons_note(stage: Stage) -> None:
    screen = on_screen(stage, scenes.shift_of_nobody)
    said = everything_said(stage.window)
    assert "Nothing is open" in said
    assert "one person's note" in said
    assert screen.offer.isEnabled()
