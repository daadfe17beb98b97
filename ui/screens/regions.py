"""Where the sources may be: pointed at, or drawn by taps on two corners, on the live picture."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.core.about import StationDescribed
from station.core.events import CommandRefused
from station.core.pointing import ReferencePlaces
from station.core.service_commands import SetRegions, SetSweptPlace, VersionList
from ui.desk import Answer, Desk, Frame
from ui.pointing import Pointing, Wanted
from ui.regionviews import RegionsStand, doubt_text, note_text, title_text, todo_text
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM, TARGET_MM
from ui.texts import say_station, translate
from ui.widgets.coloring import colored
from ui.widgets.labels import role_label, show_text
from ui.widgets.region_picture import Corner, Region, RegionPicture
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_MOST = 4
# Chosen: a smaller region holds no disc that could be measured.
_LEAST_SIDE = 0.05


class RegionsScreen(Screen):
    """The picture of one lane, and the regions of all."""

    REFRESH_MS = 200

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._drawn: tuple[Region, ...] | None = None
        self._pointing: Pointing | None = None
        self._is_swept = False
        self._corner: Corner | None = None
        self._lane: str | None = None
        self._shown: Frame | None = None
        self._said = ""
        self._is_waiting = False
        self.picture = RegionPicture(self)
        self._panel = QFrame(self)
        self._panel.setObjectName("panel")
        self._title, self._todo, self._note, self._answer = (
            role_label(self._panel, role, wraps=True, is_top=True)
            for role in ("title", "", "quiet", "caution")
        )
        self.next_lane, self.source, self.point, self.anew, self.smaller, self.larger, self.keep = (
            self._button(act)
            for act in (
                self._on_lane,
                self._on_source,
                self._on_point,
                self._on_anew,
                lambda: self._on_size(-1),
                lambda: self._on_size(1),
                self._on_keep,
            )
        )
        self.use = self._button(self._on_use, "primary")
        self.picture.tapped.connect(self._on_tap)
        self._lay_out()

    @property
    def regions(self) -> tuple[Region, ...]:
        """What is drawn or proposed, or what the station uses while nothing is."""
        if self._drawn is not None:
            return self._drawn
        if self._pointing is not None and self._pointing.discs:
            return self._places(self._pointing).regions
        return self._in_use().regions

    def renew(self) -> None:
        """Forget the station before: it may use other regions now."""
        self._shown, self._is_waiting = None, False
        self._start_over()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        for button, words in (
            (self.next_lane, translate("regions", "Next lane")),
            (self.point, translate("regions", "Point at\nthe disc")),
            (self.anew, translate("regions", "Draw\nregions")),
            (self.smaller, translate("regions", "Smaller\nregion")),
            (self.larger, translate("regions", "Larger\nregion")),
            (self.keep, translate("regions", "Leave as\nit was")),
            (self.use, translate("regions", "Use these regions")),
        ):
            button.set_words(words)
        self.refresh(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Show the latest picture, what is drawn, and what the disc reads there."""
        frames = self.desk.frames
        if self._lane not in frames:
            self._lane = next(iter(sorted(frames)), None)
        frame = frames.get(self._lane or "")
        if frame is not self._shown:
            self._shown = frame
            drawn = colored(frame.picture.pixels_ck, self.desk.palette) if frame else None
            self.picture.show_image(drawn)
            if frame is not None and self._pointing is not None and self._lane is not None:
                self._pointing.follow(self._lane, frame.picture.temperature_c)
        self.picture.show_regions(self.regions, self._corner)
        discs = self._pointing.discs if self._pointing else {}
        self.picture.show_disc(discs.get(self._lane or ""))
        self._show_words(self._stand(is_seen=frame is not None))

    @property
    def _about(self) -> StationDescribed | None:
        return self.desk.model.about

    def _stand(self, *, is_seen: bool) -> RegionsStand:
        pointing, lane = self._pointing, self._lane or ""
        disc = pointing.discs.get(lane) if pointing else None
        return RegionsStand(
            is_seen=is_seen,
            is_swept=self._is_swept,
            in_use=len(self._in_use().regions),
            drawn=len(self._drawn) if self._drawn is not None else None,
            most=_MOST,
            has_corner=self._corner is not None,
            is_pointing=pointing is not None,
            disc=disc,
            across_px=round(2 * disc.radius_fraction * self._longer_px()) if disc else 0,
            doubt=pointing.doubt(lane) if pointing and disc else None,
            set_point_c=self._about.set_point_c if self._about and not self._is_swept else None,
            band_c=self._about.reference_band_c if self._about else 0.0,
            pointed=len(pointing.discs) if pointing else 0,
            lanes=len(self._lanes()),
        )

    def _show_words(self, stand: RegionsStand) -> None:
        is_there = self.desk.model.loss is None and self._about is not None
        is_free = stand.is_seen and is_there and not self._is_waiting
        drawn_on = translate("regions", "Picture to draw on")
        missing = translate("regions", "No picture yet")
        self.picture.setAccessibleName(drawn_on if stand.is_seen else missing)
        for label, text in (
            (self._title, title_text(stand)),
            (self._todo, todo_text(stand)),
            (self._note, note_text(stand)),
            (self._answer, self._said or doubt_text(stand)),
        ):
            show_text(label, text)
            label.setVisible(bool(text))
        self.source.set_words(
            translate("regions", "To the\nreference")
            if self._is_swept
            else translate("regions", "To the\nswept source")
        )
        pointing = self._pointing
        self.next_lane.setVisible(len(self.desk.frames) > 1)
        for button, is_open in (
            (self.point, True),
            (self.anew, True),
            (self.source, True),
            (self.smaller, pointing is not None and pointing.can_shrink),
            (self.larger, pointing is not None and pointing.can_grow),
        ):
            button.setEnabled(is_free and is_open)
        is_begun = pointing is not None or self._drawn is not None
        self.keep.setEnabled(is_begun and not self._is_waiting)
        has_places = stand.pointed > 0 or bool(self._drawn)
        self.use.setEnabled(has_places and stand.doubt is None and is_free)

    def _in_use(self) -> ReferencePlaces:
        about = self._about
        if about is None:
            return ReferencePlaces((), (0.0, 0.0))
        regions = (about.swept_region,) if self._is_swept else about.regions
        return ReferencePlaces(regions, about.radius_fraction)

    def _longer_px(self) -> int:
        return max(self._shown.picture.pixels_ck.shape) if self._shown else 0

    def _lanes(self) -> list[str]:
        """Return the lanes whose cameras look for this source."""
        if self._is_swept:
            return []
        return [camera.lane for camera in self._about.cameras] if self._about else []

    def _places(self, pointing: Pointing) -> ReferencePlaces:
        return pointing.places(self._lanes(), self._in_use())

    def _start_over(self) -> None:
        self._drawn, self._pointing, self._corner, self._said = None, None, None, ""

    def _on_tap(self, at: Corner) -> None:
        frame = self.desk.frames.get(self._lane or "")
        if self._is_waiting or frame is None or self._lane is None:
            return
        if self._pointing is not None:
            if self._is_swept:
                # One bench, one swept source: whatever was pointed at before is forgotten.
                self._pointing.discs.clear()
            is_found = self._pointing.touch(self._lane, frame.picture.temperature_c, at)
            self._said = "" if is_found else _no_disc()
        elif self._drawn is not None and len(self._drawn) < _MOST:
            self._draw(at)
        self.refresh(self.desk.clock.now())

    def _draw(self, corner: Corner) -> None:
        if self._corner is None:
            self._corner, self._said = corner, ""
            return
        region = _between(self._corner, corner)
        self._corner = None
        if min(region[2] - region[0], region[3] - region[1]) < _LEAST_SIDE:
            self._said = translate("regions", "Too small for a source: draw it larger")
        elif self._drawn is not None:
            self._drawn = (*self._drawn, region)

    def _on_point(self) -> None:
        self._start_over()
        about = self._about
        if about is not None:
            wanted = Wanted(about.set_point_c, about.reference_band_c)
            self._pointing = Pointing(None if self._is_swept else wanted)
        self.picture.setFocus()
        self.refresh(self.desk.clock.now())

    def _on_anew(self) -> None:
        self._start_over()
        # A drawn region says nothing of a disc's size, which the swept source needs, too.
        self._is_swept = False
        self._drawn = ()
        self.picture.setFocus()
        self.refresh(self.desk.clock.now())

    def _on_source(self) -> None:
        self._start_over()
        self._is_swept = not self._is_swept
        self.refresh(self.desk.clock.now())

    def _on_size(self, steps: int) -> None:
        if self._pointing is not None:
            self._pointing.resize(steps)
            self.refresh(self.desk.clock.now())

    def _on_keep(self) -> None:
        self._start_over()
        self.refresh(self.desk.clock.now())

    def _on_use(self) -> None:
        command = self._command()
        if command is not None:
            self._is_waiting = True
            self._said = translate("regions", "Being checked")
            self.desk.ask(command, self._on_answer)
            self.refresh(self.desk.clock.now())

    def _command(self) -> SetRegions | SetSweptPlace | None:
        if self._drawn:
            return SetRegions(uuid4(), self._drawn)
        if self._pointing is None or not self._pointing.discs:
            return None
        places = self._places(self._pointing)
        if self._is_swept:
            return SetSweptPlace(uuid4(), places.regions[0], places.radius_fraction)
        return SetRegions(uuid4(), places.regions, places.radius_fraction)

    def _on_answer(self, answer: Answer) -> None:
        self._is_waiting = False
        if isinstance(answer, VersionList):
            self._start_over()
            self._said = translate("regions", "Taken over: the station starts again")
        elif isinstance(answer, CommandRefused):
            words = translate("regions", "Not taken over: {0}")
            self._said = words.format(say_station(answer.text))
        else:
            self._said = translate("regions", "Not answered: look whether they are in use")
        self.refresh(self.desk.clock.now())

    def _on_lane(self) -> None:
        lanes = sorted(self.desk.frames)
        if lanes:
            here = lanes.index(self._lane) if self._lane in lanes else -1
            self._lane, self._said = lanes[(here + 1) % len(lanes)], ""
            self.refresh(self.desk.clock.now())

    def _button(self, on_touch: Callable[[], None], role: str = "") -> TouchButton:
        button = TouchButton(
            self,
            role=role,
            height_mm=PRIMARY_MM if role else TARGET_MM,
            monotonic_s=self.desk.clock.monotonic_s,
        )
        button.touched.connect(lambda _: on_touch())
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout(self._panel)
        words.setContentsMargins(14, 10, 14, 10)
        for label in (self._title, self._todo, self._note, self._answer):
            words.addWidget(label)
        words.addStretch(1)
        pairs = QGridLayout()
        for place, button in enumerate(
            (self.point, self.anew, self.smaller, self.larger, self.source, self.keep)
        ):
            pairs.addWidget(button, place // 2, place % 2)
        right = QVBoxLayout()
        right.addWidget(self._panel, 1)
        right.addLayout(pairs)
        right.addWidget(self.next_lane)
        right.addWidget(self.use)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addWidget(self.picture, 3)
        body.addLayout(right, 2)
        for spaced in (words, pairs, right):
            spaced.setSpacing(GAP_PX)


def _no_disc() -> str:
    return translate(
        "regions",
        "No disc there: a source is flat and hotter than its mount all around. Touch its middle",
    )


def _between(first: Corner, second: Corner) -> Region:
    """Return the region between two corners, (top, left, bottom, right), to a thousandth."""
    top, bottom = sorted((first[0], second[0]))
    left, right = sorted((first[1], second[1]))
    return round(top, 3), round(left, 3), round(bottom, 3), round(right, 3)
