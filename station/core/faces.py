"""Faces in a frame, and what a face locator must offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
"""(row, column) in pixels of the upright frame."""


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open pixel box, rows down, columns to the right.

    Raises:
        ValueError: if the box is empty or inverted.
    """

    top: float
    """First row inside."""
    left: float
    """First column inside."""
    bottom: float
    """First row below."""
    right: float
    """First column to the right."""

    def __post_init__(self) -> None:
        if not (self.bottom > self.top and self.right > self.left):
            raise ValueError(f"empty box: {self}")

    @property
    def height(self) -> float:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> float:
        """Columns."""
        return self.right - self.left

    @property
    def area(self) -> float:
        """Pixels."""
        return self.height * self.width

    @property
    def center(self) -> Point:
        """The middle, (row, column)."""
        return (self.top + self.bottom) / 2, (self.left + self.right) / 2

    def contains(self, point: Point) -> bool:
        """Whether the point lies inside."""
        row, column = point
        return self.top <= row < self.bottom and self.left <= column < self.right

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0 to 1."""
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        width = min(self.right, other.right) - max(self.left, other.left)
        if height <= 0 or width <= 0:
            return 0.0
        overlap = height * width
        return overlap / (self.area + other.area - overlap)

    def grown(self, factor: float) -> "Box":
        """The box with the same center and sides multiplied by `factor` (> 0)."""
        row, column = self.center
        half_height, half_width = self.height * factor / 2, self.width * factor / 2
        return Box(row - half_height, column - half_width, row + half_height, column + half_width)

    def slices(self, shape: tuple[int, int]) -> tuple[slice, slice]:
        """Row and column slices of the part inside an array of `shape` (may be empty)."""
        high, wide = shape
        return (
            slice(min(max(round(self.top), 0), high), min(max(round(self.bottom), 0), high)),
            slice(min(max(round(self.left), 0), wide), min(max(round(self.right), 0), wide)),
        )


def corners(boxes: Iterable[Box]) -> NDArray[np.float64]:
    """Return top, left, bottom and right of each box, shape (boxes, 4)."""
    places = [(box.top, box.left, box.bottom, box.right) for box in boxes]
    return np.array(places, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Canthi:
    """Where the two inner eye corners are, as the picture shows them."""

    image_left: Point
    """The inner canthus on the picture's left side."""
    image_right: Point
    """The inner canthus on the picture's right side."""


@dataclass(frozen=True, slots=True)
class FaceRegion:
    """A face found in one frame: brow or hairline to chin, cheek to cheek without ears."""

    box: Box
    """Where the face is."""
    score: float
    """The locator's confidence, 0 to 1."""
    frontality: float
    """How far the face is turned to the camera: 1 facing, 0 profile or turned away."""
    canthi: Canthi | None = None
    """Inner eye corners, or None where the locator cannot place them."""


class FaceLocator(Protocol):
    """Finds faces in upright radiometric frames. The same frame always gives the same answer."""

    def locate(
        self, temperature_c: NDArray[np.float32], rows: slice | None = None
    ) -> tuple[FaceRegion, ...]:
        """Return the faces in a frame, the most confident first.

        Args:
            temperature_c: apparent °C, float32, (rows, columns), upright.
            rows: where to look; None looks everywhere. Faces outside may be found too.
        """
        ...
