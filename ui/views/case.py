"""The second check: the queue, the selected case, and travellers who were not measured."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from station.core.cases import CaseState
from station.core.screening import Outcome
from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.viewmodels.rows import Row
from ui.viewmodels.second_check import CaseDetail, CaseRow, ReadingRow
from ui.viewmodels.watches import PassageRow, passages_title
from ui.widgets.rows import GAP_PX, PagedRows
from ui.widgets.touch import TouchButton

_MOST_CASES, _MOST_READINGS, _MOST_MISSED = 5, 2, 3
_FEWEST_CASES = 2
_PANEL_MARGINS_PX = (14, 8, 14, 10)


class CaseView(QWidget):
    """Everything staff do with a flagged traveller; it only shows and asks.

    Args:
        monotonic_s: the clock for touches.
    """

    case_chosen = Signal(object)
    """The operator goes to this case (UUID)."""
    reading_attached = Signal(object)
    """The operator names readings for a case: (case UUID, their UUIDs)."""
    verdict_given = Signal(object)
    """The operator's verdict: (case UUID, CaseState)."""
    others_asked = Signal(object)
    """The operator looks for a less usual step of a case (UUID)."""
    typing_asked = Signal()
    """The operator wants to type a reading in."""
    check_asked = Signal(object)
    """The operator checks the traveller of this passage (UUID) by hand."""

    def __init__(self, parent: QWidget, monotonic_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._monotonic_s = monotonic_s
        self._queue_title = _title(self)
        self.queue = PagedRows(
            self, capacity=_MOST_CASES, is_checkable=True, monotonic_s=monotonic_s
        )
        self.queue.chosen.connect(self.case_chosen)
        self._missed_title = _title(self)
        self.missed = PagedRows(self, capacity=_MOST_MISSED, monotonic_s=monotonic_s)
        self.missed.chosen.connect(self.check_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._queue_title)
        layout.addWidget(self.queue)
        self._panel = self._build_detail()
        layout.addWidget(self._panel, 1)
        layout.addWidget(self._missed_title)
        layout.addWidget(self.missed)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the height: at the least two cases, one reading and one passage show."""
        super().resizeEvent(event)
        self.share(event.size().height())

    def share(self, height_px: int) -> None:
        """Show as many rows as this height allows."""
        self.queue.set_capacity(_FEWEST_CASES)
        self.readings.set_capacity(1)
        self.missed.set_capacity(1)
        spare = height_px - self._least_px()
        counts = [_FEWEST_CASES, 1, 1]
        lists = (self.queue, self.readings, self.missed)
        most = (_MOST_CASES, _MOST_READINGS, _MOST_MISSED)
        # In the order in which a further row helps most.
        for i in (2, 1, 0, 2, 0, 0):
            if counts[i] < most[i] and spare >= lists[i].row_px:
                counts[i] += 1
                spare -= lists[i].row_px
        for rows, count in zip(lists, counts, strict=True):
            rows.set_capacity(count)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a height at which the rows decide how many of them show."""
        return QSize(super().minimumSizeHint().width(), 0)

    def show_queue(self, rows: list[CaseRow]) -> None:
        """Show the most urgent cases and how many there are."""
        waiting = translate("cases", "Waiting for second check: {0}")
        self._queue_title.setText(waiting.format(len(rows)))
        self.queue.show_rows(
            [
                Row(
                    row.case_id,
                    row.title,
                    row.detail,
                    row.outcome,
                    is_selected=row.is_selected,
                    # Below the threshold only the crowd's hint leads to a second check.
                    is_warm=row.outcome is Outcome.BELOW,
                    picture=row.picture,
                )
                for row in rows
            ]
        )

    def show_detail(
        self, case_id: UUID | None, detail: CaseDetail | None, readings: list[ReadingRow]
    ) -> None:
        """Show the selected case and the readings that wait for one."""
        if detail is None:
            self._case_title.setText(translate("cases", "Nobody is waiting"))
            self._findings.setText(
                translate("cases", "Flagged travellers appear here:\nstop them, measure twice")
            )
        else:
            self._case_title.setText(detail.title)
            self._findings.setText(f"{detail.skin}\n{detail.readings}")
        rows = [
            Row((case_id, row.reading_ids), row.title, row.detail, is_enabled=row.can_attach)
            for row in readings
        ]
        self.readings.show_rows(rows or [self._no_reading()])
        may = {
            CaseState.CONFIRMED: detail is not None and detail.can_confirm,
            CaseState.CLEARED: detail is not None and detail.can_clear,
        }
        for state, button in self.verdicts.items():
            button.setEnabled(may[state])
            button.set_target((case_id, state))
        self.others.setEnabled(detail is not None and detail.can_act)
        self.others.set_target(case_id)

    def show_missed(self, rows: list[PassageRow]) -> None:
        """Show the travellers whom staff should measure."""
        self._missed_title.setText(passages_title(rows))
        action = translate("cases", "Check\nby hand")
        self.missed.show_rows(
            [
                Row(
                    row.passage_id,
                    row.title,
                    row.reason,
                    Outcome.BELOW if row.is_warm else None,
                    action=action,
                    is_enabled=row.can_check,
                    is_warm=row.is_warm,
                )
                for row in rows
            ]
        )

    def retranslate(self) -> None:
        """Show the fixed words in the kiosk's language."""
        words = {
            CaseState.CONFIRMED: translate("cases", "Confirm\nfever"),
            CaseState.CLEARED: translate("cases", "Clear"),
        }
        for state, button in self.verdicts.items():
            button.set_words(words[state])
        self.type_in.set_words(translate("cases", "Type\nit in"))
        self.others.set_words(translate("cases", "Other\nsteps"))

    def _build_detail(self) -> QFrame:
        panel = QFrame(self)
        panel.setObjectName("panel")
        self._case_title = _title(panel)
        self._findings = QLabel("\n", panel)
        self.readings = PagedRows(
            panel,
            capacity=_MOST_READINGS,
            role="primary",
            height_mm=PRIMARY_MM,
            monotonic_s=self._monotonic_s,
        )
        self.readings.chosen.connect(self.reading_attached)
        self.type_in = TouchButton(panel, height_mm=PRIMARY_MM, monotonic_s=self._monotonic_s)
        self.type_in.touched.connect(lambda _: self.typing_asked.emit())
        self.type_in.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        readings = QHBoxLayout()
        readings.setSpacing(GAP_PX)
        readings.addWidget(self.readings, 1)
        readings.addWidget(self.type_in, 0, Qt.AlignmentFlag.AlignTop)
        self.verdicts: dict[CaseState, TouchButton] = {}
        verdicts = QHBoxLayout()
        verdicts.setSpacing(GAP_PX)
        for state, role in ((CaseState.CONFIRMED, "confirm"), (CaseState.CLEARED, "clear")):
            button = TouchButton(
                panel, role=role, height_mm=PRIMARY_MM, monotonic_s=self._monotonic_s
            )
            button.touched.connect(self.verdict_given)
            self.verdicts[state] = button
            verdicts.addWidget(button)
        self.others = TouchButton(panel, height_mm=PRIMARY_MM, monotonic_s=self._monotonic_s)
        self.others.touched.connect(self.others_asked)
        verdicts.addWidget(self.others)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(*_PANEL_MARGINS_PX)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self._case_title)
        layout.addWidget(self._findings)
        layout.addStretch(1)
        layout.addLayout(readings)
        layout.addLayout(verdicts)
        return panel

    def _no_reading(self) -> Row:
        title = translate("cases", "Take a second reading")
        return Row(None, title, translate("cases", "its reading appears here"), is_enabled=False)

    def _least_px(self) -> int:
        """Return the height that the fewest rows need."""
        titles = self._queue_title.sizeHint().height() + self._missed_title.sizeHint().height()
        rows = _FEWEST_CASES * self.queue.row_px + self.missed.row_px
        panel = self._case_title.sizeHint().height() + self._findings.sizeHint().height()
        panel += self.readings.row_px + self.verdicts[CaseState.CLEARED].minimumHeight()
        # Gaps: below both titles and the panel; in the panel below title, findings and stretch.
        return titles + rows + panel + sum(_PANEL_MARGINS_PX[1::2]) + 6 * GAP_PX


def _title(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setProperty("role", "title")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label
