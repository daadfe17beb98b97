"""Random views of a labelled picture, all of one size."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.training.samples import LabelledFace, Sample
from station.core.faces import Box, Canthi, Point

ROWS, COLUMNS = 160, 128
"""Size of what the network is trained on, px."""
SMALLEST_PX, LARGEST_PX = 10.0, 100.0
"""Widths of faces that count; others are ignored."""

_LEAST_VISIBLE = 0.55
_FRAME = Box(0, 0, ROWS, COLUMNS)


def random_view(sample: Sample, rng: np.random.Generator) -> Sample:
    """Return the sample seen larger or smaller, elsewhere, mirrored, in another camera's °C."""
    view = _View.random(sample, rng)
    picture = view.picture(sample.temperature_c, rng)
    faces, ignored = [], [view.box(box) for box in sample.ignored]
    hidden = tuple(view.box(box) for box in sample.hidden)
    for face in sample.faces:
        moved = view.face(face)
        visible = _overlap(moved.box) / moved.box.area
        if visible > _LEAST_VISIBLE and SMALLEST_PX <= moved.box.width <= LARGEST_PX:
            faces.append(moved)
        elif visible > 0:
            ignored.append(moved.box)
    boxes = [face.box for face in faces]
    if rng.random() < 0.35:
        _paste_source(picture, [*boxes, *ignored, *hidden], rng)
    if boxes and rng.random() < 0.2:
        _cover_chin(picture, boxes[rng.integers(len(boxes))], rng)
    seen = _as_seen_by_another_camera(picture, rng)
    return Sample(seen, tuple(faces), tuple(ignored), hidden)


@dataclass(frozen=True, slots=True)
class _View:
    """A mirror, a scale and a shift: x' = sign * scale * x + dx, y' = scale * y + dy."""

    scale: float
    sign: float
    dx: float
    dy: float

    @classmethod
    def random(cls, sample: Sample, rng: np.random.Generator) -> "_View":
        rows, columns = sample.temperature_c.shape
        boxes = [face.box for face in sample.faces]
        sign = float(rng.choice((-1.0, 1.0)))
        row, column = rows / 2, columns / 2
        to_row, to_column = (n / 2 + rng.uniform(-30, 30) for n in (ROWS, COLUMNS))
        scale = float(np.exp(rng.uniform(np.log(0.6), np.log(1.8))))
        if boxes:
            box = boxes[rng.integers(len(boxes))]
            if rng.random() < 0.8:
                width = np.exp(rng.uniform(np.log(11), np.log(90)))
                scale = float(np.clip(width / box.width, 0.4, 2.6))
            if rng.random() < 0.85:
                row, column = box.center
                to_row, to_column = (
                    rng.uniform(0.08, 0.92) * ROWS,
                    rng.uniform(0.08, 0.92) * COLUMNS,
                )
        return cls(
            scale, sign, float(to_column - sign * scale * column), float(to_row - scale * row)
        )

    def picture(
        self, picture: NDArray[np.float32], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        if self.scale < 1:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.4 / self.scale))
        # Pixel centers lie half a pixel inside the edges that boxes count from.
        x, y = self.sign * self.scale, self.scale
        move = np.array([[x, 0, self.dx + 0.5 * x - 0.5], [0, y, self.dy + 0.5 * y - 0.5]])
        turned = cv2.warpAffine(
            picture, move, (COLUMNS, ROWS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(turned, dtype=np.float32)

    def box(self, box: Box) -> Box:
        ends = sorted(self.sign * self.scale * x + self.dx for x in (box.left, box.right))
        return Box(
            self.scale * box.top + self.dy, ends[0], self.scale * box.bottom + self.dy, ends[1]
        )

    def face(self, face: LabelledFace) -> LabelledFace:
        canthi = face.canthi
        if canthi is not None:
            left, right = self._point(canthi.image_left), self._point(canthi.image_right)
            canthi = Canthi(left, right) if self.sign > 0 else Canthi(right, left)
        return LabelledFace(self.box(face.box), face.frontality, canthi)

    def _point(self, point: Point) -> Point:
        row, column = point
        return (
            self.scale * (row + 0.5) + self.dy - 0.5,
            self.sign * self.scale * (column + 0.5) + self.dx - 0.5,
        )


def _overlap(box: Box) -> float:
    height = min(box.bottom, _FRAME.bottom) - max(box.top, _FRAME.top)
    width = min(box.right, _FRAME.right) - max(box.left, _FRAME.left)
    return max(height, 0.0) * max(width, 0.0)


def _paste_source(picture: NDArray[np.float32], boxes: list[Box], rng: np.random.Generator) -> None:
    """Draw a warm disc on its plate where no face is."""
    radius = rng.uniform(2.5, 8)
    row, column = int(rng.integers(0, ROWS)), int(rng.integers(0, COLUMNS))
    plate = Box(row - 2 * radius, column - 2 * radius, row + 2 * radius, column + 2 * radius)
    if any(plate.iou(box) > 0 for box in boxes):
        return
    disc_c = float(np.percentile(picture[::4, ::4], 99) + rng.uniform(-3, 3))
    corners = [(int(plate.left), int(plate.top)), (int(plate.right), int(plate.bottom))]
    cv2.rectangle(picture, corners[0], corners[1], disc_c - float(rng.uniform(3, 12)), -1)
    cv2.circle(picture, (column, row), int(radius), disc_c, -1, cv2.LINE_AA)


def _cover_chin(picture: NDArray[np.float32], box: Box, rng: np.random.Generator) -> None:
    """Hide the lower face: a mask, a cup, somebody's shoulder."""
    top = int(box.top + box.height * rng.uniform(0.6, 0.8))
    value = float(np.median(picture[::4, ::4]) + rng.uniform(-1, 8))
    cv2.rectangle(picture, (int(box.left), top), (int(box.right), int(box.bottom)), value, -1)


def _as_seen_by_another_camera(
    picture: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.float32]:
    middle = float(np.median(picture[::4, ::4]))
    picture = (picture - middle) * np.float32(rng.uniform(0.75, 1.3))
    if rng.random() < 0.15:
        # A room nearly as warm as the people in it.
        picture -= np.float32(0.8 * rng.uniform(0, 1)) * np.maximum(picture - np.float32(1.5), 0)
    if rng.random() < 0.3:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.3, 0.9))))
    noise = rng.standard_normal(picture.shape, dtype=np.float32)
    picture += noise * np.float32(rng.uniform(0, 0.12)) + np.float32(middle + rng.uniform(-5, 5))
    return picture
