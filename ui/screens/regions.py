"""Where the sources may be, and where nobody is: pointed at, or drawn by taps, on the picture."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.core.events import CommandRefused
from station.core.service_commands import VersionList
from ui.desk import Answer, Desk, Frame
from ui.entering.drawing import Corner
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM, TARGET_MM
from ui.texts import say_station, translate
from ui.viewmodels.region_work import RegionsWork
from ui.viewmodels.regions import (
    RegionsStand,
    Subject,
    doubt_text,
    drawn_text,
    is_refused,
    note_text,
    title_text,
    todo_text,
)
from ui.widgets.coloring import colored
from ui.widgets.labels import role_label, show_text
from ui.widgets.region_picture import RegionPicture
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton


class RegionsScreen(Screen):
    """The picture of one lane, and the regions of all."""

    REFRESH_MS = 200

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self.work = RegionsWork(lambda: desk.model.about)
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
        work, frames = self.work, self.desk.frames
        if work.lane not in frames:
            work.lane = next(iter(sorted(frames)), None)
        frame = frames.get(work.lane or "")
        if frame is not self._shown:
            self._show_frame(frame)
        is_masking = work.subject is Subject.MASKS
        about = self.desk.model.about
        # What the areas must not hide is in sight while they are drawn.
        places = about.regions if is_masking and about else work.regions
        self.picture.show_regions(places, work.drawing.corner if work.drawing else None)
        self.picture.show_masks(work.regions if is_masking else work.masks)
        discs = work.pointing.discs if work.pointing else {}
        self.picture.show_disc(discs.get(work.lane or ""))
        longer_px = max(frame.picture.pixels_ck.shape) if frame else 0
        stand = work.stand(
            is_seen=frame is not None, longer_px=longer_px, walkways=self.desk.walkways
        )
        self._show_words(stand)

    def _show_frame(self, frame: Frame | None) -> None:
        self._shown = frame
        self.picture.show_image(
            colored(frame.picture.pixels_ck, self.desk.palette) if frame else None
        )
        pointing = self.work.pointing
        if frame is not None and pointing is not None:
            pointing.follow(frame.update.lane, frame.picture.temperature_c)

    def _show_words(self, stand: RegionsStand) -> None:
        is_there = self.desk.model.loss is None and self.desk.model.about is not None
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
        pointing = self.work.pointing
        self.next_lane.setVisible(len(self.desk.frames) > 1)
        for button, is_open in (
            (self.point, self.work.subject is not Subject.MASKS or bool(self.work.regions)),
            (self.anew, True),
            (self.source, True),
            (self.smaller, pointing is not None and pointing.can_shrink),
            (self.larger, pointing is not None and pointing.can_grow),
        ):
            button.setEnabled(is_free and is_open)
        self.keep.setEnabled(self.work.is_begun and not self._is_waiting)
        is_good = stand.doubt is None and not is_refused(stand.clash)
        self.use.setEnabled(self.work.is_new and is_good and is_free)

    def _show_subject(self) -> None:
        """Show the words of the buttons that mean another thing for each subject."""
        point, anew = (
            translate("regions", "Point at\nthe disc"),
            translate("regions", "Draw\nregions"),
        )
        use = translate("regions", "Use these regions")
        match self.work.subject:
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

    def _start_over(self) -> None:
        self.work.start_over()
        self._said = ""

    def _on_tap(self, at: Corner) -> None:
        frame = self.desk.frames.get(self.work.lane or "")
        if not self._is_waiting and frame is not None and self.work.is_begun:
            self._said = drawn_text(self.work.tap(at, frame.picture.temperature_c))
            self.refresh(self.desk.clock.now())

    def _on_point(self) -> None:
        self._begin(self.work.point)

    def _on_anew(self) -> None:
        self._begin(self.work.draw)

    def _begin(self, work: Callable[[], None]) -> None:
        work()
        self._said = ""
        self.picture.setFocus()
        self.refresh(self.desk.clock.now())

    def _on_source(self) -> None:
        self.work.go_on()
        self._said = ""
        self.refresh(self.desk.clock.now())

    def _on_size(self, steps: int) -> None:
        if self.work.pointing is not None:
            self.work.pointing.resize(steps)
            self.refresh(self.desk.clock.now())

    def _on_keep(self) -> None:
        self._start_over()
        self.refresh(self.desk.clock.now())

    def _on_use(self) -> None:
        command = self.work.command()
        if command is not None:
            self._is_waiting = True
            self._said = translate("regions", "Being checked")
            self.desk.ask(command, self._on_answer)
            self.refresh(self.desk.clock.now())

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
            self.work.show_next(lanes)
            self._said = ""
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
