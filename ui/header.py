"""The header: what must always be in sight."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.texts import translate
from ui.theme import NOTICE_COLORS
from ui.viewmodels import Notice
from ui.widgets.touch import TouchButton


class Header(QFrame):
    """Title, devices, reference source, link, clock, language."""

    language_asked = Signal()
    """Somebody wants the other language."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._notices = [QLabel(self) for _ in range(3)]
        self._clock = QLabel(self)
        self._clock.setProperty("role", "title")
        self._language = TouchButton(self)
        self._language.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._language.clicked.connect(self.language_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 10, 6)
        row.setSpacing(22)
        row.addWidget(self._title)
        row.addStretch(1)
        for label in self._notices:
            row.addWidget(label)
        row.addStretch(1)
        row.addWidget(self._clock)
        row.addWidget(self._language)

    def set_notices(self, devices: Notice, reference: Notice, link: Notice) -> None:
        """Show the three states."""
        for label, notice in zip(self._notices, (devices, reference, link), strict=True):
            if label.text() != notice.text:
                label.setText(notice.text)
            label.setStyleSheet(f"color: {NOTICE_COLORS[notice.role]}; font-weight: 600;")

    def set_time(self, now: datetime) -> None:
        """Show the local time."""
        self._clock.setText(f"{now.astimezone():%H:%M:%S}")

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language; the button names the other one."""
        self._title.setText(translate("header", "Fever screening"))
        self._language.set_words(translate("header", "中文"))
