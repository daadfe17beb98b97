"""What several lanes show at once: tiles, the header's words, and flags that are held."""

from collections.abc import Mapping
from dataclasses import dataclass

from station.core.extraction import RejectReason
from station.core.lane_events import LaneState
from station.core.masks import Region
from station.core.reference import ReferenceState
from ui.held import HeldFlag
from ui.model import KioskModel
from ui.texts import LANE_WORDS, REFERENCE_HINTS, REFERENCES, say, translate
from ui.viewmodels.ages import span_text
from ui.viewmodels.faces import skin_text
from ui.viewmodels.notices import LATE_S, Notice, lane_notice

Ages = Mapping[str, float]
"""Age of each lane's latest picture, s."""

_WELL = {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}


@dataclass(frozen=True, slots=True)
class TileView:
    """One lane among all."""

    lane: str
    """Its name, where a touch leads."""
    title: str
    """Its name in words."""
    notice: Notice
    """How it is."""
    is_covered: bool
    """Whether its picture must not be taken for the present."""


@dataclass(frozen=True, slots=True)
class HeldView:
    """The latest flagged traveller who still waits."""

    flag: HeldFlag
    """With the picture."""
    title: str
    """Who, where, how warm."""
    detail: str
    """Since when, and how many more."""


def is_covered(model: KioskModel, lane: str | None, age_s: float | None) -> bool:
    """Whether a shown picture must be covered: late, frozen, or its station is gone."""
    if age_s is None:
        return False
    update = model.lanes.get(lane) if lane else None
    is_frozen = update is not None and update.blocked == RejectReason.STALE_FRAME
    return is_frozen or age_s > LATE_S or model.loss is not None


def masks(model: KioskModel) -> dict[str, tuple[Region, ...]]:
    """Return where nobody is measured, by lane."""
    cameras = model.about.cameras if model.about else ()
    return {camera.lane: camera.masks for camera in cameras if camera.masks}


def tiles(model: KioskModel, ages: Ages) -> list[TileView]:
    """Return every lane, by name."""
    return [
        TileView(
            lane,
            translate("lanes", "Lane {0}").format(lane),
            lane_notice(model, lane, ages.get(lane)),
            is_covered(model, lane, ages.get(lane)),
        )
        for lane in model.lane_names()
    ]


def lanes_notice(model: KioskModel, ages: Ages) -> Notice:
    """Return how the lanes are: the first that measures nobody, or how many measure."""
    if model.loss is not None:
        return Notice(translate("lanes", "Lanes: unknown"), "alarm", _thermometer())
    names = model.lane_names()
    troubled = [name for name in names if _word(model, name, ages) is not None]
    if not names:
        return Notice(translate("lanes", "Lanes: starting"), "caution", _thermometer())
    if not troubled:
        text = translate("lanes", "Lanes: {0} measuring").format(len(names))
        return Notice(text, "good", translate("lanes", "everybody is looked at"))
    word = _word(model, troubled[0], ages)
    text = translate("lanes", "Lane {0}: {1}").format(troubled[0], word)
    more = len(troubled) - 1
    hint = translate("lanes", "and {0} more: use the thermometer").format(more)
    return Notice(text, "alarm", hint if more else _thermometer())


def reference_notice(model: KioskModel) -> Notice:
    """Return the reference sources' state: of the first lane that cannot be corrected, or all."""
    if model.loss is not None:
        return Notice(translate("viewmodels", "Reference: unknown"), "caution")
    # What a lane said before its fault is no more than that.
    heard = {name: lane for name, lane in model.lanes.items() if name not in model.lane_faults}
    if model.lane_faults and not heard:
        return Notice(translate("viewmodels", "Reference: unknown"), "caution")
    states = {name: update.reference for name, update in sorted(heard.items())}
    ill = {name: state for name, state in states.items() if state is not ReferenceState.HEALTHY}
    if states and not ill:
        well = ReferenceState.HEALTHY
        return Notice(say(REFERENCES, well), "good", say(REFERENCE_HINTS, well))
    name, state = next(iter(ill.items()), ("", ReferenceState.SEARCHING))
    hint = say(REFERENCE_HINTS, state)
    if len(states) > 1:
        hint = translate("lanes", "lane {0}: {1}").format(name, hint)
    return Notice(say(REFERENCES, state), "caution", hint)


def held_view(flags: list[HeldFlag], now_s: float) -> HeldView | None:
    """Return the latest flag that waits, or None; `now_s` by the clock that held it."""
    if not flags:
        return None
    flag = flags[0]
    title = translate("lanes", "Flagged: {0} · lane {1}").format(flag.traveller, flag.lane)
    if flag.skin_c is not None and flag.u_c is not None:
        title += " · " + skin_text(flag.skin_c, flag.u_c)
    since = translate("lanes", "{0} ago, held until decided").format(span_text(now_s - flag.held_s))
    more = translate("lanes", "{0} more").format(len(flags) - 1)
    return HeldView(flag, title, f"{since} · {more}" if len(flags) > 1 else since)


def _word(model: KioskModel, lane: str, ages: Ages) -> str | None:
    """Return a short word for why a lane measures nobody, or None if it measures."""
    if lane in model.lane_faults:
        return say(LANE_WORDS, LaneState.FAULT)
    update, age_s = model.lanes.get(lane), ages.get(lane)
    if update is None or age_s is None:
        return say(LANE_WORDS, LaneState.STARTING)
    if age_s > LATE_S:
        return translate("lanes", "late")
    return None if update.state in _WELL else say(LANE_WORDS, update.state)


def _thermometer() -> str:
    return translate("lanes", "use the thermometer")
