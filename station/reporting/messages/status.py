"""A station's status: whether it is there and measures."""

from enum import StrEnum
from typing import Literal

from station.core.report import Channel
from station.reporting.messages.envelope import MessageData, Part, StationEvent, Text


class StationState(StrEnum):
    """Whether a station is there."""

    ONLINE = "online"
    """Connected, and every lane may measure."""
    ATTENTION = "attention"
    """Connected, and something needs a human."""
    OFFLINE = "offline"
    """It said goodbye."""
    LOST = "lost"
    """Its connection ended without a goodbye: the broker says this in its name."""


class LaneData(Part):
    """One lane."""

    lane: Text
    """Its name."""
    is_measuring: bool
    """Whether somebody who came now would be measured."""
    reason: Text
    """Why not; empty when it measures."""


class StatusData(MessageData):
    """Whether a station is there and measures; retained, sent at connect and on change only."""

    state: StationState
    """The whole in one word."""
    lanes: tuple[LaneData, ...]
    """Every lane; none when the station is not there."""
    is_ledger_writing: bool
    """Whether passages and cases become durable; if not, they wait in memory."""


class RealStatusData(StatusData):
    """A station's status."""

    is_drill: Literal[False]


class DrillStatusData(StatusData):
    """A station's status during an exercise."""

    is_drill: Literal[True]


class Status(StationEvent):
    """A station's status, real or in a drill."""

    type: Literal["org.fever-station.status.v1", "org.fever-station.drill.status.v1"]
    data: StatusData


class RealStatus(Status):
    """A station's status."""

    channel = Channel.STATUS
    type: Literal["org.fever-station.status.v1"]
    data: RealStatusData


class DrillStatus(Status):
    """A station's status during an exercise."""

    channel = Channel.DRILL_STATUS
    type: Literal["org.fever-station.drill.status.v1"]
    data: DrillStatusData
