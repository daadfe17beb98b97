"""The header: what must always be in sight."""

import math
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.texts import translate
from ui.theme import NOTICE_COLORS
from ui.viewmodels.notices import Notice
from ui.widgets.touch import TouchButton


class _NoticeLabel(QWidget):
    """A state in colour and words, and below it what it means for staff."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._hint = QLabel(self)
        self._hint.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        for label in (self._text, self._hint):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch(1)
        self._role = ""

    def show_notice(self, notice: Notice) -> None:
        if self._text.text() != notice.text:
            self._text.setText(notice.text)
        if self._hint.text() != notice.hint:
            self._hint.setText(notice.hint)
        self._hint.setVisible(bool(notice.hint))
        if self._role != notice.role:
            self._role = notice.role
            self._text.setStyleSheet(f"color: {NOTICE_COLORS[notice.role]}; font-weight: 600;")


class Header(QFrame):
    """Clock and room, lanes, devices, sources, link, silence, who is signed in, language."""

    lock_asked = Signal()
    """Somebody leaves the kiosk."""
    language_asked = Signal()
    """Somebody wants the other language."""
    silence_asked = Signal()
    """Somebody wants silence for a while, or its end."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._clock = QLabel(self)
        self._clock.setProperty("role", "title")
        self._room = QLabel(self)
        self._room.setProperty("role", "quiet")
        self._rehearsal = QLabel(self)
        self._rehearsal.setProperty("role", "caution small")
        self._notices = [_NoticeLabel(self) for _ in range(4)]
        self.silence, self.language = TouchButton(self), TouchButton(self)
        for button in (self.silence, self.language):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.silence.clicked.connect(self.silence_asked)
        self.language.clicked.connect(self.language_asked)
        self._person = QLabel(self)
        self._person.setProperty("role", "title")
        self.lock = TouchButton(self)
        self.lock.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.lock.clicked.connect(self.lock_asked)
        here = QVBoxLayout()
        here.setSpacing(0)
        here.addStretch(1)
        # Beside the clock: a line of its own would take height from screens that have none left.
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self._clock)
        first.addWidget(self._rehearsal)
        first.addStretch(1)
        here.addLayout(first)
        here.addWidget(self._room)
        here.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 6, 6)
        row.setSpacing(14)
        row.addLayout(here)
        for label in self._notices:
            row.addWidget(label, 1)
        row.addWidget(self.silence)
        row.addWidget(self._person)
        row.addWidget(self.lock)
        row.addWidget(self.language)
        self.show_person("")
        self.show_rehearsal("")

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show the states of lanes, devices, reference sources and link."""
        for label, notice in zip(self._notices, notices, strict=True):
            label.show_notice(notice)

    def show_room(self, text: str) -> None:
        """Show what the station takes the room for."""
        if self._room.text() != text:
            self._room.setText(text)
        self._room.setVisible(bool(text))

    def show_rehearsal(self, text: str) -> None:
        """Show that nothing here is real, as long as that is so."""
        if self._rehearsal.text() != text:
            self._rehearsal.setText(text)
        self._rehearsal.setVisible(bool(text))

    def show_person(self, text: str) -> None:
        """Show who is signed in, and the button that locks; neither while nobody is."""
        if self._person.text() != text:
            self._person.setText(text)
        self._person.setVisible(bool(text))
        self.lock.setVisible(bool(text))

    def show_time(self, now: datetime) -> None:
        """Show the local time."""
        self._clock.setText(f"{now.astimezone():%H:%M:%S}")

    def show_silence(self, left_s: float) -> None:
        """Show how long the silence still lasts, or what a touch does."""
        if left_s:
            minutes, seconds = divmod(math.ceil(left_s), 60)
            words = translate("header", "Silent\n{0}").format(f"{minutes}:{seconds:02d}")
        else:
            words = translate("header", "Mute")
        if self.silence.text() != words:
            self.silence.set_words(words)

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language; the button names the other one."""
        self.language.set_words(translate("header", "中文"))
        self.lock.set_words(translate("header", "Lock"))
