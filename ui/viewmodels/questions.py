"""The questions of the second check, with their answers as commands: pure functions."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from station.core.cases import BodySite, Case, CaseState, ClearCause, HandoverStep
from station.core.commands import (
    AttachReading,
    CaseCommand,
    HandOver,
    ResolveCase,
    RestTraveller,
    TakeBack,
)
from ui.case_texts import CAUSES
from ui.texts import say, translate
from ui.viewmodels.choices import Choice

_RESTS_MIN = (10, 30)


def _asked(command: CaseCommand, words: str, *, is_enabled: bool = True) -> Choice:
    return Choice(command, words, is_enabled=is_enabled)


def causes(case_id: UUID) -> tuple[str, Sequence[Choice]]:
    """Ask why a case is cleared."""
    choices = [
        _asked(ResolveCase(uuid4(), case_id, CaseState.CLEARED, cause.value), say(CAUSES, cause))
        for cause in ClearCause
    ]
    return translate("questions", "Why was somebody without fever flagged?"), choices


def sites(case_id: UUID, reading_id: UUID) -> tuple[str, Sequence[Choice]]:
    """Ask where a contact thermometer was held."""
    choices = [
        _asked(
            AttachReading(uuid4(), case_id, reading_id, BodySite.MOUTH),
            translate("questions", "Mouth"),
        ),
        _asked(
            AttachReading(uuid4(), case_id, reading_id, BodySite.ARMPIT),
            translate("questions", "Armpit"),
        ),
    ]
    return translate("questions", "Where was the thermometer held?"), choices


def others(case: Case) -> tuple[str, Sequence[Choice]]:
    """Ask which of the less usual steps comes next."""
    choices = [
        _asked(
            RestTraveller(uuid4(), case.case_id, minutes),
            translate("questions", "Rest for\n{0} minutes").format(minutes),
        )
        for minutes in _RESTS_MIN
    ]
    is_rest = case.progress.rest_until is not None
    end = translate("questions", "End\nthe rest")
    choices.append(_asked(RestTraveller(uuid4(), case.case_id, 0), end, is_enabled=is_rest))
    back = translate("questions", "Take back\nlast reading")
    choices.append(_asked(TakeBack(uuid4(), case.case_id), back, is_enabled=bool(case.readings)))
    unclear = ResolveCase(uuid4(), case.case_id, CaseState.UNRESOLVED, "")
    choices.append(_asked(unclear, translate("questions", "Unclear: go on\nas with fever")))
    left = HandOver(uuid4(), case.number, HandoverStep.LEFT_WITHOUT, "")
    choices.append(_asked(left, translate("questions", "Left without\nhand-over")))
    return translate("viewmodels", "Case {0}").format(case.number), choices
