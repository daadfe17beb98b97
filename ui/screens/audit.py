"""The audit trail: who did what, whether it is whole, and a file of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from station.core.audit import AuditKind, AuditRow, TrailFilter, TrailVerdict
from station.core.events import Event
from station.core.people_commands import ReadAudit
from station.core.people_events import AuditPage, SessionChanged
from station.core.questions import AuditVerified, ExportAudit, VerifyAudit, WorkProgress, WorkState
from ui.asking import Asking, problem_text
from ui.desk import Answer, Desk
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM, TARGET_MM, px
from ui.texts import translate
from ui.viewmodels.audit import kind_rows, step_rows, step_text, verdict_notice
from ui.viewmodels.notices import Notice
from ui.views.writing_pages import WritingPages
from ui.widgets.banner import Banner
from ui.widgets.filling import FillingRows
from ui.widgets.labels import show_text
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_MOST_ROWS = 9
_PAGE = 40
_LONGEST_TEXT = 40
# Chosen: somebody who types is not searched for after every letter.
_TYPING_MS = 400
_MARGINS_PX = (14, 8, 14, 8)


class AuditScreen(Screen):
    """Kinds of steps on the left, the steps on the right, one of them below in full."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._kind: AuditKind | None = None
        self._rows: tuple[AuditRow, ...] = ()
        self._is_last = True
        self._selected: int | None = None
        self._verdict: TrailVerdict | None = None
        self._note: Notice | None = None
        self._reading, self._working = Asking(desk), Asking(desk)
        monotonic_s = desk.clock.monotonic_s
        self.kinds = FillingRows(self, most=_MOST_ROWS, monotonic_s=monotonic_s)
        self.kinds.chosen.connect(self._on_kind)
        self.steps = FillingRows(self, most=_MOST_ROWS, monotonic_s=monotonic_s)
        self.steps.chosen.connect(self._on_step)
        self.text = QLineEdit(self)
        self.text.setMaxLength(_LONGEST_TEXT)
        self.text.setMinimumHeight(px(self, TARGET_MM))
        self.writing = WritingPages(self, desk.language, monotonic_s)
        self.writing.offer(self.text, may_be_chinese=False)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._read_anew)
        self.text.textChanged.connect(lambda _: self._typing.start())
        self.verify = self._button(self._on_verify, role="primary", height_mm=PRIMARY_MM)
        self.export = self._button(self._on_export, height_mm=PRIMARY_MM)
        self.older = self._button(self._on_older, height_mm=PRIMARY_MM)
        self._banner = Banner(self)
        self._full = QLabel(self)
        self._full.setWordWrap(True)
        self._lay_out()

    def take(self, event: Event) -> None:
        """Read anew when somebody else has signed in: what is refused to one is told to another."""
        if isinstance(event, SessionChanged):
            self.writing.leave()
            self.renew()

    def renew(self) -> None:
        """Forget what the station told before."""
        self._reading.forget()
        self._working.forget()
        self._rows, self._selected, self._verdict, self._note = (), None, None, None

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        self.verify.set_words(translate("audit", "Verify"))
        self.export.set_words(translate("audit", "Export"))
        self.older.set_words(translate("audit", "Older"))
        hint = translate("audit", "Search: who, case, word")
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(hint)
        self.writing.retranslate()
        self._note = None
        self._show()

    def refresh(self, now: datetime) -> None:
        """Read the first page when nothing was read yet."""
        is_free = self.desk.model.may(ReadAudit) and not self._reading.is_waiting
        if is_free and self._reading.asked_s == float("-inf"):
            self._read_anew()
        self._show()

    def _wanted(self) -> TrailFilter:
        return TrailFilter(self._kind, self.text.text().strip())

    def _read_anew(self) -> None:
        self._selected = None
        self._read(None)

    def _read(self, before: int | None) -> None:
        if self.desk.model.may(ReadAudit):
            self._reading.ask(ReadAudit(uuid4(), before, _PAGE, self._wanted()), self._on_page)

    def _on_page(self, answer: Answer) -> None:
        if isinstance(answer, AuditPage):
            self._rows, self._is_last = answer.rows, answer.is_last
        else:
            self._say_problem(answer)
        self._show()

    def _on_kind(self, kind: object) -> None:
        self._kind = kind if isinstance(kind, AuditKind) else None
        self._read_anew()
        self._show()

    def _on_step(self, number: object) -> None:
        self._selected = number if isinstance(number, int) else None
        self._show()

    def _on_older(self) -> None:
        # From the end the way leads back to the newest.
        self._read(None if self._is_last or not self._rows else self._rows[-1].number)

    def _on_verify(self) -> None:
        self._verdict = None
        self._note = Notice(translate("audit", "Recomputing the chain…"), "caution")
        self._working.ask(VerifyAudit(uuid4()), self._on_work)
        self._show()

    def _on_export(self) -> None:
        self._note = Notice(translate("audit", "Writing the file…"), "caution")
        self._working.ask(ExportAudit(uuid4(), self._wanted()), self._on_work)
        self._show()

    def _on_work(self, answer: Answer) -> None:
        if isinstance(answer, AuditVerified):
            self._verdict, self._note = answer.verdict, None
        elif isinstance(answer, WorkProgress) and answer.state is WorkState.DONE:
            words = translate("audit", "{0} rows written into {1}")
            self._note = Notice(words.format(answer.done, answer.file), "good")
        else:
            self._say_problem(answer)
        self._show()

    def _say_problem(self, answer: Answer) -> None:
        otherwise = translate("audit", "Not done: try again, or tell a technician")
        self._note = Notice(problem_text(answer, otherwise), "caution")

    def _show(self) -> None:
        self.kinds.show_rows(kind_rows(self._kind))
        self.steps.show_rows(step_rows(self._rows, self._selected))
        self._banner.show_notice(self._note or verdict_notice(self._verdict))
        chosen = next((row for row in self._rows if row.number == self._selected), None)
        text = step_text(chosen) if chosen else translate("audit", "Touch a step to see all of it.")
        show_text(self._full, text)
        is_free = not self._working.is_waiting
        self.verify.setEnabled(is_free and self.desk.model.may(VerifyAudit))
        self.export.setEnabled(is_free and self.desk.model.may(ExportAudit))
        self.older.setEnabled(bool(self._rows) and self.desk.model.may(ReadAudit))

    def _button(
        self, on_touch: Callable[[], None], *, height_mm: float, role: str = ""
    ) -> TouchButton:
        button = TouchButton(
            self, role=role, height_mm=height_mm, monotonic_s=self.desk.clock.monotonic_s
        )
        button.touched.connect(lambda _: on_touch())
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.verify, self.export, self.older):
            buttons.addWidget(button)
        panel = QFrame(self)
        panel.setObjectName("panel")
        full = QVBoxLayout(panel)
        full.setContentsMargins(*_MARGINS_PX)
        full.addWidget(self._full)
        right = QVBoxLayout()
        right.addWidget(self._banner)
        right.addWidget(self.text)
        right.addWidget(self.steps, 1)
        right.addWidget(panel)
        right.addLayout(buttons)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(self.writing)
        body = QHBoxLayout(self.writing.content)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.kinds, 2)
        body.addLayout(right, 5)
        for spaced in (buttons, right, body):
            spaced.setSpacing(GAP_PX)
