"""What the watches show: the crowd, the cameras, the room, and who is to be measured again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from station.core.camera_bias import CameraBias
from station.core.cohort import CrowdState
from station.core.commands import CheckByHand
from station.core.passages import Passage
from station.core.room import Room
from ui.model import KioskModel
from ui.texts import CROWDS, ROOMS, say, say_reason, translate
from ui.viewmodels.ages import age_text
from ui.viewmodels.notices import Notice

# Chosen: a traveller who was called comes back within this time, or not at all.
_CALL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One traveller whom staff should measure: not measured, or unusually warm."""

    passage_id: UUID
    """Which."""
    title: str
    """Traveller, lane and time."""
    reason: str
    """Why, in words that help; a chilled traveller's rest counts down."""
    can_check: bool
    """Whether a station is there to be asked."""
    is_warm: bool = False
    """Whether it is a hint beside a reading below the threshold."""


def passage_rows(model: KioskModel, now: datetime) -> list[PassageRow]:
    """Return the travellers to be measured: those just rested first, then the newest."""
    can_check = model.may(CheckByHand)
    newest_first = list(model.by_hand)[::-1]
    ordered = sorted(newest_first, key=lambda passage: not _is_called(passage, now))
    return [_passage_row(passage, now, can_check=can_check) for passage in ordered]


def passages_title(rows: list[PassageRow]) -> str:
    """Return the words above these travellers; hints are counted apart."""
    warm = sum(row.is_warm for row in rows)
    if not warm:
        return translate("watches", "Not measured: {0}").format(len(rows))
    both = translate("watches", "Not measured: {0} · warm: {1}")
    return both.format(len(rows) - warm, warm)


def crowd_notice(model: KioskModel) -> Notice:
    """Return what the watch against the crowd rests on in the lane shown."""
    update = model.lanes.get(model.lane) if model.lane else None
    crowd = update.crowd if update and model.loss is None else None
    if update is None or crowd is None:
        return Notice("", "good")
    words = say(CROWDS, crowd.state)
    if crowd.state is CrowdState.LEARNING:
        return Notice(words.format(crowd.people, crowd.needed), "caution")
    median = f"{crowd.median_c:.1f}"
    if crowd.state is CrowdState.FROZEN and crowd.frozen_since and crowd.shift_c is not None:
        since = f"{crowd.frozen_since.astimezone():%H:%M}"
        return Notice(words.format(since, median, f"{crowd.shift_c:+.1f}"), "caution")
    oldest = age_text(update.captured_at, crowd.oldest_at or update.captured_at)
    return Notice(words.format(median, crowd.people, oldest), "good")


def bias_notice(model: KioskModel) -> Notice | None:
    """Return the alarm of camera against camera with what to do, or None while all agree."""
    if model.loss is not None or not model.bias:
        return None
    # The camera that stands out explains the other pairs; otherwise the largest difference.
    worst = max(model.bias, key=lambda bias: (bias.stands_out is not None, bias.difference_c))
    return Notice(_bias_words(worst), "alarm")


def room_text(model: KioskModel) -> str:
    """Return two lines: whether somebody measured the room, and what it is taken for."""
    known = model.room
    if model.loss is not None or known is None:
        return ""
    source = say(ROOMS, known.source).format(f"{known.at.astimezone():%H:%M}")
    return f"{source}\n{_room_words(known.room)}"


def _has_rested(passage: Passage, now: datetime) -> bool:
    return passage.rest_until is not None and passage.rest_until <= now


def _is_called(passage: Passage, now: datetime) -> bool:
    """Whether a rest has just ended; who does not come must not hide the others for ever."""
    until = passage.rest_until
    return until is not None and until <= now < until + _CALL


def _passage_row(passage: Passage, now: datetime, *, can_check: bool) -> PassageRow:
    at = f"{passage.last_at.astimezone():%H:%M:%S}"
    title = translate("watches", "{0} · lane {1} · {2}")
    return PassageRow(
        passage.passage_id,
        title.format(passage.traveller, passage.lane, at),
        _why(passage, now),
        can_check,
        is_warm=passage.screening.measurement is not None,
    )


def _why(passage: Passage, now: datetime) -> str:
    if passage.screening.measurement is not None:
        excess_c = passage.warning.excess_c if passage.warning else 0.0
        warm = translate("watches", "{0} °C above the crowd: measure again")
        return warm.format(f"{excess_c:.1f}")
    if passage.rest_until is None:
        reasons = passage.screening.reasons
        return say_reason(reasons[0].value) if reasons else ""
    if _has_rested(passage, now):
        return translate("watches", "Has rested: measure again now")
    left = age_text(passage.rest_until, now)
    return translate("watches", "Rest {0}, then measure again").format(left)


def _bias_words(bias: CameraBias) -> str:
    apart = f"{bias.difference_c:.1f}"
    if bias.stands_out is None:
        words = translate(
            "watches",
            "{0} reads {1} °C higher than {2}: clean both lenses, check the reference sources, "
            "repeat the daily check",
        )
        return words.format(bias.warmer, apart, bias.cooler)
    words = (
        translate(
            "watches",
            "{0} reads {1} °C higher than the other cameras: clean its lens, check its reference "
            "source, repeat the daily check",
        )
        if bias.stands_out == bias.warmer
        else translate(
            "watches",
            "{0} reads {1} °C lower than the other cameras: clean its lens, check its reference "
            "source, repeat the daily check",
        )
    )
    return words.format(bias.stands_out, apart)


def _room_words(room: Room) -> str:
    words = f"{room.ambient_c:.1f} °C"
    if room.humidity_pct is not None:
        words += f" {room.humidity_pct:.0f} %"
    if room.outdoor_c is not None:
        outside = translate("watches", "outside {0} °C").format(f"{room.outdoor_c:.0f}")
        words += f" · {outside}"
    return words
