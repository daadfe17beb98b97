"""Choosing one of many, each on a button of its own: no list to scroll."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.entering.searching import Choice
from ui.sizes import TARGET_MM, px
from ui.texts import translate
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_COLUMNS = 3
_ROWS = 5


class ChoosingView(QWidget):
    """A title, the choices, and the way back.

    Args:
        monotonic_s: the clock for touches.
    """

    chosen = Signal(object)
    """The value of the choice that was touched."""
    typing_asked = Signal()
    """Staff would rather type."""
    cancelled = Signal()
    """Staff go back without a choice."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._choices: Sequence[Choice] = ()
        self._page = 0
        self._current: object = None
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.buttons = [TouchButton(self, monotonic_s=monotonic_s) for _ in range(_COLUMNS * _ROWS)]
        self.cancel = TouchButton(self, monotonic_s=monotonic_s)
        self.more = TouchButton(self, monotonic_s=monotonic_s)
        self.typing = TouchButton(self, monotonic_s=monotonic_s)
        for button in self.buttons:
            button.setCheckable(True)
            button.touched.connect(self._on_choice)
        self.cancel.touched.connect(lambda _: self.cancelled.emit())
        self.more.touched.connect(self._turn)
        self.typing.touched.connect(lambda _: self.typing_asked.emit())
        self._lay_out()

    def begin(self, title: str, choices: Sequence[Choice], current: object, typing: str) -> None:
        """Offer choices.

        Args:
            title: what they are about.
            choices: from left to right, then down.
            current: the value that holds now.
            typing: the words of the way to type instead; empty offers none.
        """
        self._choices, self._current, self._page = choices, current, 0
        self._title.setText(title)
        self.typing.setVisible(bool(typing))
        if typing:
            self.typing.set_words(typing)
        self._show()

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        self.cancel.set_words(translate("choosing", "Back"))
        self._show()

    def _on_choice(self, choice: object) -> None:
        if isinstance(choice, Choice):
            self.chosen.emit(choice.value)

    def _turn(self, _: object) -> None:
        self._page += 1
        self._show()

    def _show(self) -> None:
        room = len(self.buttons)
        pages = max(1, -(-len(self._choices) // room))
        self._page %= pages
        shown = self._choices[self._page * room : (self._page + 1) * room]
        for place, button in enumerate(self.buttons):
            choice = shown[place] if place < len(shown) else None
            button.setVisible(choice is not None)
            button.set_target(choice)
            if choice is not None:
                button.set_words(choice.words)
                button.setChecked(choice.value == self._current)
        self.more.setVisible(pages > 1)
        self.more.set_words(translate("choosing", "More {0}/{1}").format(self._page + 1, pages))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GAP_PX)
        for place, button in enumerate(self.buttons):
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, px(self, TARGET_MM))
        ends = QHBoxLayout()
        ends.setSpacing(GAP_PX)
        for button in (self.cancel, self.typing, self.more):
            ends.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._title)
        layout.addLayout(grid)
        layout.addStretch(1)
        layout.addLayout(ends)
