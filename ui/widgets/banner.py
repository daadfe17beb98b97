"""A banner that stays as long as what it tells is true."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui.viewmodels.notices import Notice
from ui.widgets.touch import set_role


class Banner(QFrame):
    """Says what is wrong and what to do; hidden while nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 8, 18, 8)
        row.addWidget(self._text)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or hide."""
        if notice is not None and notice.text != self._text.text():
            self._text.setText(notice.text)
            set_role(self._text, notice.role)
        self.setVisible(notice is not None)
