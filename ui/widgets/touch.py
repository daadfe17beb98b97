"""Buttons that a glove can hit, and touches that are meant."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.sizes import TARGET_MM, px

SETTLE_S = 0.5
"""A button that has just come up, or to mean something else, ignores touches for so long."""


def set_role(widget: QWidget, role: str) -> None:
    """Change a widget's role in the style sheet; Qt looks at it again only when told."""
    if role != widget.property("role"):
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class TouchButton(QPushButton):
    """A button that a glove can hit.

    What a button stands for may change under the finger (a list moves on, the next case comes up).
    So `touched` tells the target that was shown when the finger came down, and a target or button
    that has only just appeared is not taken: nobody can have meant it. Gloves often touch twice.

    Args:
        role: confirm, clear, primary, or empty.
        height_mm: its height.
        monotonic_s: the clock for settling.
    """

    touched = Signal(object)
    """Pressed and released; carries the target."""

    def __init__(
        self,
        parent: QWidget,
        *,
        role: str = "",
        height_mm: float = TARGET_MM,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._monotonic_s = monotonic_s
        self._target: object = None
        self._held: object = None
        self._changed_s = float("-inf")
        self._is_meant = False
        self.setProperty("role", role)
        self.setMinimumHeight(px(parent, height_mm))
        self.setMinimumWidth(px(parent, TARGET_MM))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The frame that shows a keyboard's place would look like a choice to whoever touches.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pressed.connect(self._on_pressed)
        self.clicked.connect(self._on_clicked)

    def set_target(self, target: object) -> None:
        """Say what a touch is about from now on."""
        if target != self._target:
            self._target = target
            self._changed_s = self._monotonic_s()

    def set_words(self, text: str) -> None:
        """Show a text and say it to screen readers."""
        self.setText(text)
        self.setAccessibleName(text.replace("\n", " "))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Give away what no keyboard has brought: a page that comes up picks its first button."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.OtherFocusReason:
            self.window().setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ignore the second touch of a glove that brought this button under it."""
        super().showEvent(event)
        if not event.spontaneous():
            self._changed_s = self._monotonic_s()

    def _on_pressed(self) -> None:
        self._held = self._target
        self._is_meant = self._monotonic_s() - self._changed_s >= SETTLE_S

    def _on_clicked(self) -> None:
        if self._is_meant:
            self.touched.emit(self._held)
