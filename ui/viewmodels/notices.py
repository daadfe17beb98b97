"""What banners, header and message bar say: of the lane, the link, the devices, a refusal."""

from dataclasses import dataclass
from datetime import datetime

from station.core.cases import Refusal
from station.core.events import CommandRefused, DeviceState
from station.core.extraction import RejectReason
from station.core.lane_events import LaneState, LaneUpdate
from station.core.link_events import LinkState
from ui.model import KioskModel
from ui.texts import (
    DEVICE_HINTS,
    DEVICES,
    DOUBTS,
    LANE_FAULTS,
    LANES,
    LINK_HINTS,
    LINKS,
    LOSSES,
    REASONS,
    REFUSALS,
    say,
    say_station,
    translate,
)
from ui.viewmodels.ages import age_text

LATE_S = 1.0
"""A picture older than this is marked as late."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text and how urgent it is."""

    text: str
    """The words."""
    role: str
    """good, caution or alarm."""
    hint: str = ""
    """What it means for staff, or what to do."""


@dataclass(frozen=True, slots=True)
class LaneSwitch:
    """The button to the next lane."""

    lane: str
    """Where it leads."""
    text: str
    """Its words."""
    has_fault: bool
    """Whether another lane needs somebody."""


def lane_notice(model: KioskModel, lane: str | None, age_s: float | None) -> Notice:
    """Return the lane's banner.

    Args:
        model: what the kiosk knows.
        lane: which lane, or None while no lane is known.
        age_s: age of its last picture in seconds, or None without a picture.
    """
    if model.loss is not None:
        return Notice(say(LOSSES, model.loss), "alarm")
    if model.has_ledger_fault:
        return _ledger_notice(model)
    if lane in model.lane_faults:
        return Notice(say(LANE_FAULTS, model.lane_faults[lane]), "alarm")
    update = model.lanes.get(lane) if lane else None
    if update is None or age_s is None:
        return Notice(say(LANES, LaneState.STARTING), "caution")
    if age_s > LATE_S:
        return Notice(
            translate("viewmodels", "The picture is late: {0} s old").format(f"{age_s:.0f}"),
            "alarm",
        )
    return _state_notice(update)


def _ledger_notice(model: KioskModel) -> Notice:
    if model.carried_percent is not None:
        carried = translate("viewmodels", "Damaged ledger: {0} % is saved, wait")
        return Notice(carried.format(model.carried_percent), "alarm")
    full = translate("viewmodels", "The station cannot write to its disk: call a technician")
    return Notice(full, "alarm")


def _state_notice(update: LaneUpdate) -> Notice:
    if update.blocked == RejectReason.STALE_FRAME:
        return Notice(say(REASONS, RejectReason.STALE_FRAME), "alarm")
    if update.state is LaneState.BLOCKED and update.blocked is not None:
        return Notice(say(REASONS, RejectReason(update.blocked)), "caution")
    is_well = update.state in {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
    return Notice(say(LANES, update.state), "good" if is_well else "caution")


def lane_switch(model: KioskModel) -> LaneSwitch | None:
    """Return the way to the next lane, or None where there is only one."""
    names = model.lane_names()
    if len(names) < 2:  # noqa: PLR2004
        return None
    here = names.index(model.lane) if model.lane in names else -1
    following = names[(here + 1) % len(names)]
    troubled = [name for name in names if name in model.lane_faults and name != model.lane]
    # A lane in trouble comes first: nobody else would look there.
    lane = troubled[0] if troubled else following
    words = translate("viewmodels", "Lane {0}: fault") if troubled else None
    text = (words or translate("viewmodels", "Show lane {0}")).format(lane)
    return LaneSwitch(lane, text, bool(troubled))


def link_notice(model: KioskModel, now: datetime) -> Notice:
    """Return the way to the CDC and what waits for it."""
    if model.loss is not None:
        return Notice(translate("viewmodels", "CDC: unknown"), "caution")
    link = model.link
    if link is None:
        return Notice(say(LINKS, LinkState.OFFLINE), "caution", say(LINK_HINTS, LinkState.OFFLINE))
    words = []
    if model.salvage is not None:
        words.append(translate("viewmodels", "the ledger was damaged: see Devices, Station"))
    elif model.messages_lost:
        lost = translate("viewmodels", "the disk lost {0} messages: call a technician")
        words.append(lost.format(model.messages_lost))
    if link.waiting and link.oldest_waiting_at:
        waiting = translate("viewmodels", "{0} waiting for {1}")
        words.append(waiting.format(link.waiting, age_text(now, link.oldest_waiting_at)))
    if link.set_aside:
        rejected = translate("viewmodels", "{0} rejected: call a technician")
        words.append(rejected.format(link.set_aside))
    elif link.state is LinkState.REFUSED or not words:
        words.append(say(LINK_HINTS, link.state))
    is_well = link.state is LinkState.CONNECTED and not link.set_aside and not link.text
    role = "alarm" if model.messages_lost or model.salvage else "good" if is_well else "caution"
    return Notice(say(LINKS, link.state), role, " · ".join(words))


def rehearsal_text(model: KioskModel) -> str:
    """Return the words that mark a kiosk on which nothing is real; empty at work."""
    if model.about is None or not model.about.is_drill:
        return ""
    if model.about.is_simulated:
        return translate("header", "SIMULATED")
    return translate("header", "DRILL")


# What is lost needs somebody now; what is only unheard may be well.
_MOST_PRESSING = (DeviceState.LOST, DeviceState.DOUBTFUL, DeviceState.UNHEARD)


def device_notice(model: KioskModel) -> Notice:
    """Return the first device that is not ready and how many more, or that all are."""
    if model.loss is not None:
        trying = translate("viewmodels", "trying again")
        return Notice(translate("viewmodels", "Station: no answer"), "alarm", trying)
    troubled = [d for d in model.devices.values() if d.state is not DeviceState.READY]
    troubled.sort(key=lambda device: _MOST_PRESSING.index(device.state))
    if not troubled:
        ready = translate("viewmodels", "Devices: {0} ready").format(len(model.devices))
        return Notice(ready, "good" if model.devices else "caution")
    first = troubled[0]
    text = say(DEVICES, first.state).format(first.device_id)
    if len(troubled) > 1:
        text += " " + translate("viewmodels", "(+{0} more)").format(len(troubled) - 1)
    hint = say(DOUBTS, first.doubt) if first.doubt else say(DEVICE_HINTS, first.state)
    return Notice(text, "caution" if first.state is DeviceState.UNHEARD else "alarm", hint)


def message_text(model: KioskModel) -> str:
    """Return why the last command was not carried out, or nothing."""
    if model.is_unsure:
        return translate(
            "viewmodels", "The connection broke: check whether your last touch was carried out"
        )
    return "" if model.refused is None else refusal_text(model.refused)


def refusal_text(refused: CommandRefused) -> str:
    """Return why a command was not carried out."""
    words = say(REFUSALS, refused.refusal)
    if refused.refusal is not Refusal.OTHER:
        return words
    return translate("viewmodels", "{0}: {1}").format(words, say_station(refused.text))
