"""Where the sources may be, and where nobody is: pointed at, or drawn by taps, on the picture."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.core.about import StationDescribed
from station.core.events import CommandRefused
from station.core.masks import Region
from station.core.pointing import ReferencePlaces
from station.core.service_commands import SetMasks, SetRegions, SetSweptPlace, VersionList
from ui.desk import Answer, Desk, Frame
from ui.drawing import Corner, Drawing
from ui.pointing import Pointing, Wanted
from ui.regionviews import (
    RegionsStand,
    Subject,
    clash_of,
    doubt_text,
    drawn_text,
    is_refused,
    note_text,
    title_text,
    todo_text,
)
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM, TARGET_MM
from ui.texts import say_station, translate
from ui.widgets.coloring import colored
from ui.widgets.labels import role_label, show_text
from ui.widgets.region_picture import RegionPicture
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_NEXT = {
    Subject.REFERENCE: Subject.SWEPT,
    Subject.SWEPT: Subject.MASKS,
    Subject.MASKS: Subject.REFERENCE,
}
"""Where the button of subjects leads."""


class RegionsScreen(Screen):
    """The picture of one lane, and the regions of all."""

    REFRESH_MS = 200

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._drawing: Drawing | None = None
        self._pointing: Pointing | None = None
        self._subject = Subject.REFERENCE
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
        if self._drawing is not None:
            return self._drawing.areas
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
            (self.smaller, translate("regions", "Smaller\nregion")),
            (self.larger, translate("regions", "Larger\nregion")),
            (self.keep, translate("regions", "Leave as\nit was")),
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
        is_masking = self._subject is Subject.MASKS
        corner = self._drawing.corner if self._drawing else None
        # What the areas must not hide is in sight while they are drawn.
        places = self._about.regions if is_masking and self._about else self.regions
        self.picture.show_regions(places, corner)
        self.picture.show_masks(self.regions if is_masking else self._masks())
        discs = self._pointing.discs if self._pointing else {}
        self.picture.show_disc(discs.get(self._lane or ""))
        self._show_words(self._stand(is_seen=frame is not None))

    @property
    def _about(self) -> StationDescribed | None:
        return self.desk.model.about

    def _stand(self, *, is_seen: bool) -> RegionsStand:
        pointing, drawing, lane = self._pointing, self._drawing, self._lane or ""
        disc = pointing.discs.get(lane) if pointing else None
        return RegionsStand(
            is_seen=is_seen,
            subject=self._subject,
            lane=lane,
            in_use=len(self._in_use().regions),
            drawn=len(drawing.areas) if drawing else None,
            has_corner=drawing is not None and drawing.corner is not None,
            is_removing=drawing is not None and drawing.is_removing,
            is_pointing=pointing is not None,
            disc=disc,
            across_px=round(2 * disc.radius_fraction * self._longer_px()) if disc else 0,
            doubt=pointing.doubt(lane) if pointing and disc else None,
            clash=clash_of(self._subject, self.regions, self._about) if self._is_new() else None,
            set_point_c=self._set_point_c(),
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
        self._show_subject()
        pointing = self._pointing
        self.next_lane.setVisible(len(self.desk.frames) > 1)
        for button, is_open in (
            (self.point, self._subject is not Subject.MASKS or bool(self.regions)),
            (self.anew, True),
            (self.source, True),
            (self.smaller, pointing is not None and pointing.can_shrink),
            (self.larger, pointing is not None and pointing.can_grow),
        ):
            button.setEnabled(is_free and is_open)
        is_begun = pointing is not None or self._drawing is not None
        self.keep.setEnabled(is_begun and not self._is_waiting)
        is_good = stand.doubt is None and not is_refused(stand.clash)
        self.use.setEnabled(self._is_new() and is_good and is_free)

    def _show_subject(self) -> None:
        """Show the words of the buttons that mean another thing for each subject."""
        point, anew = (
            translate("regions", "Point at\nthe disc"),
            translate("regions", "Draw\nregions"),
        )
        use = translate("regions", "Use these regions")
        match self._subject:
            case Subject.REFERENCE:
                following = translate("regions", "To the\nswept source")
            case Subject.SWEPT:
                following = translate("regions", "To the\nmasked areas")
            case Subject.MASKS:
                following = translate("regions", "To the\nreference")
                point = translate("regions", "Remove\nan area")
                anew = translate("regions", "Draw\nan area")
                use = translate("regions", "Use these areas")
        for button, words in (
            (self.source, following),
            (self.point, point),
            (self.anew, anew),
            (self.use, use),
        ):
            button.set_words(words)

    def _is_new(self) -> bool:
        """Whether there is something that the station could take over."""
        if self._subject is Subject.MASKS:
            return self._drawing is not None and self._drawing.areas != self._masks()
        is_drawn = self._drawing is not None and bool(self._drawing.areas)
        return is_drawn or (self._pointing is not None and bool(self._pointing.discs))

    def _masks(self) -> tuple[Region, ...]:
        """Return the masked areas of the lane on show that the station uses."""
        cameras = self._about.cameras if self._about else ()
        return next((one.masks for one in cameras if one.lane == self._lane), ())

    def _set_point_c(self) -> float | None:
        is_known = self._about is not None and self._subject is Subject.REFERENCE
        return self._about.set_point_c if self._about is not None and is_known else None

    def _in_use(self) -> ReferencePlaces:
        about = self._about
        if about is None:
            return ReferencePlaces((), (0.0, 0.0))
        regions = {
            Subject.REFERENCE: about.regions,
            Subject.SWEPT: (about.swept_region,),
            Subject.MASKS: self._masks(),
        }
        return ReferencePlaces(regions[self._subject], about.radius_fraction)

    def _longer_px(self) -> int:
        return max(self._shown.picture.pixels_ck.shape) if self._shown else 0

    def _lanes(self) -> list[str]:
        """Return the lanes whose cameras look for this source."""
        if self._subject is Subject.SWEPT:
            return []
        return [camera.lane for camera in self._about.cameras] if self._about else []

    def _places(self, pointing: Pointing) -> ReferencePlaces:
        return pointing.places(self._lanes(), self._in_use())

    def _start_over(self) -> None:
        self._drawing, self._pointing, self._said = None, None, ""

    def _on_tap(self, at: Corner) -> None:
        frame = self.desk.frames.get(self._lane or "")
        if self._is_waiting or frame is None or self._lane is None:
            return
        if self._pointing is not None:
            if self._subject is Subject.SWEPT:
                # One bench, one swept source: whatever was pointed at before is forgotten.
                self._pointing.discs.clear()
            is_found = self._pointing.touch(self._lane, frame.picture.temperature_c, at)
            self._said = "" if is_found else _no_disc()
        elif self._drawing is not None:
            self._said = drawn_text(self._drawing.tap(at))
        self.refresh(self.desk.clock.now())

    def _on_point(self) -> None:
        areas = self.regions
        self._start_over()
        about = self._about
        if self._subject is Subject.MASKS:
            self._drawing = Drawing(areas, is_removing=True)
        elif about is not None:
            wanted = Wanted(about.set_point_c, about.reference_band_c)
            self._pointing = Pointing(None if self._subject is Subject.SWEPT else wanted)
        self.picture.setFocus()
        self.refresh(self.desk.clock.now())

    def _on_anew(self) -> None:
        areas = self.regions
        self._start_over()
        if self._subject is Subject.MASKS:
            self._drawing = Drawing(areas)
        else:
            # A drawn region says nothing of a disc's size, which the swept source needs, too.
            self._subject, self._drawing = Subject.REFERENCE, Drawing()
        self.picture.setFocus()
        self.refresh(self.desk.clock.now())

    def _on_source(self) -> None:
        self._start_over()
        self._subject = _NEXT[self._subject]
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

    def _command(self) -> SetRegions | SetSweptPlace | SetMasks | None:
        if self._drawing is not None and self._subject is Subject.MASKS:
            return SetMasks(uuid4(), self._lane or "", self._drawing.areas)
        if self._drawing is not None and self._drawing.areas:
            return SetRegions(uuid4(), self._drawing.areas)
        if self._pointing is None or not self._pointing.discs:
            return None
        places = self._places(self._pointing)
        if self._subject is Subject.SWEPT:
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
            if self._subject is Subject.MASKS:
                # Areas belong to one lane; what was drawn on another one's picture is no use here.
                self._start_over()
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
