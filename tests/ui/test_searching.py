"""What staff may wish for in a search, and what the ledger is then asked."""

from datetime import UTC, datetime

import pytest

from station.core.extraction import RejectReason
from station.core.questions import WorkProgress, WorkState
from station.core.screening import Outcome
from tests.ui import found
from tests.ui.making import NOON, Ids
from ui.entering.periods import Period, since
from ui.entering.searching import Facet, Wish, typed_moment
from ui.viewmodels.found import found_line, page_words, share_done


def local(year: int, *parts: int) -> datetime:
    return datetime(year, *parts).astimezone(UTC)


@pytest.mark.parametrize(
    ("period", "first"), [(Period.TODAY, 24), (Period.WEEK, 18), (Period.ALL, None)]
)
def test_a_period_begins_at_a_midnight_and_counts_today(period: Period, first: int | None) -> None:
    began = None if first is None else local(2026, 11, first)
    assert since(period, local(2026, 11, 24, 13, 5)) == began


def test_a_case_is_looked_for_everywhere() -> None:
    wish = Wish(camera="camera-1", outcome=Outcome.BELOW).chosen(Facet.CASE, 42)
    assert wish == Wish(Period.ALL, case_number=42)
    assert wish.chosen(Facet.OUTCOME, Outcome.ABOVE) == Wish(outcome=Outcome.ABOVE)


def test_a_reason_gives_up_an_answer_that_has_none_and_the_other_way_round() -> None:
    measured = Wish(outcome=Outcome.ABOVE)
    blurred = measured.chosen(Facet.REASON, RejectReason.BLURRED)
    assert (blurred.outcome, blurred.reason) == (None, RejectReason.BLURRED)
    assert blurred.chosen(Facet.OUTCOME, Outcome.NOT_MEASURED).reason is RejectReason.BLURRED
    assert blurred.chosen(Facet.OUTCOME, Outcome.BELOW).reason is None
    assert measured.chosen(Facet.REASON, None).outcome is Outcome.ABOVE


def test_every_facet_reaches_the_question() -> None:
    wish = Wish().chosen(Facet.TIME, NOON).chosen(Facet.CAMERA, "camera-2")
    wanted = wish.chosen(Facet.REASON, RejectReason.GLASSES).wanted(NOON)
    assert (wanted.since, wanted.until, wanted.camera_id) == (None, NOON, "camera-2")
    assert wanted.reason is RejectReason.GLASSES
    again = wish.chosen(Facet.TIME, Period.WEEK).wanted(NOON)
    assert again.until is None
    assert again.since is not None


@pytest.mark.parametrize(
    ("digits", "moment"),
    [
        ("11240930", local(2026, 11, 24, 9, 30)),
        ("12312359", local(2025, 12, 31, 23, 59)),
        ("02290000", local(2024, 2, 29)),
        ("13010000", None),
        ("11312400", None),
        ("1124093", None),
    ],
)
def test_a_typed_moment_is_the_last_one_that_has_passed(
    digits: str, moment: datetime | None
) -> None:
    assert typed_moment(digits, local(2026, 11, 24, 12)) == moment


def test_a_found_passage_is_told_in_one_line() -> None:
    measured = found_line(found.one(5))
    assert (measured.answer, measured.value) == ("Second check", "37.2 ± 0.4 °C")
    assert measured.case == "1005: Fever confirmed · 38.1 °C"
    missed = found_line(found.one(9))
    assert (missed.answer, missed.value) == ("Not measured", "Warming up: use thermometer")
    assert missed.case == ""


def test_a_page_tells_its_number_and_about_how_many_there_are() -> None:
    assert page_words(1, 0, 0) == "Nothing fits: choose a longer time or fewer filters"
    assert page_words(3, 30, 123_456) == "Page 3 · about 123,456 passages"


@pytest.mark.parametrize(
    ("state", "done", "about", "share"),
    [
        (WorkState.RUNNING, 0, 0, 0.0),
        (WorkState.RUNNING, 250, 1_000, 0.25),
        (WorkState.RUNNING, 1_100, 1_000, 1.0),
        (WorkState.DONE, 0, 0, 1.0),
        (WorkState.CANCELLED, 250, 1_000, 0.25),
    ],
)
def test_progress_is_a_share_of_what_is_expected(
    state: WorkState, done: int, about: int, share: float
) -> None:
    assert share_done(WorkProgress(Ids().next(), state, done, about)) == share
