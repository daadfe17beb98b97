"""Made-up pages of the ledger for the kiosk's tests."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from station.core.cases import CaseState
from station.core.extraction import RejectReason
from station.core.questions import SearchPage, SearchPassages
from station.core.screening import Outcome
from station.core.search import CaseBrief, FoundPassage, PagePlace
from tests.ui.making import NOON, passage, reading, screening

_REASONS = tuple(RejectReason)


def one(number: int) -> FoundPassage:
    """Return a passage, one every nine seconds, with something of everything."""
    made = replace(
        passage(number), camera_id=f"camera-{1 + number % 4}", passage_id=UUID(int=70_000 + number)
    )
    made = replace(made, last_at=NOON - timedelta(seconds=9 * number))
    if number % 3 == 0:
        why = _REASONS[number // 3 % len(_REASONS)]
        return FoundPassage(
            replace(made, screening=screening(Outcome.NOT_MEASURED, None, why)), None
        )
    if number % 5 == 0:
        verdict = CaseState.CONFIRMED if number % 2 else CaseState.CLEARED
        brief = CaseBrief(1_000 + number, verdict, verdict, (reading(1, 37.6), reading(2, 38.1)))
        return FoundPassage(replace(made, screening=screening(Outcome.ABOVE, 37.2)), brief)
    if number % 7 == 0:
        brief = CaseBrief(1_000 + number, CaseState.OPEN, None, ())
        return FoundPassage(replace(made, screening=screening(Outcome.REPEAT, 36.1)), brief)
    return FoundPassage(replace(made, screening=screening(Outcome.BELOW, 34.8)), None)


def page(question: object, *, first: int = 0, rows: int = 30, is_last: bool = False) -> SearchPage:
    """Return the answer to a search of the kiosk: these rows of 123,456."""
    assert isinstance(question, SearchPassages)
    found = tuple(one(number) for number in range(first, first + rows))
    after = None if is_last else place(found[-1])
    about = 123_456 if question.after is None else None
    return SearchPage(question.command_id, found, after, about)


def place(found: FoundPassage) -> PagePlace:
    """Return where the page below a row begins."""
    return PagePlace(found.passage.last_at, found.passage.passage_id)
