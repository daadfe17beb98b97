"""Where the reference source may be: drawn on the live picture by taps on two corners."""

from datetime import datetime
from uuid import uuid4

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.core.about import StationDescribed
from station.core.events import CommandRefused, Event
from station.core.service_commands import SetRegions, VersionList
from ui.desk import Answer, Desk, Frame
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM
from ui.texts import say_station, translate
from ui.widgets.coloring import colored
from ui.widgets.labels import role_label
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
        monotonic_s = desk.clock.monotonic_s
        self._about: StationDescribed | None = None
        self._drawn: tuple[Region, ...] | None = None
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
        self.next_lane, self.anew, self.keep, self.use = (
            TouchButton(
                self, role=role, height_mm=PRIMARY_MM if role else 20.0, monotonic_s=monotonic_s
            )
            for role in ("", "", "", "primary")
        )
        self._lay_out()
        self._connect()

    @property
    def regions(self) -> tuple[Region, ...]:
        """What is drawn, or what the station uses while nothing is."""
        if self._drawn is not None:
            return self._drawn
        return self._about.regions if self._about else ()

    def take(self, event: Event) -> None:
        """Keep where the station looks for the source."""
        if isinstance(event, StationDescribed):
            self._about = event

    def renew(self) -> None:
        """Forget the station before: it may use other regions now."""
        self._about, self._shown, self._is_waiting = None, None, False
        self._start_over(None)

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self.next_lane.set_words(translate("regions", "Next lane"))
        self.anew.set_words(translate("regions", "Draw anew"))
        self.keep.set_words(translate("regions", "Leave as it was"))
        self.use.set_words(translate("regions", "Use these regions"))
        self._title.setText(translate("regions", "Where the reference source may be"))
        self._note.setText(
            translate(
                "regions",
                "All cameras look for it in the same regions. The station starts again with them: "
                "some seconds without screening.",
            )
        )
        self.refresh(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Show the latest picture and what is drawn."""
        frames = self.desk.frames
        if self._lane not in frames:
            self._lane = next(iter(sorted(frames)), None)
        frame = frames.get(self._lane or "")
        if frame is not self._shown:
            self._shown = frame
            drawn = colored(frame.picture.pixels_ck, self.desk.palette) if frame else None
            self.picture.show_image(drawn)
        self.picture.show_regions(self.regions, self._corner)
        self._show_words(is_seen=frame is not None)

    def _show_words(self, *, is_seen: bool) -> None:
        is_there = self.desk.model.loss is None and self._about is not None
        is_full = self._drawn is not None and len(self._drawn) >= _MOST
        drawn_on = translate("regions", "Picture to draw on")
        missing = translate("regions", "No picture yet")
        self.picture.setAccessibleName(drawn_on if is_seen else missing)
        if not is_seen:
            todo = missing
        elif self._drawn is None:
            todo = translate("regions", "In use: {0}. Touch “Draw anew” to change them").format(
                len(self.regions)
            )
        elif is_full:
            todo = translate("regions", "No more than {0} regions").format(_MOST)
        elif self._corner is None:
            todo = translate("regions", "Region {0}: tap its first corner").format(
                len(self._drawn) + 1
            )
        else:
            todo = translate("regions", "Tap the opposite corner")
        for label, text in ((self._todo, todo), (self._answer, self._said)):
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
        self.next_lane.setVisible(len(self.desk.frames) > 1)
        self.anew.setEnabled(is_seen and is_there and not self._is_waiting)
        self.keep.setEnabled(self._drawn is not None and not self._is_waiting)
        self.use.setEnabled(bool(self._drawn) and is_there and not self._is_waiting)

    def _start_over(self, drawn: tuple[Region, ...] | None) -> None:
        self._drawn, self._corner, self._said = drawn, None, ""

    def _on_tap(self, corner: Corner) -> None:
        if self._drawn is None or len(self._drawn) >= _MOST or self._is_waiting:
            return
        if self._corner is None:
            self._corner, self._said = corner, ""
        else:
            region = _between(self._corner, corner)
            self._corner = None
            if min(region[2] - region[0], region[3] - region[1]) < _LEAST_SIDE:
                self._said = translate("regions", "Too small for a source: draw it larger")
            else:
                self._drawn = (*self._drawn, region)
        self.refresh(self.desk.clock.now())

    def _on_anew(self, _: object) -> None:
        self._start_over(())
        self.picture.setFocus()
        self.refresh(self.desk.clock.now())

    def _on_keep(self, _: object) -> None:
        self._start_over(None)
        self.refresh(self.desk.clock.now())

    def _on_use(self, _: object) -> None:
        if self._drawn:
            self._is_waiting = True
            self._said = translate("regions", "Being checked")
            self.desk.ask(SetRegions(uuid4(), self._drawn), self._on_answer)
            self.refresh(self.desk.clock.now())

    def _on_answer(self, answer: Answer) -> None:
        self._is_waiting = False
        if isinstance(answer, VersionList):
            self._start_over(None)
            self._said = translate("regions", "Taken over: the station starts again")
        elif isinstance(answer, CommandRefused):
            self._said = translate("regions", "Not taken over: {0}").format(
                say_station(answer.text)
            )
        else:
            self._said = translate("regions", "Not answered: look whether they are in use")
        self.refresh(self.desk.clock.now())

    def _on_lane(self, _: object) -> None:
        lanes = sorted(self.desk.frames)
        if lanes:
            here = lanes.index(self._lane) if self._lane in lanes else -1
            self._lane = lanes[(here + 1) % len(lanes)]
            self.refresh(self.desk.clock.now())

    def _connect(self) -> None:
        self.picture.tapped.connect(self._on_tap)
        self.next_lane.touched.connect(self._on_lane)
        self.anew.touched.connect(self._on_anew)
        self.keep.touched.connect(self._on_keep)
        self.use.touched.connect(self._on_use)

    def _lay_out(self) -> None:
        words = QVBoxLayout(self._panel)
        words.setContentsMargins(14, 10, 14, 10)
        for label in (self._title, self._todo, self._note, self._answer):
            words.addWidget(label)
        words.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self._panel, 1)
        for button in (self.next_lane, self.anew, self.keep, self.use):
            right.addWidget(button)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addWidget(self.picture, 3)
        body.addLayout(right, 2)
        for spaced in (words, right):
            spaced.setSpacing(GAP_PX)


def _between(first: Corner, second: Corner) -> Region:
    """Return the region between two corners, (top, left, bottom, right), to a thousandth."""
    top, bottom = sorted((first[0], second[0]))
    left, right = sorted((first[1], second[1]))
    return round(top, 3), round(left, 3), round(bottom, 3), round(right, 3)
