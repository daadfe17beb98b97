"""Labelled pictures of the synthetic scene, reduced as the locator reduces frames."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scene import ReferenceSource, Scene, Traveller, TravellerTruth
from simulators.training.samples import LabelledFace, Sample
from simulators.twin.scenarios import Wish, crossing
from station.core.faces import Box, Canthi
from station.vision.locator import reduced, reduction

_SHAPES = ((288, 384), (120, 160), (160, 120), (240, 320), (480, 640), (144, 192))
_SMALLEST_PX = 9.0
_TELLING_PX = 20.0
_LEAST_VISIBLE = 0.55
# Of a face less in sight than this nothing can be told, and saying nothing is right.
_LEAST_TRACE = 0.15
_MOMENTS = 6
# Heads turned less face the camera wholly, those turned more do not at all: at 32 degrees, beyond
# what people do who walk to the camera, frontality is the 0.7 from which a station measures.
_FACING_DEG, _PROFILE_DEG = 22.0, 55.0
# How many in a lane turn their heads by so much: few do by chance, and none must be measured.
_HALF_TURNED_SHARE, _HALF_TURNED_DEG = 0.6, (22.0, 55.0)


def scene_sample(rng: np.random.Generator) -> Sample:
    """Return a random moment of a random lane."""
    scene_shape = _SHAPES[rng.integers(len(_SHAPES))]
    source = ReferenceSource(
        set_point_c=float(rng.uniform(33, 40)),
        center=(float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.08, 0.92))),
        radius=float(rng.uniform(0.02, 0.045)),
        present=rng.random() < 0.8,
    )
    people = [_traveller(rng, i) for i in range(int(rng.integers(0, 5)))]
    scene = Scene(
        shape=scene_shape,
        travellers=people,
        reference=source,
        room_c=float(rng.uniform(12, 36)),
        camera_offset_c=float(rng.uniform(-6, 4)),
        netd_c=float(rng.uniform(0.02, 0.15)),
        seed=int(rng.integers(1_000_000_000)),
    )
    picture = scene.render(0.0)
    truths = scene.truth(0.0)
    _add_warm_things(picture, [truth.box for truth in truths], rng)
    factor = reduction(picture.shape)
    # The back of a head is no face, though a small one cannot be told from a face.
    behind = {person.name for person in people if person.from_behind}
    faces, ignored, hidden = [], [], []
    for truth in truths:
        box = _scaled(truth.box, factor)
        if truth.name in behind:
            ignored += [box] if box.width < _TELLING_PX else []
            continue
        if box.width < _SMALLEST_PX * 0.6:
            continue
        visible = _visible_share(truth.box, scene_shape)
        if visible < _LEAST_VISIBLE / 2:
            continue
        if visible < _LEAST_VISIBLE or box.width < _SMALLEST_PX:
            ignored.append(box)
        elif truth.visible < _LEAST_VISIBLE:
            hidden += [box] if truth.visible >= _LEAST_TRACE else []
        else:
            faces.append(_labelled(truth, factor))
    # The nearest last: where two faces share a cell of the grid, it is the nearer one's.
    picture = reduced(picture, factor)
    return Sample(picture, tuple(reversed(faces)), tuple(ignored), tuple(hidden))


def crowd_samples(rng: np.random.Generator) -> Iterator[Sample]:
    """Yield some moments of a random hall in which people cross each other."""
    seed, people = int(rng.integers(1_000_000_000)), int(rng.integers(4, 31))
    for clip in crossing(Wish(seed, 1, people)):
        for share in rng.uniform(0.1, 0.9, _MOMENTS):
            t_s = clip.start_s + float(share) * clip.seconds
            picture = clip.scene.render(t_s)
            factor = reduction(picture.shape)
            faces, ignored, hidden = [], [], []
            for truth in reversed(clip.scene.truth(t_s)):
                box, inside = _scaled(truth.box, factor), _visible_share(truth.box, clip.shape)
                if inside < _LEAST_VISIBLE or box.width <= _SMALLEST_PX:
                    ignored += [box] if inside > 0 else []
                elif truth.visible < _LEAST_VISIBLE:
                    hidden += [box] if truth.visible >= _LEAST_TRACE else []
                else:
                    faces.append(_labelled(truth, factor))
            picture = reduced(picture, factor)
            yield Sample(picture, tuple(faces), tuple(ignored), tuple(hidden))


def _labelled(truth: TravellerTruth, factor: int) -> LabelledFace:
    canthi = truth.canthi and _scaled_points(truth.canthi, factor)
    frontality = (_PROFILE_DEG - abs(truth.yaw_deg)) / (_PROFILE_DEG - _FACING_DEG)
    return LabelledFace(_scaled(truth.box, factor), min(max(frontality, 0.0), 1.0), canthi)


def _traveller(rng: np.random.Generator, number: int) -> Traveller:
    look = rng.random()
    yaw_deg = None
    if rng.random() < _HALF_TURNED_SHARE:
        yaw_deg = float(rng.choice((-1, 1)) * rng.uniform(*_HALF_TURNED_DEG))
    return Traveller(
        name=f"S{number}",
        core_c=float(rng.normal(36.8, 0.6)),
        enters_at_s=float(-rng.uniform(0.0, 5.4)),
        speed_m_s=float(rng.uniform(0.6, 0.8)),
        canthus_below_core_c=float(rng.normal(1.5, 0.6)),
        glasses=look < 0.25,
        turned_away=0.25 <= look < 0.45,
        from_behind=look >= 0.70,
        lane_offset=float(rng.uniform(-1.8, 1.8)),
        yaw_deg=yaw_deg,
    )


def _add_warm_things(
    picture: NDArray[np.float32], faces: list[Box], rng: np.random.Generator
) -> None:
    """Lay cups, lamps, hands and skin-warm blobs over the picture, but never over a face."""
    if rng.random() < 0.5:
        return
    rows, columns = picture.shape
    for _ in range(int(rng.integers(1, 5))):
        size = rng.uniform(0.01, 0.14, 2) * max(rows, columns)
        row, column = rng.uniform(0, rows), rng.uniform(0, columns)
        reach = float(size.max())
        place = Box(row - reach, column - reach, row + reach, column + reach)
        if any(place.iou(box) > 0 for box in faces):
            continue
        value = float(picture.mean() + rng.choice((rng.uniform(3, 14), rng.uniform(25, 48))))
        center = (int(column), int(row))
        if rng.random() < 0.5:
            axes, angle = (int(size[0]) + 1, int(size[1]) + 1), float(rng.uniform(0, 180))
            cv2.ellipse(picture, center, axes, angle, 0, 360, value, -1, cv2.LINE_AA)
        else:
            corner = (int(column + size[0]), int(row + size[1]))
            cv2.rectangle(picture, center, corner, value, -1)


def _visible_share(box: Box, shape: tuple[int, int]) -> float:
    height = min(box.bottom, shape[0]) - max(box.top, 0)
    width = min(box.right, shape[1]) - max(box.left, 0)
    return max(height, 0.0) * max(width, 0.0) / box.area


def _scaled(box: Box, factor: int) -> Box:
    return Box(box.top / factor, box.left / factor, box.bottom / factor, box.right / factor)


def _scaled_points(canthi: Canthi, factor: int) -> Canthi:
    # Pixel centers: coordinate 0 is a pixel's middle, and stays the middle of a block of pixels.
    left, right = (
        ((row + 0.5) / factor - 0.5, (column + 0.5) / factor - 0.5)
        for row, column in (canthi.image_left, canthi.image_right)
    )
    return Canthi(left, right)
