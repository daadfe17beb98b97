"""What is open at a station, from what it tells a kiosk that connects."""

from collections.abc import Iterable
from datetime import datetime

from station.core.about import StationDescribed
from station.core.case_flow import CaseFlow
from station.core.cases import Case
from station.core.events import CaseChanged, DeviceChanged, DeviceChecked, DeviceState, Event
from station.core.handhelds import DeviceCheck, is_checked
from station.core.link_events import LinkChanged
from station.core.shift import DeviceTrouble, OpenCase, ShiftMatters
from station.core.threshold_change import ThresholdStanding
from station.core.threshold_commands import ThresholdTold

_TROUBLED = frozenset({DeviceState.DOUBTFUL, DeviceState.LOST})


def matters_of(events: Iterable[Event], flow: CaseFlow, now: datetime) -> ShiftMatters:
    """Return what is open.

    Args:
        events: the latest of each subject, as the station's board keeps them.
        flow: how this site handles its cases.
        now: aware.
    """
    cases: list[OpenCase] = []
    devices: list[DeviceTrouble] = []
    thermometers: tuple[str, ...] = ()
    checks: dict[str, DeviceCheck] = {}
    link: LinkChanged | None = None
    threshold: ThresholdStanding | None = None
    for event in events:
        match event:
            case CaseChanged(case) if not case.is_finished:
                cases.append(_open_case(case, flow, now))
            case DeviceChanged(state=state) if state in _TROUBLED:
                devices.append(DeviceTrouble(event.device_id, state is DeviceState.LOST))
            case DeviceChecked(check):
                checks[check.device_id] = check
            case StationDescribed():
                thermometers = event.thermometers
            case LinkChanged():
                link = event
            case ThresholdTold(standing) if standing is not None:
                is_changed = standing.in_force_c != standing.order_c
                threshold = standing if is_changed else None
            case _:
                pass
    return ShiftMatters(
        cases=tuple(sorted(cases, key=lambda case: (case.late_since is None, case.number))),
        waiting=link.waiting if link else 0,
        oldest_waiting_at=link.oldest_waiting_at if link else None,
        set_aside=link.set_aside if link else 0,
        devices=tuple(devices),
        unchecked=tuple(one for one in thermometers if not is_checked(checks.get(one), now)),
        threshold=threshold,
    )


def _open_case(case: Case, flow: CaseFlow, now: datetime) -> OpenCase:
    deadline = flow.deadline(case, now)
    is_late = deadline is not None and deadline.level(now) > 0
    late_since = deadline.due_at if deadline is not None and is_late else None
    return OpenCase(case.number, flow.stage(case, now), late_since)
