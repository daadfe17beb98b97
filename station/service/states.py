"""What a station tells of its instruments, without anybody in its pictures."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from station.core.about import StationDescribed
from station.core.events import (
    BiasChanged,
    DeviceChanged,
    Event,
    LedgerFault,
    RoomChanged,
    SourceChanged,
    TrendChanged,
)
from station.core.lane_events import LaneFault, LaneUpdate
from station.core.link_events import LinkChanged

# What tells of instruments and of nobody.
_TOLD = (
    BiasChanged
    | DeviceChanged
    | LaneFault
    | LedgerFault
    | LinkChanged
    | RoomChanged
    | SourceChanged
    | StationDescribed
    | TrendChanged
)


def instrument_states(events: Iterable[object | Event]) -> dict[str, Any]:
    """Return the last word of each lane, and every word about instruments."""
    lanes: dict[str, dict[str, Any]] = {}
    others: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, LaneUpdate):
            lanes[event.lane] = _of_lane(event)
        elif isinstance(event, _TOLD):
            others.append({"event": type(event).__name__} | asdict(event))
    return {"lanes": list(lanes.values()), "events": others}


def _of_lane(update: LaneUpdate) -> dict[str, Any]:
    """Return how a lane is, without anybody in its picture."""
    return {
        "event": "LaneUpdate",
        "lane": update.lane,
        "at": update.captured_at,
        "state": update.state,
        "blocked": update.blocked,
        "reference": update.reference,
        "reference_apparent_c": update.reference_apparent_c,
        "frames_per_s": update.frames_per_s,
        "dropped_frames": update.dropped_frames,
    }
