"""The second check: the queue, the selected case, and travellers who were not measured."""

from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.cases import CaseState
from ui.texts import translate
from ui.viewmodels import CaseDetail, CaseRow, PassageRow, ReadingRow
from ui.widgets.rows import RowButton, fill_rows
from ui.widgets.touch import PRIMARY_MM, TouchButton

_GAP_PX = 8
_MOST_CASES, _MOST_READINGS, _MOST_MISSED = 5, 1, 3


class CaseView(QWidget):
    """Everything staff do with a flagged traveller; it only shows and asks."""

    case_chosen = Signal(object)
    """The operator goes to this case (UUID)."""
    reading_attached = Signal(object)
    """The operator names this reading (UUID) for the selected case."""
    verdict_given = Signal(object)
    """The operator's verdict (CaseState) for the selected case."""
    check_asked = Signal(object)
    """The operator checks the traveller of this passage (UUID) by hand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._reading_ids: list[UUID] = []
        self._queue_title = _title(self)
        self._queue = [RowButton(self, is_checkable=True) for _ in range(_MOST_CASES)]
        for row in self._queue:
            row.chosen.connect(self.case_chosen)
        self._missed_title = _title(self)
        self._missed = [RowButton(self) for _ in range(_MOST_MISSED)]
        for row in self._missed:
            row.chosen.connect(self.check_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP_PX)
        layout.addWidget(self._queue_title)
        for row in self._queue:
            layout.addWidget(row)
        self._panel = self._build_detail()
        layout.addWidget(self._panel, 1)
        layout.addWidget(self._missed_title)
        for row in self._missed:
            layout.addWidget(row)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many rows as the height allows: two cases and one passage at the least."""
        super().resizeEvent(event)
        titles = self._queue_title.sizeHint().height() + self._missed_title.sizeHint().height()
        fixed = titles + self._panel.minimumSizeHint().height() + 3 * _GAP_PX
        rows = (event.size().height() - fixed) // (self._queue[0].minimumHeight() + _GAP_PX)
        cases = min(max(2, rows * 5 // 8), _MOST_CASES)
        for i, row in enumerate(self._queue):
            row.setVisible(i < cases)
        for i, row in enumerate(self._missed):
            row.setVisible(i < max(1, rows - cases))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height at which two cases and one passage show."""
        return QSize(super().minimumSizeHint().width(), 0)

    def show_queue(self, rows: list[CaseRow]) -> None:
        """Show the most urgent cases and how many there are."""
        waiting = translate("cases", "Waiting for second check: {0}")
        self._queue_title.setText(waiting.format(len(rows)))
        shown = [(row.case_id, row.outcome, row.title, row.detail, row.is_selected) for row in rows]
        fill_rows(self._queue, shown)

    def show_detail(self, detail: CaseDetail | None, readings: list[ReadingRow]) -> None:
        """Show the selected case and the readings that wait for one."""
        if detail is None:
            self._case_title.setText(translate("cases", "Nobody is waiting"))
            self._findings.setText("")
        else:
            self._case_title.setText(detail.title)
            self._findings.setText(f"{detail.skin}    {detail.readings}")
        self._reading_ids = [row.reading_id for row in readings]
        for i, button in enumerate(self._readings):
            row = readings[i] if i < len(readings) else None
            button.setEnabled(row is not None and row.can_attach and detail is not None)
            button.set_words(self._reading_words(row))
            button.setVisible(row is not None or i == 0)
        for state, button in self._verdicts.items():
            # Somebody may leave at any time; the other verdicts need a second reading.
            needs_reading = state is not CaseState.UNRESOLVED
            button.setEnabled(detail is not None and (detail.can_decide or not needs_reading))

    def show_missed(self, rows: list[PassageRow]) -> None:
        """Show the latest travellers who were not measured."""
        missed = translate("cases", "Not measured, check by hand: {0}")
        self._missed_title.setText(missed.format(len(rows)))
        shown = [(row.passage_id, None, row.title, row.reason, False) for row in rows]
        fill_rows(self._missed, shown)

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        words = {
            CaseState.CONFIRMED: translate("cases", "Confirm fever"),
            CaseState.CLEARED: translate("cases", "Clear"),
            CaseState.UNRESOLVED: translate("cases", "Left / unclear"),
        }
        for state, button in self._verdicts.items():
            button.set_words(words[state])

    def _build_detail(self) -> QFrame:
        panel = QFrame(self)
        panel.setObjectName("panel")
        self._case_title = _title(panel)
        self._findings = QLabel(panel)
        self._readings = [TouchButton(panel, role="primary") for _ in range(_MOST_READINGS)]
        for i, button in enumerate(self._readings):
            button.clicked.connect(lambda _=False, i=i: self._attach(i))
        self._verdicts: dict[CaseState, TouchButton] = {}
        verdicts = QHBoxLayout()
        verdicts.setSpacing(_GAP_PX)
        for state, role in (
            (CaseState.CONFIRMED, "confirm"),
            (CaseState.CLEARED, "clear"),
            (CaseState.UNRESOLVED, ""),
        ):
            button = TouchButton(panel, role=role, height_mm=PRIMARY_MM)
            button.clicked.connect(lambda _=False, s=state: self.verdict_given.emit(s))
            self._verdicts[state] = button
            verdicts.addWidget(button)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(_GAP_PX)
        layout.addWidget(self._case_title)
        layout.addWidget(self._findings)
        layout.addStretch(1)
        for button in self._readings:
            layout.addWidget(button)
        layout.addLayout(verdicts)
        return panel

    def _reading_words(self, row: ReadingRow | None) -> str:
        if row is None:
            return translate("cases", "Measure with the thermometer")
        if not row.can_attach:
            return row.text
        return translate("cases", "Attach {0}").format(row.text)

    def _attach(self, place: int) -> None:
        if place < len(self._reading_ids):
            self.reading_attached.emit(self._reading_ids[place])


def _title(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setProperty("role", "title")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label
