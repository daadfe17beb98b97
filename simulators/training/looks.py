"""Learns what tells heads apart: `python -m simulators.training.looks --out look_table.py`.

Crowds of the twin are looked at as a station does, with the face locator. Of every head that is
seen well, means of some successive frames are compared: their covariance within a person and
between the people of a room gives the weights of the traits (linear discriminant analysis), and
these their variances.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulators.twin.scenarios import Wish, crossing
from simulators.twin.scene import TravellerTruth
from simulators.twin.stream import centikelvin
from station.core.appearance import are_seen, cells
from station.core.faces import FaceRegion
from station.vision.locator import HeatmapFaceLocator

FRAMES = 4
"""How many frames make a mean."""
_TRAITS = 12
# So many frames may be missed within a mean.
_GAPS = 5
_LEAST_VISIBLE, _LEAST_IOU = 0.6, 0.4
# Variances that the twin's cameras do not show, °C^2: of each cell, and of all in common.
_CELL_VARIANCE, _COMMON_VARIANCE = 0.02, 0.01
_ROUNDS, _PEOPLE = 6, 30
# The world's rooms differ by more than the twin's.
_ROOMS = 3.0
_ZERO_C_K = 273.15
# So many means of one person may count as independent, and one frame may vary by so much of it all.
_INDEPENDENT, _MOST_OF_SIGHT = 3, 0.9


@dataclass(frozen=True, slots=True)
class Sight:
    """One head in one frame."""

    room: str
    """Which clip."""
    person: str
    """Who, unique among all."""
    frame: int
    """The frame's number in the clip."""
    cells_c: NDArray[np.float32]
    """Temperatures, see `station.core.appearance.cells`."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is learnt; see `station.core.look_table`."""

    weights: NDArray[np.float64]
    """Of each cell in each trait, 1/°C."""
    offsets: NDArray[np.float64]
    """Mean of each trait."""
    between: NDArray[np.float64]
    """Variance between people."""
    room: NDArray[np.float64]
    """Variance between rooms."""
    sight: NDArray[np.float64]
    """Variance from frame to frame."""


def main() -> None:
    """Film crowds, learn, and write the table as Python."""
    parser = argparse.ArgumentParser(prog="python -m simulators.training.looks")
    parser.add_argument("--out", type=Path, required=True, help="the module to write")
    parser.add_argument("--seeds", type=int, nargs="+", default=[21, 22, 23, 24, 25, 26])
    args = parser.parse_args()
    sights = [sight for seed in args.seeds for sight in filmed(seed)]
    text = written(learnt(sights, _TRAITS), f"seeds {', '.join(map(str, args.seeds))}")
    args.out.write_text(text, encoding="utf-8")


def filmed(seed: int) -> list[Sight]:
    """Return the sights of well-seen heads in the crowds of a seed."""
    locator, sights = HeatmapFaceLocator(), []
    for clip in crossing(Wish(seed, _ROUNDS, _PEOPLE)):
        for frame, t_s in enumerate(clip.times_s()):
            counts = centikelvin(clip.scene.render(clip.start_s + t_s))
            picture = counts * np.float32(0.01) - np.float32(_ZERO_C_K)
            faces = locator.locate(picture)
            if not faces:
                continue
            boxes = np.array([(f.box.top, f.box.left, f.box.height, f.box.width) for f in faces])
            people = clip.scene.truth(clip.start_s + t_s)
            for face, seen, heads in zip(
                faces, are_seen(boxes, clip.shape), cells(picture, boxes), strict=True
            ):
                name = _well_seen(face, people) if seen else None
                if name is not None:
                    room = f"{seed}/{clip.name}"
                    sights.append(Sight(room, f"{room}/{name}", frame, heads))
    return sights


def _well_seen(face: FaceRegion, people: Sequence[TravellerTruth]) -> str | None:
    """Return whose face was found, if enough of it is in sight."""
    who = max(people, key=lambda one: face.box.iou(one.box), default=None)
    if who is None or who.visible <= _LEAST_VISIBLE or face.box.iou(who.box) <= _LEAST_IOU:
        return None
    return who.name


def learnt(sights: Sequence[Sight], traits: int) -> Table:
    """Return what tells the people of these sights apart best.

    Args:
        sights: in the order of time, of several people in each of several rooms.
        traits: how many.
    """
    runs = _runs(sights)
    cells_c = np.array([[sight.cells_c for sight in run] for run in runs], dtype=np.float64)
    means_c = cells_c.mean(axis=1)
    people = np.array([run[0].person for run in runs])
    rooms = {run[0].person: run[0].room for run in runs}
    within, of_person, counts = [], {}, []
    for person in rooms:
        own_c = means_c[people == person]
        of_person[person] = own_c.mean(axis=0)
        counts.append(min(len(own_c), _INDEPENDENT))
        if len(own_c) > 1:
            within.append((own_c - of_person[person]) * np.sqrt(len(own_c) / (len(own_c) - 1)))
    deviations = np.concatenate(within)
    inside = deviations.T @ deviations / len(deviations)
    of_room = {
        room: np.mean([of_person[p] for p in rooms if rooms[p] == room], axis=0)
        for room in set(rooms.values())
    }
    apart = np.array([of_person[p] - of_room[rooms[p]] for p in rooms])
    between = apart.T @ apart / (len(apart) - len(of_room)) - inside / np.mean(counts)
    inside += _CELL_VARIANCE * np.eye(len(inside)) + _COMMON_VARIANCE
    white = np.linalg.inv(np.linalg.cholesky(inside)).T
    variances, turned = np.linalg.eigh(white.T @ between @ white)
    best = np.argsort(-variances)[:traits]
    # Rounded as they are written, so that the offsets fit them.
    weights = np.round(white @ turned[:, best], 2)
    sight = ((cells_c - means_c[:, None]) @ weights).var(axis=(0, 1)) * FRAMES / (FRAMES - 1)
    return Table(
        weights=weights,
        offsets=np.mean(list(of_person.values()), axis=0) @ weights,
        between=variances[best],
        room=_ROOMS * np.var([mean @ weights for mean in of_room.values()], axis=0, ddof=1),
        sight=np.minimum(sight, _MOST_OF_SIGHT * FRAMES),
    )


def _runs(sights: Sequence[Sight]) -> list[list[Sight]]:
    """Return successive sights of one person, some in two runs."""
    of_person: dict[str, list[Sight]] = defaultdict(list)
    for sight in sights:
        of_person[sight.person].append(sight)
    runs = [
        own[start : start + FRAMES]
        for own in of_person.values()
        for start in range(0, len(own) - FRAMES + 1, FRAMES // 2)
    ]
    return [run for run in runs if run[-1].frame - run[0].frame <= FRAMES + _GAPS]


def written(table: Table, source: str) -> str:
    """Return the table as a module of the station."""
    rows = ",\n".join(f"        ({_numbers(row)})" for row in table.weights)
    return _MODULE.format(
        source=source,
        frames=FRAMES,
        rows=rows,
        offsets=_numbers(table.offsets),
        between=_numbers(table.between),
        room=_numbers(table.room),
        sight=_numbers(table.sight),
    )


def _numbers(values: NDArray[np.float64]) -> str:
    return ", ".join(f"{value:.2f}" for value in values.tolist())


_MODULE = '''"""What tells heads apart, as `python -m simulators.training.looks` has learnt it.

Written by that command, of {source}: train again
instead of changing it by hand. Within one person's sights each trait has the variance 1.
"""

import numpy as np

LEARNT_FRAMES = {frames}
"""Of how many frames the sights were that it was learnt from."""
# fmt: off
WEIGHTS = np.array(
    (
{rows},
    )
)
"""Of each cell in each trait, 1/°C, shape (cells, traits)."""
OFFSETS = np.array(
    ({offsets})
)
"""The mean of each trait."""
BETWEEN = np.array(
    ({between})
)
"""Variance of each trait between the people of a room."""
ROOM = np.array(
    ({room})
)
"""Variance between rooms, which all people of a room share."""
SIGHT = np.array(
    ({sight})
)
"""Variance from frame to frame."""
# fmt: on
'''


if __name__ == "__main__":
    main()
