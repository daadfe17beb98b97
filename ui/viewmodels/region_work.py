"""What somebody draws or points at on the regions' screen, and the command that comes of it."""

from collections.abc import Callable, Sequence
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from station.core.about import StationDescribed
from station.core.masks import Region
from station.core.pointing import ReferencePlaces
from station.core.service_commands import SetMasks, SetRegions, SetSweptPlace
from ui.entering.drawing import Corner, Drawing, Drawn
from ui.entering.pointing import Pointing, Wanted
from ui.viewmodels.regions import RegionsStand, Subject, clash_of
from ui.walkways import Walkways

_NEXT = {
    Subject.REFERENCE: Subject.SWEPT,
    Subject.SWEPT: Subject.MASKS,
    Subject.MASKS: Subject.REFERENCE,
}
"""What comes after what."""


class RegionsWork:
    """The subject, the lane on show, and what is drawn or pointed at there.

    Args:
        about: returns what the station says of itself.
    """

    def __init__(self, about: Callable[[], StationDescribed | None]) -> None:
        self._told = about
        self.subject = Subject.REFERENCE
        """What it is about."""
        self.lane: str | None = None
        """The lane on show."""
        self.drawing: Drawing | None = None
        """What is drawn; None while nobody draws."""
        self.pointing: Pointing | None = None
        """What is pointed at; None while nobody points."""

    @property
    def regions(self) -> tuple[Region, ...]:
        """What is drawn or proposed, or what the station uses while nothing is."""
        if self.drawing is not None:
            return self.drawing.areas
        if self.pointing is not None and self.pointing.discs:
            return self._places(self.pointing).regions
        return self._in_use().regions

    @property
    def masks(self) -> tuple[Region, ...]:
        """The masked areas of the lane on show that the station uses."""
        cameras = self._about.cameras if self._about else ()
        return next((one.masks for one in cameras if one.lane == self.lane), ())

    @property
    def is_begun(self) -> bool:
        """Whether somebody draws or points."""
        return self.pointing is not None or self.drawing is not None

    @property
    def is_new(self) -> bool:
        """Whether there is something that the station could take over."""
        if self.subject is Subject.MASKS:
            return self.drawing is not None and self.drawing.areas != self.masks
        is_drawn = self.drawing is not None and bool(self.drawing.areas)
        return is_drawn or (self.pointing is not None and bool(self.pointing.discs))

    def stand(self, *, is_seen: bool, longer_px: int, walkways: Walkways) -> RegionsStand:
        """Return how far somebody is.

        Args:
            is_seen: whether there is a picture.
            longer_px: its longer side in pixels.
            walkways: where people walk.
        """
        about, lane = self._about, self.lane or ""
        pointing, drawing = self.pointing, self.drawing
        disc = pointing.discs.get(lane) if pointing else None
        areas = self.regions if self.subject is Subject.MASKS else ()
        walked, walks = walkways.through(lane, areas) if areas else (0, 0)
        return RegionsStand(
            is_seen=is_seen,
            subject=self.subject,
            lane=lane,
            in_use=len(self._in_use().regions),
            drawn=len(drawing.areas) if drawing else None,
            has_corner=drawing is not None and drawing.corner is not None,
            is_removing=drawing is not None and drawing.is_removing,
            is_pointing=pointing is not None,
            disc=disc,
            across_px=round(2 * disc.radius_fraction * longer_px) if disc else 0,
            doubt=pointing.doubt(lane) if pointing and disc else None,
            clash=clash_of(self.subject, self.regions, about) if self.is_new else None,
            walked=walked,
            walks=walks,
            set_point_c=self._set_point_c(),
            band_c=about.reference_band_c if about else 0.0,
            pointed=len(pointing.discs) if pointing else 0,
            lanes=len(self._lanes()),
        )

    def start_over(self) -> None:
        """Forget what is drawn and pointed at."""
        self.drawing, self.pointing = None, None

    def tap(self, at: Corner, temperature_c: NDArray[np.float32]) -> Drawn | None:
        """Take a tap on the picture; return what must be said of it."""
        if self.pointing is not None and self.lane is not None:
            if self.subject is Subject.SWEPT:
                # One bench, one swept source: whatever was pointed at before is forgotten.
                self.pointing.discs.clear()
            is_found = self.pointing.touch(self.lane, temperature_c, at)
            return None if is_found else Drawn.NO_DISC
        return self.drawing.tap(at) if self.drawing is not None else None

    def point(self) -> None:
        """Begin to point at a disc, or to take masked areas away."""
        areas, about = self.regions, self._about
        self.start_over()
        if self.subject is Subject.MASKS:
            self.drawing = Drawing(areas, is_removing=True)
        elif about is not None:
            wanted = Wanted(about.set_point_c, about.reference_band_c)
            self.pointing = Pointing(None if self.subject is Subject.SWEPT else wanted)

    def draw(self) -> None:
        """Begin to draw: masked areas beside those in use, regions anew."""
        areas = self.regions
        self.start_over()
        if self.subject is Subject.MASKS:
            self.drawing = Drawing(areas)
        else:
            # A drawn region says nothing of a disc's size, which the swept source needs, too.
            self.subject, self.drawing = Subject.REFERENCE, Drawing()

    def go_on(self) -> None:
        """Go to the next subject."""
        self.start_over()
        self.subject = _NEXT[self.subject]

    def show_next(self, lanes: Sequence[str]) -> None:
        """Go to the next lane."""
        here = lanes.index(self.lane) if self.lane in lanes else -1
        self.lane = lanes[(here + 1) % len(lanes)]
        if self.subject is Subject.MASKS:
            # Areas belong to one lane; what was drawn on another one's picture is no use here.
            self.start_over()

    def command(self) -> SetRegions | SetSweptPlace | SetMasks | None:
        """Return what makes the station take over what is drawn or pointed at."""
        if self.drawing is not None and self.subject is Subject.MASKS:
            return SetMasks(uuid4(), self.lane or "", self.drawing.areas)
        if self.drawing is not None and self.drawing.areas:
            return SetRegions(uuid4(), self.drawing.areas)
        if self.pointing is None or not self.pointing.discs:
            return None
        places = self._places(self.pointing)
        if self.subject is Subject.SWEPT:
            return SetSweptPlace(uuid4(), places.regions[0], places.radius_fraction)
        return SetRegions(uuid4(), places.regions, places.radius_fraction)

    @property
    def _about(self) -> StationDescribed | None:
        return self._told()

    def _set_point_c(self) -> float | None:
        is_known = self._about is not None and self.subject is Subject.REFERENCE
        return self._about.set_point_c if self._about is not None and is_known else None

    def _in_use(self) -> ReferencePlaces:
        about = self._about
        if about is None:
            return ReferencePlaces((), (0.0, 0.0))
        regions = {
            Subject.REFERENCE: about.regions,
            Subject.SWEPT: (about.swept_region,),
            Subject.MASKS: self.masks,
        }
        return ReferencePlaces(regions[self.subject], about.radius_fraction)

    def _lanes(self) -> list[str]:
        """Return the lanes whose cameras look for this source."""
        if self.subject is Subject.SWEPT:
            return []
        return [camera.lane for camera in self._about.cameras] if self._about else []

    def _places(self, pointing: Pointing) -> ReferencePlaces:
        return pointing.places(self._lanes(), self._in_use())
