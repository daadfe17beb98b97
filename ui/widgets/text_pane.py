"""Many lines that are the station's own and stay as they are: its log, its settings."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class TextPane(QPlainTextEdit):
    """Shows lines; buttons elsewhere turn its pages, nothing is dragged."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines: Sequence[str] = ()

    def show_lines(self, lines: Sequence[str], *, at_end: bool = False) -> None:
        """Show these lines, from their beginning or at their end."""
        if lines == self._lines:
            return
        self._lines = lines
        self.setPlainText("\n".join(lines))
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum() if at_end else 0)

    def turn(self, pages: int) -> None:
        """Turn so many pages on, or back."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())
