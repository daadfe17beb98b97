"""A question beside the queue: a few answers, or back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.viewmodels.choices import Choice
from ui.widgets.choices import ChoiceGrid
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_MARGINS_PX = (14, 8, 14, 10)


class ChoiceView(QFrame):
    """Asks one thing.

    Args:
        monotonic_s: the clock for touches.
    """

    chosen = Signal(object)
    """The key of the answer."""
    cancelled = Signal()
    """Staff go back without one."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._ask: Callable[[], tuple[str, Sequence[Choice]]] = lambda: ("", ())
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self.choices = ChoiceGrid(self, columns=2, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
        self.choices.chosen.connect(self.chosen)
        self.back = TouchButton(self, monotonic_s=monotonic_s)
        self.back.touched.connect(lambda _: self.cancelled.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS_PX)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._title)
        layout.addWidget(self.choices)
        layout.addStretch(1)
        layout.addWidget(self.back)

    def ask(self, question: Callable[[], tuple[str, Sequence[Choice]]]) -> None:
        """Show a question; it is called again whenever the language changes."""
        self._ask = question
        self.retranslate()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        title, choices = self._ask()
        self._title.setText(title)
        self.choices.show_choices(choices)
        self.back.set_words(translate("typing", "Back"))
