"""Looking for passages at the kiosk, and writing them into files."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station.core.cases import Refusal
from station.core.events import CommandRefused
from station.core.extraction import RejectReason
from station.core.people import Person, Role
from station.core.people_events import SessionChanged
from station.core.questions import (
    AskStatistics,
    CancelWork,
    ExportPassages,
    SearchPassages,
    TableFormat,
    WorkProgress,
    WorkState,
)
from tests.ui import counted, found
from tests.ui.looking import everything_said
from tests.ui.screens import Stage
from ui.entering.searching import Facet
from ui.screens.ledger import LedgerScreen

_FILE = "passages-20261124-120000.csv"


@pytest.fixture
def screen(stage: Stage) -> LedgerScreen:
    stage.window.show_screen("ledger")
    stage.settle()
    shown = stage.window.screens["ledger"]
    assert isinstance(shown, LedgerScreen)
    return shown


def last(stage: Stage, kind: type = SearchPassages) -> object:
    return next(one for one in reversed(stage.bridge.sent) if isinstance(one, kind))


def answer(stage: Stage, **about: object) -> None:
    stage.tell(found.page(last(stage), **about))


def choose(stage: Stage, screen: LedgerScreen, facet: Facet, words: str) -> None:
    screen.facets[facet].click()
    stage.settle()
    button = next(one for one in screen.choosing.buttons if one.text() == words)
    button.click()


def test_todays_passages_are_shown_without_a_touch(stage: Stage, screen: LedgerScreen) -> None:
    assert "Searching…" in everything_said(stage.window)
    answer(stage)
    said = everything_said(stage.window)
    assert "about 123,456 passages" in said
    assert "1005: Fever confirmed · 38.1 °C" in said


def test_the_next_page_begins_below_the_last_row_that_was_shown(
    stage: Stage, screen: LedgerScreen
) -> None:
    answer(stage)
    room = screen.table.capacity
    assert room < 30
    screen.older.click()
    assert last(stage).after == found.place(found.one(room - 1))
    answer(stage, first=room)
    assert "Page 2 · about 123,456 passages" in everything_said(stage.window)
    screen.newer.click()
    assert last(stage).after is None


def test_the_last_page_has_no_older_one(stage: Stage, screen: LedgerScreen) -> None:
    answer(stage, rows=3, is_last=True)
    assert not screen.older.isEnabled()
    assert not screen.newer.isEnabled()


def test_a_choice_searches_anew_from_the_first_page(stage: Stage, screen: LedgerScreen) -> None:
    answer(stage)
    screen.older.click()
    answer(stage)
    choose(stage, screen, Facet.REASON, "Remove glasses")
    assert last(stage).after is None
    assert last(stage).wanted.reason is RejectReason.GLASSES
    assert screen.facets[Facet.REASON].accessibleName() == "Reason: Remove glasses"


def test_a_later_choice_ends_the_search_before_and_its_late_answer_is_not_shown(
    stage: Stage, screen: LedgerScreen
) -> None:
    first = last(stage)
    choose(stage, screen, Facet.OUTCOME, "Second check")
    assert last(stage, CancelWork).work_id == first.command_id
    stage.tell(found.page(first))
    assert "Searching…" in everything_said(stage.window)


def test_the_cameras_to_choose_are_those_that_the_ledger_knows(
    stage: Stage, screen: LedgerScreen
) -> None:
    answer(stage)
    stage.tell(counted.counted(last(stage, AskStatistics), counted.statistics()))
    choose(stage, screen, Facet.CAMERA, "camera-3")
    assert last(stage).wanted.camera_id == "camera-3"


def test_a_search_does_not_wait_for_the_list_of_cameras(stage: Stage, screen: LedgerScreen) -> None:
    answer(stage)
    listing = last(stage, AskStatistics)
    screen.older.click()
    assert last(stage, CancelWork).work_id == listing.command_id
    answer(stage)
    assert last(stage, AskStatistics) != listing


def test_a_case_is_found_by_its_number_also_from_a_keyboard(
    stage: Stage, screen: LedgerScreen
) -> None:
    answer(stage)
    screen.facets[Facet.CASE].click()
    stage.settle()
    assert not screen.number.enter.isEnabled()
    QTest.keyClick(screen.number, Qt.Key.Key_4)
    screen.number.keys["2"].click()
    screen.number.enter.click()
    assert last(stage).wanted.case_number == 42


def test_a_day_and_a_time_can_be_typed(stage: Stage, screen: LedgerScreen) -> None:
    screen.facets[Facet.TIME].click()
    stage.settle()
    screen.choosing.typing.click()
    for digit in "11230930":
        QTest.keyClick(screen.number, digit)
    stage.settle()
    screen.number.enter.click()
    until = last(stage).wanted.until
    assert f"{until.astimezone():%m%d%H%M}" == "11230930"


def begin_export(stage: Stage, screen: LedgerScreen) -> Callable[..., None]:
    answer(stage)
    screen.export.click()
    stage.settle()
    screen.export_view.forms[TableFormat.CSV].click()
    asked = last(stage, ExportPassages)
    assert asked.form is TableFormat.CSV

    def tell(state: WorkState, done: int, file: str = "") -> None:
        stage.tell(WorkProgress(asked.command_id, state, done, 1_000, file))

    return tell


def test_an_export_tells_its_progress_and_its_file(stage: Stage, screen: LedgerScreen) -> None:
    tell = begin_export(stage, screen)
    tell(WorkState.RUNNING, 340)
    assert "340 of about 1,000 passages are written" in everything_said(stage.window)
    assert screen.export.accessibleName() == "Export: 34%"
    tell(WorkState.RUNNING, 990)
    tell(WorkState.DONE, 1_002, _FILE)
    assert f"1,002 passages are in {_FILE}" in everything_said(stage.window)
    assert screen.export_view.forms[TableFormat.XLSX].isVisible()


def test_an_export_can_be_cancelled(stage: Stage, screen: LedgerScreen) -> None:
    tell = begin_export(stage, screen)
    tell(WorkState.RUNNING, 340)
    screen.export_view.end.click()
    assert last(stage, CancelWork).work_id == last(stage, ExportPassages).command_id
    tell(WorkState.CANCELLED, 340)
    assert "Cancelled: nothing is left of the file" in everything_said(stage.window)


def test_an_export_goes_on_while_staff_search(stage: Stage, screen: LedgerScreen) -> None:
    tell = begin_export(stage, screen)
    tell(WorkState.RUNNING, 340)
    screen.export_view.cancel.click()
    choose(stage, screen, Facet.OUTCOME, "Second check")
    tell(WorkState.RUNNING, 500)
    assert screen.export.accessibleName() == "Export: 50%"


def test_a_second_touch_begins_no_second_export(stage: Stage, screen: LedgerScreen) -> None:
    tell = begin_export(stage, screen)
    stage.settle()
    for button in screen.export_view.forms.values():
        button.click()
    assert sum(isinstance(one, ExportPassages) for one in stage.bridge.sent) == 1
    assert "Asking the station" in everything_said(stage.window)
    tell(WorkState.DONE, 1_000, _FILE)
    screen.export_view.forms[TableFormat.XLSX].click()
    assert last(stage, ExportPassages).form is TableFormat.XLSX


def test_a_refused_export_says_so(stage: Stage, screen: LedgerScreen) -> None:
    begin_export(stage, screen)
    stage.tell(CommandRefused(last(stage, ExportPassages).command_id, "Another is written."))
    assert "Not carried out: Another is written." in everything_said(stage.window)


def test_a_refusal_says_why_and_whoever_signs_in_then_is_answered(
    stage: Stage, screen: LedgerScreen
) -> None:
    refused = CommandRefused(last(stage).command_id, "Nobody.", Refusal.NOT_SIGNED_IN)
    stage.tell(refused)
    assert "Nobody is signed in: sign in first" in everything_said(stage.window)
    stage.tell(SessionChanged(Person("li", Role.AUDITOR)))
    answer(stage)
    assert "about 123,456 passages" in everything_said(stage.window)
