"""The audit trail's stored names and codes, as staff say them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from station.core.audit import AuditKind, AuditRow
from station.core.simulator_commands import SimulatedPeople
from ui import case_texts, texts
from ui.texts import QT_TRANSLATE_NOOP, in_one_line, say_station, translate
from ui.viewmodels.simulators import PEOPLE, fault_words

NAMES: Mapping[str, str] = {
    "afebrile": QT_TRANSLATE_NOOP("trail", "without fever"),
    "ambient_c": QT_TRANSLATE_NOOP("trail", "room °C"),
    "by": QT_TRANSLATE_NOOP("trail", "by"),
    "changed": QT_TRANSLATE_NOOP("trail", "changed"),
    "device_id": QT_TRANSLATE_NOOP("trail", "device"),
    "devices": QT_TRANSLATE_NOOP("trail", "device faults"),
    "did": QT_TRANSLATE_NOOP("trail", "what"),
    "extent": QT_TRANSLATE_NOOP("trail", "carried over"),
    "fault": QT_TRANSLATE_NOOP("trail", "fault"),
    "febrile": QT_TRANSLATE_NOOP("trail", "with fever"),
    "from_c": QT_TRANSLATE_NOOP("trail", "from °C"),
    "gone": QT_TRANSLATE_NOOP("trail", "missing"),
    "handed_by": QT_TRANSLATE_NOOP("trail", "handed over by"),
    "humidity_pct": QT_TRANSLATE_NOOP("trail", "humidity %"),
    "late_cases": QT_TRANSLATE_NOOP("trail", "late cases"),
    "limit_c": QT_TRANSLATE_NOOP("trail", "limit °C"),
    "made_at": QT_TRANSLATE_NOOP("trail", "copied at"),
    "messages_until": QT_TRANSLATE_NOOP("trail", "no alert missing until"),
    "more_stopped": QT_TRANSLATE_NOOP("trail", "more stopped"),
    "note": QT_TRANSLATE_NOOP("trail", "note"),
    "now_false_alarms": QT_TRANSLATE_NOOP("trail", "false alarms now"),
    "now_misses": QT_TRANSLATE_NOOP("trail", "misses now"),
    "offered_at": QT_TRANSLATE_NOOP("trail", "offered at"),
    "oldest_waiting_at": QT_TRANSLATE_NOOP("trail", "oldest unsent alert"),
    "on": QT_TRANSLATE_NOOP("trail", "switched"),
    "open_cases": QT_TRANSLATE_NOOP("trail", "open cases"),
    "order_c": QT_TRANSLATE_NOOP("trail", "order °C"),
    "outdoor_c": QT_TRANSLATE_NOOP("trail", "outdoors °C"),
    "people": QT_TRANSLATE_NOOP("trail", "sent"),
    "proposed_by": QT_TRANSLATE_NOOP("trail", "proposed by"),
    "reference_c": QT_TRANSLATE_NOOP("trail", "reference °C"),
    "refused": QT_TRANSLATE_NOOP("trail", "refused"),
    "role": QT_TRANSLATE_NOOP("trail", "role"),
    "rows": QT_TRANSLATE_NOOP("trail", "rows"),
    "set_aside": QT_TRANSLATE_NOOP("trail", "alerts set aside"),
    "shown_c": QT_TRANSLATE_NOOP("trail", "shown °C"),
    "speed": QT_TRANSLATE_NOOP("trail", "speed"),
    "state": QT_TRANSLATE_NOOP("trail", "case"),
    "taken_by": QT_TRANSLATE_NOOP("trail", "taken over by"),
    "taken_over_by": QT_TRANSLATE_NOOP("trail", "taken over by"),
    "temperature_c": QT_TRANSLATE_NOOP("trail", "temperature °C"),
    "then_false_alarms": QT_TRANSLATE_NOOP("trail", "false alarms then"),
    "then_misses": QT_TRANSLATE_NOOP("trail", "misses then"),
    "threshold_c": QT_TRANSLATE_NOOP("trail", "threshold °C"),
    "to_c": QT_TRANSLATE_NOOP("trail", "to °C"),
    "unchecked": QT_TRANSLATE_NOOP("trail", "not checked today"),
    "unfinished": QT_TRANSLATE_NOOP("trail", "unfinished cases"),
    "verdict": QT_TRANSLATE_NOOP("trail", "verdict"),
    "waiting": QT_TRANSLATE_NOOP("trail", "alerts waiting"),
    "what": QT_TRANSLATE_NOOP("trail", "of what"),
    "whole_until": QT_TRANSLATE_NOOP("trail", "nothing missing until"),
}
"""What a detail is called; one that is not here keeps its stored name."""

CODES: Mapping[str, str] = {
    "account": QT_TRANSLATE_NOOP("trail", "accounts"),
    "add": QT_TRANSLATE_NOOP("trail", "account made"),
    "all": QT_TRANSLATE_NOOP("trail", "all that could be read"),
    "audit": QT_TRANSLATE_NOOP("trail", "rows of this trail"),
    "audit_trail": QT_TRANSLATE_NOOP("trail", "audit trail as a file"),
    "backup": QT_TRANSLATE_NOOP("trail", "backup"),
    "begun": QT_TRANSLATE_NOOP("trail", "begun"),
    "block": QT_TRANSLATE_NOOP("trail", "blocked"),
    "card": QT_TRANSLATE_NOOP("trail", "card"),
    "case_": QT_TRANSLATE_NOOP("trail", "cases"),
    "case_step": QT_TRANSLATE_NOOP("trail", "steps of cases"),
    "clear_faults": QT_TRANSLATE_NOOP("trail", "all faults off"),
    "confirm": QT_TRANSLATE_NOOP("trail", "confirmed"),
    "correct": QT_TRANSLATE_NOOP("trail", "shutter correction"),
    "device_check": QT_TRANSLATE_NOOP("trail", "daily checks"),
    "failed": QT_TRANSLATE_NOOP("trail", "failed"),
    "hand_over": QT_TRANSLATE_NOOP("trail", "shift handed over"),
    "handover accepted": QT_TRANSLATE_NOOP("trail", "ambulance accepted"),
    "handover arrived": QT_TRANSLATE_NOOP("trail", "arrived at the clinic"),
    "handover departed": QT_TRANSLATE_NOOP("trail", "ambulance departed"),
    "handover left_without": QT_TRANSLATE_NOOP("trail", "traveller left"),
    "handover requested": QT_TRANSLATE_NOOP("trail", "ambulance called"),
    "isolated": QT_TRANSLATE_NOOP("trail", "in the isolation room"),
    "made": QT_TRANSLATE_NOOP("trail", "made"),
    "no card": QT_TRANSLATE_NOOP("trail", "card taken away"),
    "nothing": QT_TRANSLATE_NOOP("trail", "nothing"),
    "outbox": QT_TRANSLATE_NOOP("trail", "alerts"),
    "overdue": QT_TRANSLATE_NOOP("trail", "late:"),
    "panel": QT_TRANSLATE_NOOP("trail", "set at its panel"),
    "passage": QT_TRANSLATE_NOOP("trail", "passages"),
    "passages": QT_TRANSLATE_NOOP("trail", "passages as a file"),
    "passed": QT_TRANSLATE_NOOP("trail", "passed"),
    "pin": QT_TRANSLATE_NOOP("trail", "PIN"),
    "power_cycle": QT_TRANSLATE_NOOP("trail", "power off and on"),
    "propose": QT_TRANSLATE_NOOP("trail", "proposed"),
    "reading": QT_TRANSLATE_NOOP("trail", "second reading"),
    "refused": QT_TRANSLATE_NOOP("trail", "refused"),
    "registered with identity": QT_TRANSLATE_NOOP("trail", "registered with identity"),
    "registered": QT_TRANSLATE_NOOP("trail", "registered"),
    "rest ended": QT_TRANSLATE_NOOP("trail", "rest ended"),
    "rest": QT_TRANSLATE_NOOP("trail", "rest"),
    "restart": QT_TRANSLATE_NOOP("trail", "restarted"),
    "restored": QT_TRANSLATE_NOOP("trail", "put back in place"),
    "resume": QT_TRANSLATE_NOOP("trail", "signed in again"),
    "sign in": QT_TRANSLATE_NOOP("trail", "signed in"),
    "sign out": QT_TRANSLATE_NOOP("trail", "signed out"),
    "support_bundle": QT_TRANSLATE_NOOP("trail", "support bundle"),
    "taken back": QT_TRANSLATE_NOOP("trail", "taken back:"),
    "to": QT_TRANSLATE_NOOP("trail", "to"),
    "trigger": QT_TRANSLATE_NOOP("trail", "measured"),
    "unblock": QT_TRANSLATE_NOOP("trail", "unblocked"),
    "vital": QT_TRANSLATE_NOOP("trail", "only what must not wait"),
    "withdraw": QT_TRANSLATE_NOOP("trail", "withdrawn"),
}
"""What was done, by its stored code."""

_TABLES: tuple[Mapping[str, str], ...] = (
    {state.value: words for state, words in texts.CASES.items()},
    {state.value: words for state, words in texts.OUTCOMES.items()},
    {state.value: words for state, words in texts.ROLES.items()},
    {state.value: words for state, words in case_texts.STAGES.items()},
    {state.value: words for state, words in case_texts.CAUSES.items()},
    {state.value: words for state, words in case_texts.FOUND.items()},
)
"""What stands on other screens is called here as it is there; all of the context `texts`."""

_CODED = frozenset(
    (
        "by",
        "did",
        "extent",
        "fault",
        "gone",
        "note",
        "on",
        "people",
        "role",
        "state",
        "verdict",
        "what",
    )
)
# What a program needs, or a note says again: a row leaves it out, all of a step shows it.
_LEFT_OUT = frozenset(
    (
        "carried",
        "case_id",
        "check_id",
        "found_again",
        "lost_cases",
        "id",
        "missing",
        "not covered",
        "record",
        "sections",
        "set_aside_at",
        "state",
        "unchained",
    )
)
_LONGEST_CODE = 3


@dataclass(frozen=True, slots=True)
class _Detail:
    """One detail of a step."""

    name: str
    """Its stored name."""
    kept: str
    """Its value, as the trail keeps it."""
    words: str
    """Its value, as staff say it."""


def brief(row: AuditRow) -> str:
    """Return what a step says in words, for one line."""
    told = (_brief(one) for one in _details(row) if one.name not in _LEFT_OUT)
    return " · ".join(filter(None, (_subject(row), *told)))


def in_full(row: AuditRow) -> str:
    """Return all that a step says in words, each code behind its words as the trail keeps it."""
    told = (
        f"{_name(one.name)}: {one.words}"
        + (f" ({one.name}:{one.kept})" if one.kept != one.words else "")
        for one in _details(row)
    )
    return " · ".join(filter(None, (_subject(row), *told)))


def code_words(code: str) -> str:
    """Return the words of a stored code; what is not known of it stays as it is."""
    parts, said = code.replace(": ", " ").split(" "), []
    while parts:
        length = next(
            (some for some in range(_LONGEST_CODE, 1, -1) if _known(" ".join(parts[:some]))), 1
        )
        part = " ".join(parts[:length])
        said.append(_known(part) or part)
        parts = parts[length:]
    return " ".join(said)


def _brief(one: _Detail) -> str:
    return one.words if one.name in _CODED else f"{_name(one.name)} {one.words}"


def _in_full(one: _Detail) -> str:
    code = f" ({one.name}:{one.kept})" if one.kept != one.words else ""
    return translate("audit", "{0}: {1}").format(_name(one.name), one.words + code)


def _subject(row: AuditRow) -> str:
    subject = row.entry.subject
    return code_words(subject) if row.entry.kind is AuditKind.COPY else subject


def _details(row: AuditRow) -> Iterator[_Detail]:
    is_typed = row.entry.kind is AuditKind.SHIFT
    details: dict[str, object] = json.loads(row.entry.details)
    for name, value in details.items():
        if value in (None, "", [], {}):
            continue
        kept = _kept(value)
        yield _Detail(name, kept, _words(name, value, kept, is_typed=is_typed))


def _kept(value: object) -> str:
    match value:
        case list():
            return ", ".join(map(str, value))
        case dict():
            return ", ".join(f"{key} {of}" for key, of in value.items())
        case _:
            return str(value)


def _words(name: str, value: object, kept: str, *, is_typed: bool) -> str:
    match name:
        case _ if isinstance(value, bool):
            return translate("trail", "on") if value else translate("trail", "off")
        case "fault":
            return in_one_line(fault_words(kept))
        case "people":
            return in_one_line(translate("simulators", PEOPLE[SimulatedPeople(kept)]))
        case "refused":
            return say_station(kept)
        case "note" if is_typed:
            return kept
        case _:
            return code_words(kept) if name in _CODED else kept


def _name(stored: str) -> str:
    return translate("trail", NAMES[stored]) if stored in NAMES else stored


def _known(code: str) -> str | None:
    if code in CODES:
        return translate("trail", CODES[code])
    found = next((table[code] for table in _TABLES if code in table), None)
    return None if found is None else in_one_line(translate("texts", found))
