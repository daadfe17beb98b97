"""Where the labels of faces go, so that they hide nothing that somebody must see."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF

_GAP_PX = 5.0
# One covered pixel of another label weighs as much as ten of a face: words must stay readable.
_LABEL_WEIGHT = 10.0


class LabelPlaces:
    """Gives each label the place where it hides least; ask for the most important one first.

    Args:
        area: the picture, which no label leaves.
        kept_clear: faces and the reference source.
    """

    def __init__(self, area: QRectF, kept_clear: Sequence[QRectF]) -> None:
        self._area = area
        self._kept_clear = kept_clear
        self._taken: list[QRectF] = []

    def take(self, box: QRectF, width: float, height: float) -> QRectF:
        """Return the place of a label of this size for the face in `box`."""
        place = min(self._candidates(box, width, height), key=self._hidden)
        self._taken.append(place)
        return place

    def _candidates(self, box: QRectF, width: float, height: float) -> list[QRectF]:
        """Above and below the face, beside it, then further away in its column."""
        lefts = (box.left(), box.right() - width, box.center().x() - width / 2)
        step = height + _GAP_PX
        above = [(x, box.top() - n * step) for n in (1, 2, 3) for x in lefts]
        below = [(x, box.bottom() + _GAP_PX + n * step) for n in (0, 1, 2) for x in lefts]
        beside = [
            (x, y)
            for x in (box.right() + _GAP_PX, box.left() - width - _GAP_PX)
            for y in (box.top(), box.bottom() - height)
        ]
        near = len(lefts)
        places = above[:near] + below[:near] + beside + above[near:] + below[near:]
        return [self._inside(x, y, width, height) for x, y in places]

    def _inside(self, x: float, y: float, width: float, height: float) -> QRectF:
        left = min(max(x, self._area.left()), self._area.right() - width)
        top = min(max(y, self._area.top()), self._area.bottom() - height)
        return QRectF(left, top, width, height)

    def _hidden(self, place: QRectF) -> float:
        return _LABEL_WEIGHT * _common(place, self._taken) + _common(place, self._kept_clear)


def _common(place: QRectF, others: Sequence[QRectF]) -> float:
    parts = (place.intersected(other) for other in others)
    return sum(part.width() * part.height() for part in parts)
