"""The rail of the kiosk's screens: a sign and a word each, one touch or one function key away."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.screens.table import ScreenEntry
from ui.sizes import TARGET_MM, px
from ui.texts import translate
from ui.theme import TEXT
from ui.widgets.fitting import FittingLabel
from ui.widgets.pictogram import Pictogram
from ui.widgets.touch import TouchButton

_GAP_PX, _MARGIN_PX = 4, 6
_FUNCTION_KEYS = 12


def shortcut(place: int) -> str:
    """Return the key of the screen in this place of the table, from 0 on.

    Keyboards end at F12; the shift key leads on.
    """
    page, key = divmod(place, _FUNCTION_KEYS)
    return f"{'Shift+' * page}F{key + 1}"


class _RailButton(TouchButton):
    """One screen's button; it stays down while its screen is in sight."""

    def __init__(self, parent: QWidget, entry: ScreenEntry) -> None:
        super().__init__(parent, role="rail")
        self.setCheckable(True)
        self._title = entry.title
        side_px = px(parent, TARGET_MM)
        self._sign = Pictogram(self, entry.pictogram, round(side_px * 0.42), TEXT)
        self._word = FittingLabel(self)
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
    """One button for each screen, from top to bottom; F1 is the first, Shift+F1 the thirteenth.

    If there is not room for all, the last place turns the page.

    Args:
        screens: the table.
    """

    chosen = Signal(str)
    """The key of the screen that somebody wants to see."""

    def __init__(self, parent: QWidget, screens: Sequence[ScreenEntry]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.buttons = {entry.key: _RailButton(self, entry) for entry in screens}
        self._screens = screens
        self._open_keys = [entry.key for entry in screens if not entry.is_for_rehearsals]
        self._page = 0
        self.more = TouchButton(self, role="rail")
        self.more.clicked.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(_MARGIN_PX,) * 4)
        column.setSpacing(_GAP_PX)
        for place, (key, button) in enumerate(self.buttons.items()):
            column.addWidget(button)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            button.setAccessibleDescription(shortcut(place))
            keys = QShortcut(QKeySequence(shortcut(place)), self)
            keys.activated.connect(lambda key=key: self._on_key(key))
        column.addWidget(self.more)
        column.addStretch(1)
        self.setFixedWidth(round(px(parent, TARGET_MM) * 1.4))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height at which the pages decide how many buttons show."""
        return QSize(self.minimumWidth(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many buttons as there is room for."""
        super().resizeEvent(event)
        self._show()

    def show_current(self, key: str) -> None:
        """Mark the screen that is in sight, and turn to its page."""
        for name, button in self.buttons.items():
            button.setChecked(name == key)
        if key in self._open_keys:
            self._page = self._open_keys.index(key) // self._capacity(len(self._open_keys))
        self._show()

    def show_open(self, keys: Sequence[str]) -> None:
        """Show these screens alone, in the table's order."""
        self._open_keys = [entry.key for entry in self._screens if entry.key in keys]
        self._page = 0
        self._show()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        for button in self.buttons.values():
            button.retranslate()
        self.more.set_words(translate("screens", "More"))

    def _capacity(self, wanted: int) -> int:
        """Return how many buttons fit on a page; the last place is kept if not all do."""
        height = self.height() - 2 * _MARGIN_PX + _GAP_PX
        places = max(2, height // (self.more.minimumHeight() + _GAP_PX))
        return wanted if wanted <= places else places - 1

    def _turn(self) -> None:
        self._page += 1
        self._show()

    def _on_key(self, key: str) -> None:
        if key in self._open_keys:
            self.chosen.emit(key)

    def _show(self) -> None:
        open_keys = self._open_keys
        capacity = max(1, self._capacity(len(open_keys)))
        self._page %= max(1, -(-len(open_keys) // capacity))
        shown = open_keys[self._page * capacity : (self._page + 1) * capacity]
        for key, button in self.buttons.items():
            button.setVisible(key in shown)
        self.more.setVisible(capacity < len(open_keys))
