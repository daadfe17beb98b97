"""A picture of the twin's figures: two crowds with their numbers, errors, and the thresholds."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from station.core.errors import KnownError
from station.core.extraction import SkinReading
from station.evaluation.twin_runs import Snapshot
from station.evaluation.twin_screening import ScreeningJudge
from station.evaluation.twin_temperature import SkinJudge

_Image = NDArray[np.uint8]
_Color = tuple[int, int, int]

_PANEL = (480, 640)
_WHITE, _GREY, _BLACK = (255, 255, 255), (190, 190, 190), (40, 40, 40)
# Told apart by colour-blind eyes too: blue and orange, and dashes for one of the curves.
_BLUE, _ORANGE = (178, 114, 0), (0, 94, 213)
_MARGIN = 56
_SHOWN_C = (18.0, 38.0)


@dataclass(slots=True)
class Pictured:
    """What there is to draw."""

    crowds: list[Snapshot] = field(default_factory=list)
    """One frame for each crowd size."""
    skin: SkinJudge | None = None
    """Errors of the mixed scenes."""
    screening: ScreeningJudge | None = None
    """Highest answers of both groups."""


def save(path: Path, pictured: Pictured) -> None:
    """Draw everything into one PNG.

    Raises:
        KnownError: if it cannot be written, or nothing that can be drawn was judged.
    """
    panels = [_crowd(snapshot) for snapshot in pictured.crowds]
    if pictured.skin is not None and pictured.skin.scales:
        panels.append(_errors(pictured.skin))
    if pictured.screening is not None and pictured.screening.febrile:
        panels.append(_thresholds(pictured.screening))
    if not panels:
        raise KnownError("There is nothing to draw: judge crossing, faces or screening as well.")
    if len(panels) > 1 and len(panels) % 2:
        panels.append(_blank())
    rows = [np.hstack(panels[i : i + 2]) for i in range(0, len(panels), 2)]
    is_encoded, data = cv2.imencode(".png", np.vstack(rows))
    try:
        path.write_bytes(data.tobytes() if is_encoded else b"")
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror or error}): choose another place."
        ) from error


def _blank() -> _Image:
    return np.full((*_PANEL, 3), 255, dtype=np.uint8)


def _crowd(snapshot: Snapshot) -> _Image:
    """Draw a frame with every found face, its number and its reading or reason."""
    low_c, high_c = _SHOWN_C
    grey = np.clip((snapshot.temperature_c - low_c) / (high_c - low_c), 0, 1) * 255
    image = cv2.cvtColor(grey.astype(np.uint8), cv2.COLOR_GRAY2BGR)
    for face in snapshot.moment.step.faces:
        box, result = face.face.box, face.result
        is_read = isinstance(result, SkinReading)
        color = _BLUE if is_read else _ORANGE
        corners = (int(box.left), int(box.top)), (int(box.right), int(box.bottom))
        cv2.rectangle(image, *corners, color, 2)
        number = "-" if face.traveller is None else str(face.traveller)
        said = f"{result.skin_c:.1f}" if isinstance(result, SkinReading) else result.reason.value
        _text(image, f"{number}: {said}", (corners[0][0], corners[0][1] - 4), color)
    for who in snapshot.moment.people:
        row, column = who.box.center
        cv2.circle(image, (int(column), int(row)), 2, _WHITE, -1)
    title = f"{len(snapshot.moment.people)} people (dots), {len(snapshot.moment.step.faces)} found"
    _text(image, title, (8, image.shape[0] - 8), _WHITE)
    return np.asarray(cv2.resize(image, _PANEL[::-1]), dtype=np.uint8)


def _errors(judge: SkinJudge) -> _Image:
    """Draw each answer's error, with ±u (k=2), over the millimetres a pixel."""
    low, high = 0.5, 8.5
    title = "answer minus true canthus, C (bars: u, k=2; orange: outside)"
    plot = _Plot((low, high), (-1.5, 1.5), title, "mm a pixel")
    for scale, error_c, u_c in judge.scales:
        plot.line((scale, error_c - 2 * u_c), (scale, error_c + 2 * u_c), _GREY, width=1)
    for scale, error_c, u_c in judge.scales:
        color = _BLUE if abs(error_c) <= 2 * u_c else _ORANGE
        cv2.circle(plot.image, plot.at(scale, error_c), 3, color, -1, cv2.LINE_AA)
    plot.line((low, 0), (high, 0), _BLACK, width=1)
    return plot.image


def _thresholds(judge: ScreeningJudge) -> _Image:
    """Draw sensitivity (full) and specificity (dashed) over the threshold."""
    thresholds = np.arange(35.6, 37.41, 0.02)
    title = "sensitivity (orange), specificity (blue, dashed)"
    plot = _Plot((35.6, 37.4), (0.5, 1.0), title, "threshold on skin, C")
    points = [(float(t), *judge.at(float(t))) for t in thresholds]
    for i, (first, second) in enumerate(pairwise(points)):
        plot.line((first[0], first[1]), (second[0], second[1]), _ORANGE)
        if i % 2:
            plot.line((first[0], first[2]), (second[0], second[2]), _BLUE)
    plot.line((judge.threshold_c, 0.5), (judge.threshold_c, 1.0), _GREY)
    _text(plot.image, "policy", plot.at(judge.threshold_c, 0.52), _BLACK)
    return plot.image


class _Plot:
    """Axes on a panel."""

    def __init__(
        self, across: tuple[float, float], up: tuple[float, float], title: str, label: str
    ) -> None:
        self.image = _blank()
        self._across, self._up = across, up
        for value in np.linspace(*across, 5):
            column = self.at(float(value), up[0])
            _text(self.image, f"{value:g}", (column[0] - 12, column[1] + 18), _BLACK)
        for value in np.linspace(*up, 5):
            row = self.at(across[0], float(value))
            _text(self.image, f"{value:g}", (4, row[1] + 4), _BLACK)
            self.line((across[0], float(value)), (across[1], float(value)), _GREY, width=1)
        _text(self.image, title, (_MARGIN, 24), _BLACK)
        _text(self.image, label, (_PANEL[1] // 2 - 40, _PANEL[0] - 12), _BLACK)

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Return (column, row) of a point, kept inside the axes."""
        right = (min(max(x, self._across[0]), self._across[1]) - self._across[0]) / (
            self._across[1] - self._across[0]
        )
        height = (min(max(y, self._up[0]), self._up[1]) - self._up[0]) / (self._up[1] - self._up[0])
        return (
            round(_MARGIN + right * (_PANEL[1] - 2 * _MARGIN)),
            round(_PANEL[0] - _MARGIN - height * (_PANEL[0] - 2 * _MARGIN)),
        )

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        color: _Color,
        *,
        width: int = 2,
    ) -> None:
        """Draw a line between two points."""
        cv2.line(self.image, self.at(*start), self.at(*end), color, width, cv2.LINE_AA)


def _text(image: _Image, text: str, place: tuple[int, int], color: _Color) -> None:
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, color, 1, cv2.LINE_AA)
