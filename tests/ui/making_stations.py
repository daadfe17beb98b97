"""What a station tells a new kiosk: nothing of note, or a long queue."""

from station.core.cases import CaseState, ReadingMode
from station.core.events import (
    CaseChanged,
    DeviceState,
    Event,
    HandheldRead,
    PassageRecorded,
    RoomSource,
)
from station.core.extraction import RejectReason
from station.core.link_events import LinkState
from station.core.screening import Outcome
from tests.ui.making import case, device, link, passage, pictured, reading, room


def calm_station() -> list[Event]:
    """Return what a station without any trouble tells a new kiosk."""
    return [device("camera-1"), device("gun-1"), link(), room(RoomSource.ASSUMED)]


def busy_station() -> list[Event]:
    """Return a long queue, readings that wait, and travellers who were not measured."""
    attached = reading(1, 38.4, seconds_ago=30)
    cases = (
        case(41, seconds_ago=312),
        case(42, seconds_ago=95, skin_c=37.6, state=CaseState.REFERRED, readings=(attached,)),
        case(43, seconds_ago=64, outcome=Outcome.REPEAT, skin_c=36.1),
        case(44, seconds_ago=40, outcome=Outcome.NOT_MEASURED, skin_c=None),
        case(45, seconds_ago=22, skin_c=36.9),
        case(46, seconds_ago=9, skin_c=38.0),
    )
    readings = (
        reading(2, 37.9),
        reading(3, 36.4, seconds_ago=6),
        reading(4, 31.2, seconds_ago=3, mode=ReadingMode.SURFACE),
    )
    passages = (
        passage(51, RejectReason.GLASSES),
        passage(52, RejectReason.IMPLAUSIBLE),
        passage(53, RejectReason.REFERENCE_OUT_OF_BAND),
        passage(54, RejectReason.TOO_FEW_FRAMES),
    )
    return [
        device("camera-1"),
        device("gun-1", DeviceState.LOST),
        link(LinkState.OFFLINE, waiting=12, seconds=754),
        *(CaseChanged(one) for one in cases),
        *(pictured(one) for one in cases[1:]),
        *(HandheldRead(one) for one in readings),
        *(PassageRecorded(one) for one in passages),
    ]
