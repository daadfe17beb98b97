"""A screen whose lines can be written by touch: touching one opens the page of keys over it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from ui.language import Language
from ui.views.writing import WritingView


@dataclass(frozen=True, slots=True)
class _Offered:
    line: QLineEdit
    may_be_chinese: bool
    has_capitals: bool


class WritingPages(QStackedWidget):
    """Holds a screen's content and, in its place, the keys.

    Args:
        language: the kiosk's.
        monotonic_s: the clock for touches.
    """

    def __init__(
        self, parent: QWidget, language: Language, monotonic_s: Callable[[], float]
    ) -> None:
        super().__init__(parent)
        self._language = language
        self.content = QWidget(self)
        """What the screen lays out."""
        self.view = WritingView(self, monotonic_s)
        self._offered: list[_Offered] = []
        self._at: _Offered | None = None
        self.addWidget(self.content)
        self.addWidget(self.view)
        self.view.written.connect(self._on_written)
        self.view.done.connect(self.leave)
        self.view.next_wanted.connect(self._on_next)

    @property
    def is_open(self) -> bool:
        """Whether a line is being written."""
        return self._at is not None

    def offer(
        self, line: QLineEdit, *, may_be_chinese: bool = True, has_capitals: bool = False
    ) -> None:
        """Let a line be written by touch; lines follow each other as they are offered.

        Args:
            line: the line; its accessible name is its title.
            may_be_chinese: whether a Chinese kiosk begins with pinyin.
            has_capitals: whether Latin letters are capitals, as in passports.
        """
        self._offered.append(_Offered(line, may_be_chinese, has_capitals))
        line.installEventFilter(self)

    def retranslate(self) -> None:
        """Show the words in the kiosk's language; the lines must have their names already."""
        self.view.retranslate()
        if self._at is not None:
            self._name(self._at)

    def leave(self) -> None:
        """Show the content; the keys keep nothing of what was written."""
        self._at = None
        self.view.forget()
        self.setCurrentWidget(self.content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Open the keys when a line is touched."""
        if event.type() == QEvent.Type.MouseButtonPress:
            for offered in self._offered:
                if offered.line is watched and offered.line.isEnabled():
                    self._open(offered)
                    return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget the line whenever the screen leaves the sight."""
        self.leave()
        super().hideEvent(event)

    def _open(self, offered: _Offered) -> None:
        self._at = offered
        self._name(offered)
        line = offered.line
        self.setCurrentWidget(self.view)
        is_chinese = offered.may_be_chinese and self._language.name == "zh"
        self.view.begin(
            line.text(), line.maxLength(), is_chinese=is_chinese, has_capitals=offered.has_capitals
        )

    def _name(self, offered: _Offered) -> None:
        has_next = self._following(offered) is not None
        self.view.name_line(offered.line.accessibleName(), has_next=has_next)

    def _following(self, offered: _Offered) -> _Offered | None:
        rest = self._offered[self._offered.index(offered) + 1 :]
        return next((one for one in rest if one.line.isEnabled() and not one.line.isHidden()), None)

    def _on_written(self, text: str) -> None:
        if self._at is not None:
            self._at.line.setText(text)

    def _on_next(self) -> None:
        following = self._following(self._at) if self._at is not None else None
        if following is not None:
            self._open(following)
