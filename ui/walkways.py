"""Where people walk through each lane's picture, so that nobody masks a way; no Qt, no words."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from station.core.lane_events import FaceView, LaneUpdate
from station.core.masks import Region

# Chosen: a rush of some minutes, and few enough to be looked through at every refresh.
_MOST_WALKS = 100
_CELLS = 25
# Chosen: a lamp that is taken for a face trembles by less than its own size.
_WALKED_SIZES = 1.5
# A face is lost when its middle comes into a masked area: it was last seen about so far outside.
_NEAR_SIZES = 0.25


@dataclass(slots=True)
class _Walk:
    """One person's way through a picture; all in fractions of the picture's height and width."""

    top: float = 1.0
    left: float = 1.0
    bottom: float = 0.0
    right: float = 0.0
    size: tuple[float, float] = (0.0, 0.0)
    places: set[tuple[int, int]] = field(default_factory=set)

    def add(self, face: FaceView, shape: tuple[int, int]) -> None:
        row, column = face.box.center[0] / shape[0], face.box.center[1] / shape[1]
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        self.size = face.box.height / shape[0], face.box.width / shape[1]
        self.places.add((int(row * _CELLS), int(column * _CELLS)))

    @property
    def is_one(self) -> bool:
        """Whether somebody walked; what stays where it is may be a lamp."""
        height, width = self.size
        down, across = self.bottom - self.top, self.right - self.left
        return down > _WALKED_SIZES * height or across > _WALKED_SIZES * width

    def leads_through(self, area: Region) -> bool:
        """Whether the way comes into an area, or up to its edge."""
        down, across = (_NEAR_SIZES * side + 0.5 / _CELLS for side in self.size)
        top, left, bottom, right = area
        return any(
            top - down <= (row + 0.5) / _CELLS <= bottom + down
            and left - across <= (column + 0.5) / _CELLS <= right + across
            for row, column in self.places
        )


class Walkways:
    """Keeps the latest ways through each lane's picture."""

    def __init__(self) -> None:
        self._walks: dict[str, OrderedDict[tuple[int, int], _Walk]] = {}
        self._run = 0

    def take(self, update: LaneUpdate) -> None:
        """Keep where the people of a picture are."""
        walks = self._walks.setdefault(update.lane, OrderedDict())
        for face in update.faces:
            if face.traveller is not None:
                key = self._run, face.traveller
                if key not in walks and len(walks) >= _MOST_WALKS:
                    walks.popitem(last=False)
                walks.setdefault(key, _Walk()).add(face, update.shape)

    def renew(self) -> None:
        """Note that the station numbers people anew."""
        self._run += 1

    def through(self, lane: str, areas: Sequence[Region]) -> tuple[int, int]:
        """Return how many of the latest walked through one of the areas, and of how many."""
        walks = [walk for walk in self._walks.get(lane, {}).values() if walk.is_one]
        led = sum(any(walk.leads_through(area) for area in areas) for walk in walks)
        return led, len(walks)
