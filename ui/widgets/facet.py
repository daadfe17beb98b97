"""A button that says what is asked about, and what is chosen."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton

from ui.sizes import TARGET_MM, px
from ui.widgets.touch import TouchButton

_PADDING_PX = 2 * (14 + 2) + 2


class FacetButton(TouchButton):
    """Two lines, what and which; a choice too long for the button is shortened, but said whole."""

    _title = ""
    _value = ""

    def show_choice(self, title: str, value: str) -> None:
        """Show what is chosen."""
        self._title, self._value = title, value
        self.setAccessibleName(f"{title}: {value}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the words to the new width."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least that a glove hits: the words adapt themselves."""
        return QSize(px(self, TARGET_MM), px(self, TARGET_MM))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same for every button, so that they share a row evenly."""
        return self.minimumSizeHint()

    def _fit(self) -> None:
        room = self.width() - _PADDING_PX
        shown = self.fontMetrics().elidedText(self._value, Qt.TextElideMode.ElideRight, room)
        QPushButton.setText(self, f"{self._title}\n{shown}")
