"""What a station says of itself to the CDC: which lanes measure, and whether the ledger writes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from station.core.events import Event, LedgerFault, LedgerRecovered
from station.core.lane_events import LaneFault, LaneState, LaneUpdate

_MEASURING = frozenset({LaneState.READY, LaneState.TRACKING, LaneState.MEASURED})


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """One lane."""

    lane: str
    """Its name."""
    is_measuring: bool
    """Whether somebody who came now would be measured."""
    reason: str
    """Why not, in stable words; empty when it measures."""


@dataclass(frozen=True, slots=True)
class StationStatus:
    """The station as a whole."""

    lanes: tuple[LaneStatus, ...]
    """Every lane."""
    is_ledger_writing: bool = True
    """Whether passages and cases become durable."""

    @property
    def needs_attention(self) -> bool:
        """Whether a human should look."""
        return not (self.is_ledger_writing and all(lane.is_measuring for lane in self.lanes))

    def after(self, event: Event) -> "StationStatus":
        """Return the status after an event; most events do not change it.

        A shutter correction passes in seconds: it is no change.
        """
        match event:
            case LaneUpdate(state=LaneState.SETTLING):
                return self
            case LaneUpdate():
                is_measuring = event.state in _MEASURING
                reason = "" if is_measuring else event.blocked or event.state.value
                return self._with(LaneStatus(event.lane, is_measuring, reason))
            case LaneFault():
                return self._with(LaneStatus(event.lane, False, event.kind.value))
            case LedgerFault():
                return replace(self, is_ledger_writing=False)
            case LedgerRecovered():
                return replace(self, is_ledger_writing=True)
            case _:
                return self

    def _with(self, changed: LaneStatus) -> "StationStatus":
        lanes = (changed if lane.lane == changed.lane else lane for lane in self.lanes)
        return replace(self, lanes=tuple(lanes))


def starting(lanes: Iterable[str]) -> StationStatus:
    """Return the status of a station whose lanes have not said anything yet."""
    return StationStatus(tuple(LaneStatus(lane, False, LaneState.STARTING.value) for lane in lanes))
