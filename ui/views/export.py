"""Writing what was found into a file: as what, how far it is, and the way to end it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.questions import TableFormat, WorkProgress, is_last
from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.viewmodels.charts import Line
from ui.viewmodels.found import progress_words, share_done
from ui.widgets.charts import LineBar
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_MARGINS_PX = (14, 8, 14, 10)


class ExportView(QFrame):
    """Offers the formats; while a file is written, its progress and the way to end it.

    Args:
        monotonic_s: the clock for touches.
    """

    asked = Signal(object)
    """The TableFormat that somebody wants."""
    ended = Signal()
    """Somebody ends the export that runs."""
    cancelled = Signal()
    """Staff go back; what is being written is written on."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._progress: WorkProgress | None = None
        self._problem = ""
        self._is_asked = False
        self._title, self._what, self._how_far = (QLabel(self) for _ in range(3))
        self._title.setProperty("role", "title")
        for label in (self._what, self._how_far):
            label.setWordWrap(True)
        self._what.setProperty("role", "quiet")
        self._bar = LineBar(self)
        self.forms = {
            form: TouchButton(self, role="primary", height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
            for form in TableFormat
        }
        for form, button in self.forms.items():
            button.set_target(form)
            button.touched.connect(self.asked)
        self.end = TouchButton(self, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
        self.end.touched.connect(lambda _: self.ended.emit())
        self.cancel = TouchButton(self, monotonic_s=monotonic_s)
        self.cancel.touched.connect(lambda _: self.cancelled.emit())
        self._lay_out()
        self.retranslate()

    @property
    def is_running(self) -> bool:
        """Whether a file is being written."""
        return self._progress is not None and not is_last(self._progress)

    @property
    def brief(self) -> str:
        """How far it is, or what is offered, for a button."""
        if self._progress is not None and self.is_running:
            return f"{share_done(self._progress):.0%}"
        return ", ".join(form.upper() for form in TableFormat)

    def show_wanted(self, words: str) -> None:
        """Say which passages the next export will write."""
        self._what.setText(words)

    def show_progress(self, progress: WorkProgress | None) -> None:
        """Show how far the export is; None before one was begun."""
        self._progress, self._problem, self._is_asked = progress, "", False
        self._show()

    def show_asked(self, words: str) -> None:
        """Say that the station was asked: until it answers nothing else can be."""
        self._progress, self._problem, self._is_asked = None, words, True
        self._show()

    def show_problem(self, words: str) -> None:
        """Say why nothing is written."""
        self._progress, self._problem, self._is_asked = None, words, False
        self._show()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self._title.setText(translate("export", "Write passages into a file, without identity"))
        for form, button in self.forms.items():
            button.set_words(form.upper())
        self.end.set_words(translate("export", "Cancel the export"))
        self.cancel.set_words(translate("export", "Back"))
        self._show()

    def _show(self) -> None:
        progress, is_running = self._progress, self.is_running
        for button in self.forms.values():
            button.setVisible(not is_running)
            button.setEnabled(not self._is_asked)
        self.end.setVisible(is_running)
        self._bar.setVisible(progress is not None)
        if progress is not None:
            share = share_done(progress)
            self._bar.show_line(Line(translate("export", "Written"), f"{share:.0%}", share))
        words = self._problem if progress is None else progress_words(progress)
        self._how_far.setText(words)
        self._how_far.setVisible(bool(words))

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(GAP_PX)
        for button in (*self.forms.values(), self.end):
            choices.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS_PX)
        layout.setSpacing(GAP_PX)
        for widget in (self._title, self._what, self._bar, self._how_far):
            layout.addWidget(widget)
        layout.addLayout(choices)
        layout.addStretch(1)
        layout.addWidget(self.cancel)
