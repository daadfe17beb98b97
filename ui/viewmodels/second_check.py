"""What the second check shows, as plain values: pure functions of the model and the time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.cases import BodyReading, Case
from station.core.commands import AttachReading, ResolveCase
from station.core.events import CasePictured
from station.core.handhelds import TYPED, is_checked
from station.core.screening import Measurement, Outcome
from station.core.second_check import READINGS_NEEDED
from ui.model import KioskModel
from ui.texts import TRUSTS, say, translate
from ui.viewmodels.ages import age_text
from ui.viewmodels.cases import may_clear, may_confirm, pair_of, reading_words, stand_text
from ui.viewmodels.faces import measured_text

_SHOWN_READINGS = 4


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One waiting case in the queue."""

    case_id: UUID
    """Which."""
    outcome: Outcome
    """What the thermograph said."""
    title: str
    """Number and skin temperature."""
    detail: str
    """Lane, state and waiting time."""
    picture: CasePictured | None
    """The traveller, as long as the picture may be shown."""
    is_selected: bool
    """Whether the operator is at it."""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One handheld reading that waits for its case, or two of them."""

    reading_ids: tuple[UUID, ...]
    """Which."""
    title: str
    """The value, and what a touch does."""
    detail: str
    """Thermometer and age, or why it cannot be used."""
    can_attach: bool
    """Whether it is a plausible body temperature and a case is there to take it."""


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """The selected case."""

    title: str
    """Number, and what the readings amount to."""
    skin: str
    """What the thermograph measured."""
    readings: str
    """Attached second readings."""
    can_confirm: bool
    """Whether a second reading shows fever."""
    can_clear: bool
    """Whether the second readings allow to clear the case."""
    can_act: bool
    """Whether other steps may be taken: always, while a station is there."""


def case_rows(model: KioskModel, now: datetime) -> list[CaseRow]:
    """Return the queue, most urgent first."""
    return [
        CaseRow(
            case_id=case.case_id,
            outcome=case.screening.outcome,
            title=_case_title(case),
            detail=translate("viewmodels", "Lane {0} · readings {1}/{2} · {3}").format(
                case.lane, len(case.readings), READINGS_NEEDED, age_text(now, case.opened_at)
            ),
            picture=model.picture(case.case_id, now),
            is_selected=case.case_id == model.selected,
        )
        for case in model.oldest_first()
    ]


def case_detail(model: KioskModel, now: datetime) -> CaseDetail | None:
    """Return the selected case's panel, or None while nobody waits."""
    case = model.selected_case()
    if case is None:
        return None
    shown = [reading_words(reading) for reading in case.readings]
    may_decide, stand = model.may(ResolveCase), stand_text(model, case, now)
    return CaseDetail(
        title=translate("viewmodels", "Case {0}").format(case.number) + " · " + stand,
        skin=measured_text(case.screening.measurement) + _estimated(case.screening.measurement),
        readings=translate("viewmodels", "Second readings: {0}").format(
            ", ".join(shown[-_SHOWN_READINGS:]) if shown else translate("viewmodels", "none yet")
        ),
        can_confirm=may_decide and may_confirm(model, case, now),
        can_clear=may_decide and may_clear(model, case, now),
        can_act=may_decide,
    )


def reading_rows(model: KioskModel, now: datetime) -> list[ReadingRow]:
    """Return the readings that wait for a case: usable ones first, each newest first."""
    newest_first = list(model.readings)[::-1]
    readings = sorted(newest_first, key=lambda reading: not reading.may_decide)
    case = model.selected_case()
    can_take = case is not None and model.may(AttachReading)
    rows = [_reading_row(model, reading, case, now, can_take=can_take) for reading in readings]
    pair = pair_of(model, case) if case is not None else None
    return rows if pair is None else [_pair_row(*pair, now, can_take=can_take), *rows]


def _reading_row(
    model: KioskModel, reading: BodyReading, case: Case | None, now: datetime, *, can_take: bool
) -> ReadingRow:
    value = f"{reading.body_c:.1f} °C"
    if not reading.may_decide:
        title = translate("viewmodels", "{0}: no body temperature").format(value)
        detail = translate("viewmodels", "{0}: set to body mode, repeat").format(reading.device_id)
        return ReadingRow((reading.reading_id,), title, detail, False)
    title = translate("viewmodels", "Attach {0}").format(value)
    is_typed = reading.device_id == TYPED
    device = translate("viewmodels", "typed in") if is_typed else reading.device_id
    if case is not None and reading.taken_at < case.opened_at:
        # It may be the traveller's before.
        words = translate("viewmodels", "{0} · {1} ago, before the flag")
    else:
        words = translate("viewmodels", "{0} · {1} ago")
    ago = words.format(device, age_text(now, reading.taken_at))
    kind = say(TRUSTS, reading.trust)
    if not is_typed and not is_checked(model.checks.get(reading.device_id), now):
        kind = translate("viewmodels", "{0}, not checked today").format(kind)
    return ReadingRow((reading.reading_id,), title, f"{ago}\n{kind}", can_take)


def _case_title(case: Case) -> str:
    return f"{case.number}  ·  {measured_text(case.screening.measurement)}"


def _estimated(measurement: Measurement | None) -> str:
    """Return the oral estimate with its model's name, to stand behind the skin temperature."""
    if measurement is None or measurement.oral is None:
        return ""
    oral = measurement.oral
    return "  ·  " + translate("viewmodels", "mouth about {0} ±{1} °C (model {2})").format(
        f"{oral.oral_c:.1f}", f"{2 * oral.u_c:.1f}", oral.model.split()[-1]
    )


def _pair_row(
    first: BodyReading, second: BodyReading, now: datetime, *, can_take: bool
) -> ReadingRow:
    title = translate("viewmodels", "Attach both: {0} and {1} °C")
    ago, kind = translate("viewmodels", "{0} · {1} ago"), say(TRUSTS, second.trust)
    return ReadingRow(
        (first.reading_id, second.reading_id),
        title.format(f"{first.body_c:.1f}", f"{second.body_c:.1f}"),
        f"{ago.format(second.device_id, age_text(now, second.taken_at))}\n{kind}",
        can_take,
    )
