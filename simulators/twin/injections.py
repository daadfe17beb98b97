"""One clip for each fault of the source, and one for each reason why nobody may be measured."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from simulators.twin.chill import canthus_chill_c, face_chill_c
from simulators.twin.clips import RATE_HZ, Clip, Drawn, afebrile_core_c, draw, person
from simulators.twin.people import Traveller, Waypoint
from simulators.twin.scene import Scene
from simulators.twin.sensor import Shutter
from simulators.twin.source import SourceEvent, SourceFault

_SHAPE = (288, 384)
_FAULT_S = 5.0

_SOURCE_FAULTS = {
    "covered": SourceEvent(SourceFault.COVERED, _FAULT_S),
    "moved": SourceEvent(SourceFault.MOVED, _FAULT_S, amount=0.12),
    "unstable": SourceEvent(SourceFault.UNSTABLE, _FAULT_S, amount=0.4),
    "out of band": SourceEvent(SourceFault.OFF_SET_POINT, _FAULT_S, amount=13.0),
    "step of 0.2 °C": SourceEvent(SourceFault.OFF_SET_POINT, _FAULT_S, amount=0.2),
}


def source_clips(seed: int) -> Iterator[Clip]:
    """Yield an empty room for each fault of the reference source, from 5 s on."""
    for number, (name, event) in enumerate(_SOURCE_FAULTS.items()):
        drawn = _still(draw(np.random.default_rng([seed, 6, number])))
        events = (replace(event, from_s=event.from_s + drawn.start_s),)
        drawn = replace(drawn, reference=replace(drawn.reference, events=events))
        facts = {"fault": name, "from_s": _FAULT_S}
        yield _clip(f"source-{name}", drawn, [], seed, seconds=12.0, facts=facts)


@dataclass(frozen=True, slots=True)
class Injection:
    """What is wrong in one clip."""

    reason: str
    """The stored value of the reason that the station must name."""
    name: str = ""
    """Tells several ways apart."""
    person: dict[str, Any] = field(default_factory=dict)
    """What is wrong about the person."""
    from_s: float = 0.0
    """From when on nothing is valid, s after the start."""
    site: dict[str, Any] = field(default_factory=dict)
    """Settings."""
    event: SourceEvent | None = None
    """What happens to the source."""
    shutters: tuple[Shutter, ...] = ()
    """Shutter corrections, s after the start."""
    clip: dict[str, Any] = field(default_factory=dict)
    """What is wrong about the camera."""
    shape: tuple[int, int] = _SHAPE
    """Rows and columns."""
    air_c: float | None = None
    """Room temperature, °C."""
    outdoor_c: float | None = None
    """Outdoor temperature, °C."""
    companion_m: float | None = None
    """How far beside and behind another person walks, m."""


# The person comes into view after 2.6 s; what concerns the whole picture happens at 2.0 s.
_ENTERS_S, _HAPPENS_S = 2.6, 2.0
_NEAR_EDGE = (Waypoint(0.0, -0.29, 2.0), Waypoint(6.0, -0.29, 1.95))
_RUNS_BY = (Waypoint(0.0, -1.4, 2.2), Waypoint(1.3, 1.4, 2.2))
_PASSES_BY = (Waypoint(0.0, 0.0, 2.0), Waypoint(0.5, 0.0, 1.9))
_STANDS_FAR = (Waypoint(0.0, 0.0, 4.9), Waypoint(6.0, 0.0, 4.4))
_CHILL = {
    "face_chill_c": face_chill_c(-5.0, 0.3), "canthus_chill_c": canthus_chill_c(-5.0, 0.3)
}  # fmt: skip

_INJECTIONS = (
    Injection("warming_up", site={"camera.warm_up_s": 1800.0}),
    Injection("no_reference", "absent", event=SourceEvent(SourceFault.COVERED, 0.0)),
    Injection(
        "no_reference", "covered", from_s=_HAPPENS_S,
        event=SourceEvent(SourceFault.COVERED, _HAPPENS_S),
    ),
    Injection(
        "reference_moved", from_s=_HAPPENS_S,
        event=SourceEvent(SourceFault.MOVED, _HAPPENS_S, amount=0.12),
    ),
    Injection(
        "reference_unstable", from_s=_HAPPENS_S,
        event=SourceEvent(SourceFault.UNSTABLE, _HAPPENS_S, amount=0.4),
    ),
    Injection(
        "reference_out_of_band", event=SourceEvent(SourceFault.OFF_SET_POINT, 0.0, amount=13.0)
    ),
    Injection("shutter", "told", from_s=_HAPPENS_S, shutters=(Shutter(_HAPPENS_S, step_c=0.3),)),
    Injection(
        "shutter", "untold", from_s=_HAPPENS_S,
        shutters=(Shutter(_HAPPENS_S, is_told=False, step_c=-0.69, lasts_s=0.2),),
    ),
    Injection("blurred", person={"path": _RUNS_BY}, clip={"rate_hz": 30.0}),
    Injection("too_far", person={"path": _STANDS_FAR}, shape=(120, 160)),
    Injection("turned_away", "40 degrees", person={"yaw_deg": 40.0}),
    Injection("turned_away", "profile", person={"turned_away": True}),
    Injection("glasses", person={"glasses": True}),
    Injection("covered_eyes", person={"covered_eye": True}),
    Injection("sun_or_reflection", person={"sun_c": 6.0}),
    Injection("room_out_of_band", air_c=34.0),
    Injection("cold_arrival", person=_CHILL, outdoor_c=-5.0),
    Injection("faces_too_near", companion_m=0.115),
    Injection("stale_frame", from_s=4.6, clip={"frozen_s": (4.6, 99.0)}),
    Injection("clock", from_s=_HAPPENS_S, clip={"clock_jump": (_HAPPENS_S, 3600.0)}),
    Injection("calibration_expired", site={"camera.calibration_valid_until": "2026-01-31"}),
    Injection("not_radiometric", clip={"is_radiometric": False}),
    Injection("at_edge", person={"path": _NEAR_EDGE, "yaw_deg": 0.0}),
    Injection("implausible", person={"core_c": 46.0}),
    Injection("too_few_frames", person={"path": _PASSES_BY}),
    Injection("no_policy", site={"policies.valid_until": "2026-02-01"}),
)  # fmt: skip


def reason_clips(seed: int) -> Iterator[Clip]:
    """Yield one clip for each reason, with one person to whom it applies."""
    for number, injection in enumerate(_INJECTIONS):
        rng = np.random.default_rng([seed, 7, number])
        yield _injected(injection, rng, seed + number)


def _injected(injection: Injection, rng: np.random.Generator, seed: int) -> Clip:
    drawn = _still(draw(rng))
    if injection.air_c is not None:
        drawn = replace(
            drawn,
            room=replace(drawn.room, air_c=injection.air_c),
            sensors=replace(drawn.sensors, ambient_c=injection.air_c),
        )
    if injection.outdoor_c is not None:
        drawn = replace(drawn, sensors=replace(drawn.sensors, outdoor_c=injection.outdoor_c))
    start_s = drawn.start_s
    if injection.event is not None:
        event = replace(injection.event, from_s=injection.event.from_s + start_s)
        drawn = replace(drawn, reference=replace(drawn.reference, events=(event,)))
    shutters = tuple(replace(s, at_s=s.at_s + start_s) for s in injection.shutters)
    drawn = replace(drawn, sensor=replace(drawn.sensor, shutters=shutters))
    fixed = {"lane_offset": 0.0, "height_m": 0.0, "canthus_below_core_c": 1.28, "yaw_deg": 0.0}
    who = {"core_c": afebrile_core_c(rng), **fixed, **injection.person}
    core_c = who.pop("core_c")
    people = [person(rng, "A", _ENTERS_S + start_s, core_c, **who)]
    if injection.companion_m is not None:
        first = people[0]
        side = injection.companion_m / 0.35
        people.append(replace(first, name="B", lane_offset=side))
    name = f"{injection.reason} {injection.name}".strip()
    facts = {"reason": injection.reason, "name": name, "from_s": injection.from_s}
    clip = _clip(
        f"reason-{name}", drawn, people, seed, seconds=8.0, facts=facts, shape=injection.shape
    )
    return replace(clip, site=drawn.site | injection.site, **injection.clip)


def _still(drawn: Drawn) -> Drawn:
    """Return a camera without any trouble but the one injected."""
    return replace(drawn, sensor=replace(drawn.sensor, flicker_c=0.02, gain_error=0.0))


def _clip(
    name: str,
    drawn: Drawn,
    people: list[Traveller],
    seed: int,
    *,
    seconds: float,
    facts: dict[str, Any],
    shape: tuple[int, int] = _SHAPE,
) -> Clip:
    scene = Scene(
        travellers=people,
        shape=shape,
        reference=drawn.reference,
        room=drawn.room,
        optics=drawn.optics,
        sensor=drawn.sensor,
        seed=seed,
    )
    return Clip(
        name=name,
        scene=scene,
        shape=shape,
        seconds=seconds,
        sensors=drawn.sensors,
        start_s=drawn.start_s,
        rate_hz=RATE_HZ,
        site=drawn.site,
        facts=facts,
    )
