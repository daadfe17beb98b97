"""A grid of answers, each one touch away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.sizes import TARGET_MM
from ui.viewmodels.choices import Choice
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton, set_role


@dataclass(frozen=True, slots=True)
class _Target:
    """What a touch means: a mark that has just been set is not taken away by a second touch."""

    about: object
    key: object
    is_chosen: bool | None


class ChoiceGrid(QWidget):
    """Choices in rows of equal width; which ones may change at any time.

    Args:
        columns: how many stand side by side, unless `show_choices` says otherwise.
        height_mm: of each.
        monotonic_s: the clock for touches.
    """

    chosen = Signal(object)
    """The key of the choice that was touched."""

    def __init__(
        self,
        parent: QWidget,
        *,
        columns: int,
        height_mm: float = TARGET_MM,
        monotonic_s: Callable[[], float],
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._height_mm = height_mm
        self._monotonic_s = monotonic_s
        self._buttons: list[TouchButton] = []
        self._shown: tuple[int, Sequence[Choice]] = columns, ()
        self._about: object = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def button(self, key: object) -> TouchButton:
        """Return the button of a choice on show.

        Raises:
            KeyError: if there is none.
        """
        for choice, button in zip(self._shown[1], self._buttons, strict=False):
            if choice.key == key:
                return button
        raise KeyError(key)

    @property
    def keys(self) -> list[object]:
        """The keys of the choices on show, in order."""
        return [choice.key for choice in self._shown[1]]

    def show_choices(
        self, choices: Sequence[Choice], columns: int | None = None, about: object = None
    ) -> None:
        """Show these choices.

        Args:
            choices: in order.
            columns: how many stand side by side, if it changes.
            about: what is asked; the same answer to another question is another answer.
        """
        shown = columns or self._columns, list(choices)
        if shown == self._shown and about == self._about:
            return
        self._about = about
        if shown[0] != self._shown[0]:
            self._columns = shown[0]
            for button in self._buttons:
                self._grid.removeWidget(button)
            for i, button in enumerate(self._buttons):
                self._grid.addWidget(button, i // self._columns, i % self._columns)
        self._shown = shown
        while len(self._buttons) < len(choices):
            self._add()
        for i, button in enumerate(self._buttons):
            button.setVisible(i < len(choices))
            if i < len(choices):
                _show(button, choices[i], about)

    def _on_touched(self, target: _Target) -> None:
        # A finger may come down at one question and up at the next one.
        if target.about == self._about:
            self.chosen.emit(target.key)

    def _add(self) -> None:
        button = TouchButton(self, height_mm=self._height_mm, monotonic_s=self._monotonic_s)
        button.touched.connect(self._on_touched)
        place = len(self._buttons)
        self._grid.addWidget(button, place // self._columns, place % self._columns)
        self._buttons.append(button)


def _show(button: TouchButton, choice: Choice, about: object) -> None:
    button.set_target(_Target(about, choice.key, choice.is_chosen))
    button.setCheckable(choice.is_chosen is not None)
    button.setChecked(bool(choice.is_chosen))
    button.set_words((f"{choice.mark} " if choice.is_chosen else "") + choice.words)
    set_role(button, choice.role)
    button.setEnabled(choice.is_enabled)
