"""The rail of the kiosk's screens: a sign and a word each, one touch or one function key away."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.screens.table import ScreenEntry
from ui.sizes import TARGET_MM, px
from ui.texts import translate
from ui.theme import TEXT
from ui.widgets.pictogram import Pictogram
from ui.widgets.touch import TouchButton

_GAP_PX = 6


class _RailButton(TouchButton):
    """One screen's button; it stays down while its screen is in sight."""

    def __init__(self, parent: QWidget, entry: ScreenEntry) -> None:
        super().__init__(parent, role="rail")
        self.setCheckable(True)
        self._title = entry.title
        side_px = px(parent, TARGET_MM)
        self._sign = Pictogram(self, entry.pictogram, round(side_px * 0.42), TEXT)
        self._word = QLabel(self)
        self._word.setProperty("role", "rail")
        self._word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._word.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 4)
        column.setSpacing(2)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._word)

    def retranslate(self) -> None:
        word = translate("screens", self._title)
        self._word.setText(word)
        self.setAccessibleName(word)


class Navigation(QFrame):
    """One button for each screen, from top to bottom; F1 is the first.

    Args:
        screens: the table.
    """

    chosen = Signal(str)
    """The key of the screen that somebody wants to see."""

    def __init__(self, parent: QWidget, screens: Sequence[ScreenEntry]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.buttons = {entry.key: _RailButton(self, entry) for entry in screens}
        self._roles = {entry.key: entry.roles for entry in screens}
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(_GAP_PX)
        for number, (key, button) in enumerate(self.buttons.items(), start=1):
            column.addWidget(button)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            shortcut = QShortcut(QKeySequence(f"F{number}"), self)
            shortcut.activated.connect(button.click)
        column.addStretch(1)
        self.setFixedWidth(round(px(parent, TARGET_MM) * 1.4))

    def show_current(self, key: str) -> None:
        """Mark the screen that is in sight."""
        for name, button in self.buttons.items():
            button.setChecked(name == key)

    def show_role(self, role: str | None) -> None:
        """Show the screens that a role may see; all of them while nobody has to sign in."""
        for key, button in self.buttons.items():
            button.setVisible(role is None or role in self._roles[key])

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        for button in self.buttons.values():
            button.retranslate()
