"""A registration while it is asked, as plain values: what stands there and what a touch does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from station.core.case_flow import CaseFlow
from station.core.identity import IdentityField
from station.core.registration import (
    UNKNOWN,
    Exposure,
    Field,
    HubKind,
    Medicine,
    Registration,
    Symptom,
    missing,
)

TEXTS = (Field.NUMBER, Field.CAR, Field.SEAT, Field.SEAT_ACTUAL)
"""What is answered with a number, each on a page of its own."""
HEALTH = "health"
"""The page of symptoms, medicine and exposure."""
IDENTITY = "identity"
"""The page of who the traveller is."""
TYPE, NEXT, ERASE, DOES_NOT_KNOW = "type", "next", "erase", "does_not_know"
"""Touches that are no answer."""

_HEALTH_FIELDS = (Field.SYMPTOMS, Field.MEDICINE, Field.EXPOSURE)
_SEATS = {Field.SEAT, Field.SEAT_ACTUAL}
_CARS = range(1, 21)
_ROWS = range(1, 21)
# No E in trains of the People's Republic: three and two seats beside the aisle.
_LETTERS = "ABCDF"
_PAD = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEAT = re.compile(r"\d+[A-Z]")
_LONGEST = 8
_MOST_SERVICES = 20

Page = Field | str

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far; every touch gives a new value."""

    asked: tuple[Field, ...]
    """What must be answered."""
    answers: Registration
    """The answers."""
    permitted: tuple[IdentityField, ...]
    """What of the identity may be asked; empty without a rule."""
    services: tuple[str, ...]
    """Numbers to choose from."""
    page: Page
    """What is asked now."""
    typed: str = ""
    """What was typed of this answer."""
    row: str = ""
    """The seat's row, once it was chosen."""
    is_typing: bool = False
    """Whether the keys are shown instead of answers to choose from."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """Everything that is asked, in order."""
        texts: list[Page] = [field for field in TEXTS if field in self.asked]
        health = [HEALTH] if set(_HEALTH_FIELDS) & set(self.asked) else []
        return (*texts, *health, *([IDENTITY] if self.permitted else []))

    @property
    def missing(self) -> tuple[Field, ...]:
        """What has no answer yet."""
        return missing(self.answers, self.asked)

    @property
    def has_pad(self) -> bool:
        """Whether this page shows the keys."""
        return self.page in TEXTS and (self.is_typing or not self._quick())

    def under(self, asked: tuple[Field, ...], permitted: tuple[IdentityField, ...]) -> "Draft":
        """Return the draft with its answers, under what is asked and permitted now."""
        changed = replace(self, asked=asked, permitted=permitted)
        return changed if self.page in changed.pages else changed.at(changed.pages[0])

    def choices(self) -> tuple[str, ...]:
        """Return what can be touched for the page's answer."""
        if self.page not in TEXTS:
            return ()
        if self.has_pad:
            return (*_PAD, ERASE, NEXT)
        return (*self._quick(), TYPE)

    def at(self, page: Page) -> "Draft":
        """Return the draft on another page."""
        return replace(self, page=page, typed="", row="", is_typing=False)

    def touched(self, choice: str) -> "Draft":
        """Return the draft after one touch on the page's choices."""
        if choice == TYPE:
            return replace(self, is_typing=True)
        if choice == ERASE:
            return replace(self, typed=self.typed[:-1])
        if choice in (NEXT, DOES_NOT_KNOW):
            return self._left(UNKNOWN if choice == DOES_NOT_KNOW else self.typed)
        return self._pressed(choice) if self.has_pad else self._picked(choice)

    def with_symptom(self, symptom: Symptom | None) -> "Draft":
        """Return the draft with a symptom more or less; None says that there are none."""
        chosen = _toggled(self.answers.symptoms or (), symptom)
        return replace(self, answers=replace(self.answers, symptoms=chosen))

    def with_exposure(self, exposure: Exposure | None) -> "Draft":
        """Return the draft with an exposure more or less; None says that there was none."""
        chosen = _toggled(self.answers.exposure or (), exposure)
        return replace(self, answers=replace(self.answers, exposure=chosen))

    def with_medicine(self, medicine: Medicine, hours: int) -> "Draft":
        """Return the draft with the answer about medicines of the last hours."""
        answers = replace(self.answers, medicine=medicine, medicine_hours=hours)
        return replace(self, answers=answers)

    def with_no_to_all(self, hours: int) -> "Draft":
        """Return the draft in which the traveller has said no to everything about health."""
        answers = replace(
            self.answers,
            symptoms=(),
            exposure=(),
            medicine=Medicine.NONE,
            medicine_hours=hours,
        )
        return replace(self, answers=answers)

    def _quick(self) -> tuple[str, ...]:
        """Return answers to choose from, or none where keys are quicker."""
        if self.page is Field.NUMBER:
            return self.services[:_MOST_SERVICES]
        if self.page is Field.CAR:
            return tuple(str(car) for car in _CARS)
        if self.page in _SEATS and self.answers.hub is HubKind.TRAIN:
            return tuple(_LETTERS) if self.row else tuple(str(row) for row in _ROWS)
        return ()

    def _left(self, answer: str) -> "Draft":
        """Return the draft after the page was left, with an answer or without."""
        return self._answered(answer) if answer else self.at(self.next_page)

    def _picked(self, choice: str) -> "Draft":
        if self.page in _SEATS and not self.row:
            return replace(self, row=choice)
        return self._answered(self.row + choice)

    def _pressed(self, key: str) -> "Draft":
        typed = (self.typed + key)[:_LONGEST]
        # A seat ends with its letter: one touch less.
        if self.page in _SEATS and _SEAT.fullmatch(typed):
            return self._answered(typed)
        return replace(self, typed=typed)

    def _answered(self, answer: str) -> "Draft":
        if not isinstance(self.page, Field):
            return self
        given: dict[str, Any] = {self.page.value: answer}
        answers = replace(self.answers, **given)
        if self.page is Field.SEAT:
            # Most sit where their ticket says; the next page shows it and can be changed.
            answers = replace(answers, seat_actual=answer)
        answered = replace(self, answers=answers)
        return answered.at(answered.next_page)

    @property
    def next_page(self) -> Page:
        """The next page that has no answer yet, else the next one."""
        pages = self.pages
        place = pages.index(self.page)
        open_pages = [page for page in pages[place + 1 :] if not self._is_answered(page)]
        return (open_pages or [pages[min(place + 1, len(pages) - 1)]])[0]

    def _is_answered(self, page: Page) -> bool:
        if page == HEALTH:
            return not set(self.missing) & set(_HEALTH_FIELDS)
        return isinstance(page, Field) and self.answers.is_answered(page)


def begun(flow: CaseFlow, known: Registration | None, permitted: Sequence[IdentityField]) -> Draft:
    """Return the draft for a case: empty, or with what was answered before."""
    answers = known or Registration(flow.hub)
    first = next((field for field in TEXTS if field in flow.asked), HEALTH)
    return Draft(flow.asked, answers, tuple(permitted), flow.services, first)


def _toggled(chosen: tuple[_Answer, ...], one: _Answer | None) -> tuple[_Answer, ...]:
    if one is None:
        return ()
    return tuple(c for c in chosen if c != one) if one in chosen else (*chosen, one)
