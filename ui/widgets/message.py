"""A message that stays until somebody takes it away."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.texts import translate
from ui.widgets.labels import show_text
from ui.widgets.touch import TouchButton


class MessageBar(QFrame):
    """Says why a command was not carried out."""

    dismissed = Signal()
    """Somebody has read it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._text = QLabel(self)
        self._text.setProperty("role", "caution")
        self._text.setWordWrap(True)
        self.button = TouchButton(self)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 10, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show a message; an empty one hides the bar."""
        show_text(self._text, text)
        self.setVisible(bool(text))

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        self.button.set_words(translate("message", "OK"))
