"""What training and validation know about one picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Box, Canthi


@dataclass(frozen=True, slots=True)
class LabelledFace:
    """One face in one picture."""

    box: Box
    """Hairline to chin, cheek to cheek, px."""
    frontality: float
    """1 facing the camera, 0 profile."""
    canthi: Canthi | None
    """Inner eye corners, or None where nobody told."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a person saw in one picture."""

    sure: tuple[Box, ...]
    """Faces the annotator was sure of."""
    has_glasses: tuple[bool, ...]
    """Whether each of these wears glasses."""
    unsure: tuple[Box, ...]
    """Faces that are neither demanded nor forbidden."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One upright picture with its labels."""

    temperature_c: NDArray[np.float32]
    """Apparent temperature, °C, shape (rows, columns)."""
    faces: tuple[LabelledFace, ...] = ()
    """Faces to be found."""
    ignored: tuple[Box, ...] = ()
    """Regions in which finding or missing a face costs nothing."""
    hidden: tuple[Box, ...] = ()
    """Faces mostly behind somebody: only calling their own middle a face costs nothing."""
    device: str = "scene"
    """The camera that took it."""
    source: str = ""
    """The recording's file name."""
    index: int = 0
    """The frame's number in its recording."""
    is_animal: bool = False
    """Whether it is a recording of animals, in counts scaled to look like °C."""
    annotation: Annotation | None = None
    """A person's labels, if there are any."""
