"""What came by, counted: temperatures, flags, reasons, second checks and false alarms."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from station.core.cases import ClearCause
from station.core.events import Event
from station.core.people_events import SessionChanged
from station.core.questions import AskStatistics, StatisticsCounted
from station.core.statistics import Statistics
from ui.asking import Asking, problem_text
from ui.desk import Answer, Desk
from ui.entering.periods import PERIODS, Period, since
from ui.screens.base import Screen
from ui.texts import say, shortened, translate
from ui.viewmodels.figures import (
    MOST_CAMERAS,
    MOST_LINES,
    cameras_chart,
    causes_chart,
    flags_chart,
    headline,
    hours_chart,
    reasons_chart,
    skin_chart,
    verdicts_chart,
)
from ui.widgets.charts import ColumnChartView, LineChartView
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_ANEW_AFTER_S = 60.0
_VERDICTS = 4


class StatisticsScreen(Screen):
    """Two pages of charts for a stretch of time, of all cameras or one."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        self._period = Period.TODAY
        self._camera: str | None = None
        self._cameras: tuple[str, ...] = ()
        self._asking = Asking(desk)
        self._made: Statistics | None = None
        self._problem = ""
        self.periods = {period: self._button(period, self._on_period) for period in Period}
        self.camera = self._button(None, self._on_camera)
        self.turn = self._button(None, self._on_turn)
        self._headline = QLabel(self)
        self._headline.setProperty("role", "quiet")
        self._pages = QStackedWidget(self)
        self._build_charts()
        self._lay_out()

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        for period, button in self.periods.items():
            button.set_words(say(PERIODS, period))
        self._show()

    def refresh(self, now: datetime) -> None:
        """Ask when there is nothing to show yet, or it has become old."""
        age_s = self.desk.clock.monotonic_s() - self._asking.asked_s
        is_free = self.desk.model.loss is None and not self._asking.is_waiting
        if is_free and age_s >= _ANEW_AFTER_S:
            self._ask()

    def take(self, event: Event) -> None:
        """Ask anew when somebody else has signed in: what is refused to one is told to another."""
        if isinstance(event, SessionChanged):
            self.renew()

    def renew(self) -> None:
        """Ask anew: the station answers again."""
        self._asking.forget()

    def _ask(self) -> None:
        command = AskStatistics(
            uuid4(), since(self._period, self.desk.clock.now()), None, self._camera
        )
        self._asking.ask(command, self._on_answer)
        self._show()

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, StatisticsCounted):
            self._made, self._problem = answer.statistics, ""
            self._cameras = tuple({*self._cameras, *answer.statistics.cameras})
        else:
            otherwise = translate("statistics", "The figures could not be counted: try again")
            self._problem = problem_text(answer, otherwise)
        self._show()

    def _show(self) -> None:
        for period, button in self.periods.items():
            button.setChecked(period is self._period)
        everybody = translate("statistics", "All cameras")
        self.camera.set_words(shortened(self._camera) if self._camera else everybody)
        is_checks = self._pages.currentIndex() == 1
        self.turn.set_words(
            translate("statistics", "Show passages")
            if is_checks
            else translate("statistics", "Show second checks")
        )
        self._headline.setText(self._said())
        if self._made is not None:
            for columns, make_columns in self._columns.items():
                columns.show_chart(make_columns(self._made))
            for lines, make_lines in self._lines.items():
                lines.show_chart(make_lines(self._made))
        self._pages.setVisible(self._made is not None)

    def _said(self) -> str:
        if self._asking.is_waiting:
            return translate("statistics", "Counting…")
        if self._problem or self._made is None:
            return self._problem
        return headline(self._made)

    def _on_period(self, period: object) -> None:
        if isinstance(period, Period):
            self._period = period
            self._ask()

    def _on_camera(self, _: object) -> None:
        names = [None, *sorted(self._cameras)]
        here = names.index(self._camera) if self._camera in names else 0
        self._camera = names[(here + 1) % len(names)]
        self._ask()

    def _on_turn(self, _: object) -> None:
        self._pages.setCurrentIndex(1 - self._pages.currentIndex())
        self._show()

    def _button(self, target: object, on_touch: Callable[[object], None]) -> TouchButton:
        button = TouchButton(self, monotonic_s=self.desk.clock.monotonic_s)
        button.setCheckable(target is not None)
        button.set_target(target)
        button.touched.connect(on_touch)
        return button

    def _build_charts(self) -> None:
        people, checks = QWidget(self._pages), QWidget(self._pages)
        skin, flags = ColumnChartView(people), ColumnChartView(people)
        reasons = LineChartView(people, MOST_LINES)
        hours, cameras = ColumnChartView(checks), LineChartView(checks, MOST_CAMERAS)
        verdicts, causes = LineChartView(checks, _VERDICTS), LineChartView(checks, len(ClearCause))
        self._columns = {
            skin: skin_chart,
            flags: flags_chart,
            hours: hours_chart,
        }
        self._lines = {
            reasons: reasons_chart,
            cameras: cameras_chart,
            verdicts: verdicts_chart,
            causes: causes_chart,
        }
        for page, left, right in (
            (people, (skin, flags), (reasons,)),
            (checks, (hours, verdicts), (cameras, causes)),
        ):
            grid = QGridLayout(page)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(GAP_PX)
            for row, chart in enumerate(left):
                grid.addWidget(chart, row, 0)
            for row, chart in enumerate(right):
                grid.addWidget(chart, row, 1, len(left) // len(right), 1)
            grid.setColumnStretch(0, 3)
            grid.setColumnStretch(1, 2)
            grid.setRowStretch(0, 1)
            grid.setRowStretch(1, 1)
            self._pages.addWidget(page)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(GAP_PX)
        for button in (*self.periods.values(), self.camera, self.turn):
            choices.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addLayout(choices)
        layout.addWidget(self._headline)
        layout.addWidget(self._pages, 1)
        layout.addStretch(0)
