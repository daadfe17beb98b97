"""The clips of each scenario, drawn from a seed: one function a scenario."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from simulators.twin.chill import canthus_chill_c, face_chill_c
from simulators.twin.clips import (
    Clip,
    Drawn,
    afebrile_core_c,
    draw,
    febrile_core_c,
    person,
)
from simulators.twin.crowds import (
    Arrivals,
    Walk,
    across,
    arrival_times_s,
    towards,
    without_collisions,
)
from simulators.twin.injections import reason_clips, source_clips
from simulators.twin.people import Traveller, Waypoint
from simulators.twin.scene import Scene

_LARGE, _MEDIUM, _SMALL = (480, 640), (288, 384), (120, 160)
_WALK_S, _CROSSING_S = 6.0, 12.0
# A wide lens for places where many walk at once, in picture widths.
_WIDE = 1.1
_IN_A_ROW = 8
# Who passed before a filmed shift; one in a hundred has a fever (chosen).
_EARLIER_PEOPLE, _FEBRILE_SHARE = 150, 0.01


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    seed: int
    """For everything random."""
    count: int
    """How many clips, persons or rounds; each scenario says of what."""
    people: int = 10
    """How many people cross each other."""
    outdoor_c: float = -5.0
    """Where cold arrivals come from, °C."""
    rest_min: float = 5.0
    """How long they rest before they come back, minutes."""
    rows: int = 480
    """Rows of the camera that people stand before."""
    columns: int = 640
    """Its columns."""
    rate_hz: float = 9.0
    """Its frames a second."""
    seconds: float = 4.0
    """How long they stand."""


def _rng(wish: Wish, scenario: int, number: int) -> np.random.Generator:
    return np.random.default_rng([wish.seed, scenario, number])


def _scene(drawn: Drawn, shape: tuple[int, int], people: list[Traveller], seed: int) -> Scene:
    return Scene(
        travellers=people,
        shape=shape,
        reference=drawn.reference,
        room=drawn.room,
        optics=drawn.optics,
        sensor=drawn.sensor,
        seed=seed,
    )


def _at(drawn: Drawn, people: list[Traveller]) -> list[Traveller]:
    """Return the people, entering after the clip's start instead of after scene time 0."""
    return [replace(who, enters_at_s=who.enters_at_s + drawn.start_s) for who in people]


def _half_width_m(distance_m: float) -> float:
    """Return half of what a wide lens shows at a distance."""
    return 0.5 * distance_m / _WIDE


def patch(wish: Wish) -> Iterator[Clip]:
    """`count` rooms of 18 to 32 °C and 15 to 80 %, each with a wide plate like skin.

    The source is one from a laboratory, 0.05 °C (k=1): the bench that the goal comes from.
    """
    for number in range(wish.count):
        rng = _rng(wish, 1, number)
        drawn = draw(rng, air_c=(18.0, 32.0), set_point_u_c=0.05)
        room = replace(drawn.room, humidity_pct=float(rng.uniform(15, 80)))
        patch_c = float(rng.uniform(34, 40))
        scene = Scene(
            travellers=(),
            shape=_MEDIUM,
            reference=drawn.reference,
            room=room,
            optics=drawn.optics,
            sensor=drawn.sensor,
            patch_c=patch_c,
            seed=wish.seed + number,
        )
        yield Clip(
            name=f"patch-{number}",
            scene=scene,
            shape=_MEDIUM,
            seconds=3.0,
            sensors=replace(drawn.sensors, humidity_pct=room.humidity_pct),
            start_s=drawn.start_s,
            site=drawn.site,
            facts={"patch_c": patch_c},
        )


def faces(wish: Wish) -> Iterator[Clip]:
    """`count` mixed scenes: three cameras, measured and unmeasured rooms, one to three people."""
    for number in range(wish.count):
        rng = _rng(wish, 2, number)
        shape = (_LARGE, _LARGE, _MEDIUM, _SMALL)[number % 4]
        drawn = draw(rng, is_room_measured=rng.random() < 0.5)
        people = [
            person(
                rng,
                f"F{number}-{i}",
                1.0 + 1.7 * i,
                febrile_core_c(rng) if rng.random() < 0.3 else afebrile_core_c(rng),
                mask=rng.random() < 0.3,
                cup=rng.random() < 0.1,
            )
            for i in range(int(rng.integers(1, 4)))
        ]
        yield Clip(
            name=f"faces-{number}",
            scene=_scene(drawn, shape, _at(drawn, people), wish.seed + number),
            shape=shape,
            seconds=1.0 + 1.7 * (len(people) - 1) + _WALK_S,
            sensors=drawn.sensors,
            start_s=drawn.start_s,
            site=drawn.site,
        )


def screening(wish: Wish) -> Iterator[Clip]:
    """`count` shifts of ten people indoors on a 640x480 camera; every sixth has a fever.

    Those who passed before them are not filmed: their canthi stand in the facts.
    """
    kinds = tuple(Arrivals)
    for number in range(wish.count):
        rng = _rng(wish, 3, number)
        drawn = draw(rng, air_c=(20.0, 25.0))
        times_s = arrival_times_s(rng, kinds[number % len(kinds)], 10, 18.0)
        people = [
            person(
                rng,
                f"S{number}-{i}",
                1.0 + at_s,
                febrile_core_c(rng) if i % 6 == number % 6 else afebrile_core_c(rng),
                mask=rng.random() < 0.2,
            )
            for i, at_s in enumerate(times_s)
        ]
        yield Clip(
            name=f"screening-{number}",
            scene=_scene(drawn, _LARGE, _at(drawn, people), wish.seed + number),
            shape=_LARGE,
            seconds=1.0 + 18.0 + _WALK_S,
            sensors=drawn.sensors,
            start_s=drawn.start_s,
            site=drawn.site,
            facts={"earlier_canthus_c": _earlier_canthus_c(_rng(wish, 13, number))},
        )


def _earlier_canthus_c(rng: np.random.Generator) -> list[float]:
    cores_c = (
        febrile_core_c(rng) if rng.random() < _FEBRILE_SHARE else afebrile_core_c(rng)
        for _ in range(_EARLIER_PEOPLE)
    )
    return [person(rng, "", 0.0, core_c).canthus_c for core_c in cores_c]


def cold(wish: Wish) -> Iterator[Clip]:
    """`count` febrile people from the cold, each at arrival and again after the rest."""
    for number in range(wish.count):
        rng = _rng(wish, 4, number)
        drawn = draw(rng, air_c=(20.0, 25.0))
        room = replace(drawn.room, outdoor_c=wish.outdoor_c)
        sensors = replace(drawn.sensors, outdoor_c=wish.outdoor_c)
        arrived_min = float(rng.uniform(0.2, 2.0))
        who = person(rng, f"C{number}", 1.0, febrile_core_c(rng))
        for visit, minutes in enumerate((arrived_min, arrived_min + wish.rest_min)):
            chilled = replace(
                who,
                enters_at_s=who.enters_at_s + drawn.start_s,
                face_chill_c=face_chill_c(wish.outdoor_c, minutes),
                canthus_chill_c=canthus_chill_c(wish.outdoor_c, minutes),
            )
            scene = _scene(replace(drawn, room=room), _MEDIUM, [chilled], wish.seed + number)
            yield Clip(
                name=f"cold-{number}-{visit}",
                scene=scene,
                shape=_MEDIUM,
                seconds=1.0 + _WALK_S,
                sensors=sensors,
                start_s=drawn.start_s,
                site=drawn.site,
                facts={
                    "group": f"{wish.outdoor_c:g} °C",
                    "person": number,
                    "visit": visit,
                    "minutes_inside": minutes,
                },
            )


def _walk_towards(rng: np.random.Generator, number: int) -> Walk:
    path = towards(
        rng,
        half_width_m=_half_width_m,
        near_m=float(rng.uniform(2, 3)),
        far_m=float(rng.uniform(4.4, 5.4)),
        speed_m_s=float(rng.uniform(0.6, 1.1)),
    )
    return Walk(1.0 + float(rng.uniform(0, 3.0)), path)


def _walk_across(rng: np.random.Generator, number: int) -> Walk:
    path = across(
        rng,
        half_width_m=_half_width_m,
        from_left=number % 2 == 0,
        near_m=2.0,
        far_m=3.4,
        speed_m_s=float(rng.uniform(0.6, 1.1)),
    )
    return Walk(1.0 + float(rng.uniform(0, 3.0)), path)


def _sign(is_positive: bool) -> int:
    return 1 if is_positive else -1


def crossing(wish: Wish) -> Iterator[Clip]:
    """`count` rounds of `people` people whose ways cross, on a 640x480 camera at 9 Hz.

    Up to ten walk past from both sides; more come towards a camera that hangs above their heads.
    """
    is_crowd = wish.people > 10
    for number in range(wish.count):
        rng = _rng(wish, 5, number)
        drawn = draw(rng, focal_widths=_WIDE)
        optics = replace(
            drawn.optics,
            horizon=0.12 if is_crowd else 0.34,
            above_faces_m=0.9 if is_crowd else 0.3,
        )
        walk = _walk_towards if is_crowd else _walk_across
        walks = without_collisions(wish.people, partial(walk, rng), _CROSSING_S)
        people = [
            person(
                rng,
                f"X{number}-{i}",
                walk.enters_at_s,
                afebrile_core_c(rng),
                path=walk.path,
                yaw_deg=float(
                    rng.normal(0, 10) if is_crowd else _sign(i % 2 == 0) * rng.uniform(5, 25)
                ),
                glasses=rng.random() < 0.1,
                mask=rng.random() < 0.2,
                cup=rng.random() < 0.1,
            )
            for i, walk in enumerate(walks)
        ]
        scene = _scene(
            replace(drawn, optics=optics), _LARGE, _at(drawn, people), wish.seed + number
        )
        yield Clip(
            name=f"crossing-{wish.people}-{number}",
            scene=scene,
            shape=_LARGE,
            seconds=_CROSSING_S,
            sensors=drawn.sensors,
            start_s=drawn.start_s,
            site=drawn.site,
            facts={"people": wish.people},
        )


def standing(wish: Wish) -> Iterator[Clip]:
    """`people` people who stand in up to three rows and look at a camera of `rows` x `columns`.

    Nobody hides anybody: what it costs to measure so many can be timed on it.
    """
    rng = _rng(wish, 6, 0)
    is_alone = wish.people == 1
    drawn = draw(rng, focal_widths=3.04 if is_alone else _WIDE, air_c=(21.0, 23.0))
    optics = replace(
        drawn.optics, horizon=0.4 if is_alone else 0.15, above_faces_m=0.0 if is_alone else 0.9
    )
    row_count = 1 if wish.people <= _IN_A_ROW else 2 if wish.people <= 2 * _IN_A_ROW else 3
    people = []
    for i in range(wish.people):
        row, place = i % row_count, i // row_count
        distance_m = 2.4 if is_alone else 2.6 + 0.9 * row
        count = -(-(wish.people - row) // row_count)
        side_m = 1.5 * _half_width_m(distance_m) * ((place + 0.5) / count - 0.5)
        # They shuffle a little, as people do who wait.
        path = (
            Waypoint(0.0, side_m, distance_m),
            Waypoint(600.0, side_m + float(rng.uniform(-0.3, 0.3)), distance_m),
        )
        core_c = afebrile_core_c(rng)
        people.append(person(rng, f"W{i}", 0.0, core_c, path=path, height_m=0.0, yaw_deg=0.0))
    shape = (wish.rows, wish.columns)
    scene = _scene(replace(drawn, optics=optics), shape, _at(drawn, people), wish.seed)
    yield Clip(
        name=f"standing-{wish.people}",
        scene=scene,
        shape=shape,
        seconds=wish.seconds,
        sensors=drawn.sensors,
        start_s=drawn.start_s,
        rate_hz=wish.rate_hz,
        site=drawn.site,
        facts={"people": wish.people},
    )


SCENARIOS: dict[str, Callable[[Wish], Iterator[Clip]]] = {
    "patch": patch,
    "faces": faces,
    "screening": screening,
    "cold": cold,
    "crossing": crossing,
    "standing": standing,
    "source": lambda wish: source_clips(wish.seed),
    "reasons": lambda wish: reason_clips(wish.seed),
}
"""Each scenario by its name."""
