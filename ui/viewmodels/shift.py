"""What the screen of the hand-over shows, as plain values."""

import re
from dataclasses import dataclass
from datetime import datetime

from station.core.events import DeviceState
from station.core.people import Person
from station.core.shift import OpenCase, ShiftHandover, ShiftMatters, ShiftStanding
from station.core.shift_commands import OfferShift
from ui.case_texts import STAGES
from ui.entering.signing import closed_reason
from ui.texts import DEVICE_HINTS, DEVICES, say, shortened, translate
from ui.viewmodels.ages import age_text
from ui.viewmodels.rows import Row

_LONGEST_NAME = 20
_UNBROKEN = re.compile(r"\S{16}")
_BREAK = "\\g<0>\u200b"


@dataclass(frozen=True, slots=True)
class ShiftView:
    """Everything in words, and what can be touched."""

    title: str
    """Whether anything is open."""
    matters: tuple[Row, ...]
    """What is open; a row's key is the screen where it is dealt with."""
    latest: str
    """The latest hand-over."""
    offer: str
    """What waits for the lead who comes; empty if nothing does."""
    reason: str
    """Why something is closed; empty if nothing is."""
    can_offer: bool
    """Whether the shift may be handed over."""
    can_take: bool
    """Whether it may be taken over."""
    can_withdraw: bool
    """Whether it may be kept after all."""


def shift_view(
    standing: ShiftStanding, person: Person | None, now: datetime, *, is_shared: bool
) -> ShiftView:
    """Return what is shown.

    Args:
        standing: what the station tells.
        person: who is signed in.
        now: aware.
        is_shared: whether people sign in here, so that it takes two of them.
    """
    offer = standing.offer
    matters = tuple(_rows(standing.matters, now))
    closed = closed_reason(person, OfferShift)
    is_own = offer is not None and person is not None and offer.by == person.name
    return ShiftView(
        title=_title(len(matters)),
        matters=matters,
        latest=_latest(standing.latest),
        offer=_offer(standing),
        reason=closed or _reason(is_own=is_own, is_shared=is_shared),
        can_offer=not closed and offer is None,
        can_take=not closed and offer is not None and not is_own,
        can_withdraw=not closed and offer is not None,
    )


def offer_words(*, is_shared: bool) -> str:
    """Return what the button says that hands the shift over."""
    if is_shared:
        return translate("shift", "Hand over")
    return translate("shift", "Record hand-over")


def _title(count: int) -> str:
    if not count:
        return translate("shift", "Nothing is open")
    return translate("shift", "Open: {0}").format(count)


def _rows(matters: ShiftMatters, now: datetime) -> list[Row]:
    rows = [_case_row(case, now) for case in matters.cases]
    if matters.waiting:
        since = translate("shift", "the oldest for {0}")
        oldest = matters.oldest_waiting_at
        age = since.format(age_text(now, oldest)) if oldest else ""
        words = translate("shift", "Alerts without the CDC's receipt: {0}")
        rows.append(Row("lane", words.format(matters.waiting), age))
    if matters.set_aside:
        words = translate("shift", "Alerts rejected by the CDC: {0}")
        rows.append(Row("lane", words.format(matters.set_aside), _technician()))
    for device in matters.devices:
        state = DeviceState.LOST if device.is_lost else DeviceState.DOUBTFUL
        name = shortened(device.device_id, _LONGEST_NAME)
        rows.append(Row("devices", say(DEVICES, state).format(name), say(DEVICE_HINTS, state)))
    for name in matters.unchecked:
        words = translate("shift", "{0}: not checked today")
        hint = translate("shift", "or its check failed: check it before use")
        rows.append(Row("daily", words.format(shortened(name, _LONGEST_NAME)), hint))
    held = matters.threshold
    if held is not None:
        words = translate("shift", "Skin threshold {0} °C, by the order {1} °C")
        changed = translate("shift", "changed by {0}").format(", ".join(held.changed_by))
        title = words.format(f"{held.in_force_c:.1f}", f"{held.order_c:.1f}")
        rows.append(Row("threshold", title, changed))
    return rows


def _case_row(case: OpenCase, now: datetime) -> Row:
    late = translate("shift", "late by {0}")
    due = late.format(age_text(now, case.late_since)) if case.late_since else ""
    words = translate("shift", "Case {0} · {1}")
    return Row(
        "cases",
        words.format(case.number, say(STAGES, case.stage)),
        due or translate("shift", "in time"),
    )


def _technician() -> str:
    return translate("shift", "a technician must look at them")


def _reason(*, is_own: bool, is_shared: bool) -> str:
    if is_own:
        return translate("shift", "The lead who comes signs in and takes over")
    if not is_shared:
        return translate("shift", "Nobody signs in here: this is one person's note")
    return ""


def _offer(standing: ShiftStanding) -> str:
    offer = standing.offer
    if offer is None:
        return ""
    words = translate("shift", "{0} hands the shift over, {1}")
    return "\n".join([words.format(offer.by, _moment(offer.at)), *_quoted(offer.note)])


def _latest(latest: ShiftHandover | None) -> str:
    if latest is None:
        return translate("shift", "No shift was handed over yet")
    if latest.taken_by:
        words = translate("shift", "Last: {0} to {1}, {2}")
        head = words.format(latest.handed_by, latest.taken_by, _moment(latest.at))
    else:
        head = translate("shift", "Last: a note by {0}, {1}").format(
            _name(latest.handed_by), _moment(latest.at)
        )
    figures = translate(
        "shift",
        "Open then: cases {0} ({1} late), alerts {2}, devices {3}, checks {4}",
    ).format(latest.open_cases, latest.late_cases, latest.waiting, latest.devices, latest.unchecked)
    return "\n".join([head, figures, *_quoted(latest.note)])


def _name(name: str) -> str:
    return translate("shift", "the kiosk") if name == "kiosk" else name


def _quoted(note: str) -> list[str]:
    """A word that somebody typed may be longer than a line: it may break anywhere."""
    return [f"“{_UNBROKEN.sub(_BREAK, note)}”"] if note else []


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M}"
