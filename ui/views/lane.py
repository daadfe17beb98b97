"""The live lane: banner, thermal picture or all lanes, and the line that says what this is."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station.core.lane_events import LaneUpdate
from station.core.masks import Region
from station.runtime.bridge_frames import Picture
from ui.palette import PaletteName
from ui.texts import translate
from ui.theme import NOTICE_COLORS
from ui.viewmodels.lanes import HeldView, TileView
from ui.viewmodels.notices import LaneSwitch, Notice
from ui.widgets.held import HeldStrip
from ui.widgets.lane_wall import LaneWall
from ui.widgets.thermal import ThermalView
from ui.widgets.touch import TouchButton, set_role


class LaneView(QWidget):
    """Shows one lane large, or all of them.

    Args:
        monotonic_s: the clock for touches.
    """

    lane_asked = Signal(object)
    """Somebody wants to see this lane large (its name)."""
    wall_asked = Signal()
    """Somebody wants to see all lanes."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._banner = QLabel(self)
        self._banner.setProperty("role", "big")
        self._banner.setWordWrap(True)
        self._role = ""
        self._rate = QLabel(self)
        self._rate.setProperty("role", "quiet")
        self.switch = self._button(monotonic_s)
        self.switch.touched.connect(self.lane_asked)
        self.all = self._button(monotonic_s)
        self.all.clicked.connect(self.wall_asked)
        self._crowd = QLabel(self)
        self._crowd.setWordWrap(True)
        self._crowd.setProperty("role", "quiet")
        self._purpose = QLabel(self)
        self._purpose.setProperty("role", "quiet")
        self._purpose.setWordWrap(True)
        self.stack = QStackedWidget(self)
        self.picture = ThermalView(self.stack)
        self.wall = LaneWall(self.stack, monotonic_s)
        self.wall.lane_asked.connect(self.lane_asked)
        self.stack.addWidget(self.picture)
        self.stack.addWidget(self.wall)
        self.held = HeldStrip(self)
        self._lay_out()
        self.show_switch(None)

    @property
    def shows_all(self) -> bool:
        """Whether all lanes are in sight."""
        return self.stack.currentWidget() is self.wall

    def show_all(self, shows_all: bool) -> None:
        """Bring all lanes into sight, or one of them."""
        self.stack.setCurrentWidget(self.wall if shows_all else self.picture)

    def show_frame(self, picture: Picture, update: LaneUpdate) -> None:
        """Show a picture of the lane with what was found in it."""
        self.picture.show_picture(picture.pixels_ck, update)
        rate = translate("lane", "Lane {0} · {1} pictures/s")
        self._rate.setText(rate.format(update.lane, f"{update.frames_per_s:.0f}"))

    def show_nothing(self) -> None:
        """Take the picture away: it belongs to another lane."""
        self.picture.clear()
        self._rate.setText("")

    def show_notice(self, notice: Notice, *, is_covered: bool) -> None:
        """Show the banner, and cover a picture that must not be taken for the present."""
        if self._banner.text() != notice.text:
            self._banner.setText(notice.text)
            self.picture.setAccessibleName(notice.text)
        if self._role != notice.role:
            self._role = notice.role
            self._banner.setStyleSheet(f"color: {NOTICE_COLORS[notice.role]};")
        self.picture.set_late(notice.text if is_covered else "")
        self._rate.setVisible(not is_covered and not self.shows_all)

    def show_tiles(self, tiles: Sequence[TileView]) -> None:
        """Show how all lanes are."""
        self.wall.show_tiles(tiles)
        self.all.setVisible(len(tiles) > 1 and not self.shows_all)

    def show_masks(self, masks: Mapping[str, tuple[Region, ...]]) -> None:
        """Hatch where nobody is measured, by lane."""
        self.picture.set_masks(masks)
        self.wall.set_masks(masks)

    def show_held(self, held: HeldView | None, palette: PaletteName) -> None:
        """Show the flagged traveller who waits, and all pictures in these colours."""
        self.held.show_held(held, palette)
        self.picture.set_palette(palette)
        self.wall.set_palette(palette)

    def show_crowd(self, notice: Notice) -> None:
        """Show what the watch against the crowd rests on."""
        if self._crowd.text() != notice.text:
            self._crowd.setText(notice.text)
        set_role(self._crowd, "caution small" if notice.role == "caution" else "quiet")
        self._crowd.setVisible(bool(notice.text))

    def show_switch(self, switch: LaneSwitch | None) -> None:
        """Show the way to the next lane, if there is one."""
        self.switch.setVisible(switch is not None)
        if switch is None:
            return
        self.switch.set_target(switch.lane)
        self.switch.set_words(switch.text)
        set_role(self.switch, "fault" if switch.has_fault else "")

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        purpose = translate("lane", "Triage aid, not a diagnosis. Skin temperature, not body.")
        self._purpose.setText(purpose)
        self.all.set_words(translate("lane", "All\nlanes"))

    def _button(self, monotonic_s: Callable[[], float]) -> TouchButton:
        button = TouchButton(self, monotonic_s=monotonic_s)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return button

    def _lay_out(self) -> None:
        head = QFrame(self)
        head.setObjectName("panel")
        row = QHBoxLayout(head)
        row.setContentsMargins(18, 8, 18, 8)
        row.addWidget(self._banner, 1)
        row.addWidget(self._rate)
        notes = QVBoxLayout()
        notes.setSpacing(2)
        notes.addStretch(1)
        notes.addWidget(self._crowd)
        notes.addWidget(self._purpose)
        notes.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addLayout(notes, 1)
        foot.addWidget(self.switch)
        foot.addWidget(self.all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(head)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.held)
        layout.addLayout(foot)
