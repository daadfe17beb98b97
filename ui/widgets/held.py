"""The strip that holds the last flagged traveller's picture until somebody has dealt with it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.screening import Outcome
from ui.held import HeldFlag
from ui.palette import PaletteName
from ui.sizes import TARGET_MM, px
from ui.theme import ALARM
from ui.viewmodels.lanes import HeldView
from ui.widgets.coloring import colored
from ui.widgets.signs import OutcomeSign
from ui.widgets.still import draw_still


class _Still(QWidget):
    """A picture that stands."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        side_px = px(parent, TARGET_MM)
        self.setFixedSize(side_px, side_px)
        self._image: QImage | None = None
        self._shown: tuple[HeldFlag, PaletteName] | None = None

    def show_flag(self, flag: HeldFlag, palette: PaletteName) -> None:
        if self._shown is None or self._shown[0] is not flag or self._shown[1] is not palette:
            self._shown = flag, palette
            self._image = colored(flag.pixels_ck, palette)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the picture in a frame of the flag's colour."""
        if self._image is not None:
            draw_still(self, self._image, ALARM, 3)


class HeldStrip(QFrame):
    """Picture, sign and words; hidden while nobody who was flagged waits."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.picture = _Still(self)
        self._sign = OutcomeSign(self, px(parent, TARGET_MM) // 3)
        self._sign.set_outcome(Outcome.ABOVE)
        self._title, self._detail = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._detail.setProperty("role", "quiet")
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._title, self._detail):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        self.hide()

    def show_held(self, held: HeldView | None, palette: PaletteName) -> None:
        """Show the latest flag, or hide."""
        if held is not None:
            self.picture.show_flag(held.flag, palette)
            self.picture.setAccessibleName(held.title)
            self._title.setText(held.title)
            self._detail.setText(held.detail)
        self.setVisible(held is not None)
