"""The guided daily check: cameras are judged by themselves, thermometers by three readings."""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.commands import RecordCheck
from station.core.daily_sheet import SheetLine, daily_sheet
from station.core.events import DeviceChecked, Event, HandheldRead
from ui.asking import problem_text
from ui.desk import Answer, Desk
from ui.printing import print_page, write_pdf
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM
from ui.texts import translate
from ui.viewmodels.daily_sheet import lines_text, sheet_html, sheet_rows
from ui.widgets.filling import FillingRows
from ui.widgets.labels import role_label, show_text
from ui.widgets.rows import GAP_PX
from ui.widgets.touch import TouchButton

_READINGS = 3
_STEP_C = 0.1
_MOST_ROWS = 9


class DailyScreen(Screen):
    """What is done before a shift: every instrument, and a sheet to sign."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        monotonic_s = desk.clock.monotonic_s
        self._reference_c: float | None = None
        self._selected: str | None = None
        self._begun_at: datetime | None = None
        self._readings: list[tuple[UUID, float]] = []
        self._said = ""
        self.devices = FillingRows(self, most=_MOST_ROWS, monotonic_s=monotonic_s)
        self._panel = QFrame(self)
        self._panel.setObjectName("panel")
        self._title = role_label(self._panel, "title", wraps=True, is_top=True)
        self._text = role_label(self._panel, "", wraps=True, is_top=True)
        self._guide = role_label(self._panel, "title", wraps=True, is_top=True)
        self._answer = role_label(self._panel, "caution", wraps=True, is_top=True)
        self.colder, self.begin, self.warmer, self.sheet = (
            TouchButton(self, role=role, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
            for role in ("", "primary", "", "")
        )
        self._lay_out()
        self._connect()

    def take(self, event: Event) -> None:
        """Keep the readings of the thermometer that is checked."""
        if isinstance(event, HandheldRead):
            self._take_reading(event)

    def renew(self) -> None:
        """Forget the station before."""
        self._begun_at = None
        self._readings.clear()

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self.colder.set_words(translate("daily", "Source\n-0.1 °C"))
        self.warmer.set_words(translate("daily", "Source\n+0.1 °C"))
        self.begin.set_words(translate("daily", "Begin the check"))
        self.sheet.set_words(translate("daily", "Print\nthe sheet"))
        self.refresh(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Show how every instrument stands now."""
        lines = self._lines(now)
        known = list(dict.fromkeys(line.device_id for line in lines))
        if self._selected not in known:
            self._selected = known[0] if known else None
        self.devices.show_rows(sheet_rows(lines, self._selected))
        own = tuple(line for line in lines if line.device_id == self._selected)
        _set(self._title, self._selected or translate("daily", "No instruments known yet"))
        _set(self._text, lines_text(own))
        about = self.desk.model.about
        is_handheld = about is not None and self._selected in about.thermometers
        _set(self._guide, self._guide_text() if is_handheld else "")
        _set(self._answer, self._said)
        is_there = self.desk.model.loss is None
        for button in (self.colder, self.warmer, self.begin):
            button.setVisible(is_handheld)
            button.setEnabled(is_there and self._begun_at is None)
        self.sheet.setEnabled(bool(lines))

    def _lines(self, now: datetime) -> tuple[SheetLine, ...]:
        model = self.desk.model
        if model.about is None:
            return ()
        return daily_sheet(model.about, model.trends, model.checks, now)

    def _reference(self) -> float:
        """Return the temperature of the source: as typed, as it says itself, or as it is set."""
        if self._reference_c is not None:
            return self._reference_c
        model = self.desk.model
        if model.steady_c is not None:
            return model.steady_c
        return model.about.set_point_c if model.about else 0.0

    def _guide_text(self) -> str:
        source = translate("daily", "The source is at {0} °C").format(f"{self._reference():.1f}")
        if self._begun_at is None:
            todo = translate("daily", "Set the thermometer to surface mode, then begin")
            return f"{source}\n{todo}"
        shown = [f"{body_c:.1f} °C" for _, body_c in self._readings]
        places = "   ".join([*shown, *["–"] * (_READINGS - len(shown))])
        todo = translate("daily", "Pull the trigger at the source: {0} of {1}")
        return f"{source}\n{todo.format(len(shown) + 1, _READINGS)}\n{places}"

    def _take_reading(self, event: HandheldRead) -> None:
        reading, begun_at = event.reading, self._begun_at
        if begun_at is None or reading.device_id != self._selected or reading.taken_at < begun_at:
            return
        if any(known == reading.reading_id for known, _ in self._readings):
            return
        self._readings.append((reading.reading_id, reading.body_c))
        if len(self._readings) == _READINGS:
            ids = tuple(reading_id for reading_id, _ in self._readings)
            self._begun_at = None
            self.desk.ask(RecordCheck(uuid4(), self._reference(), ids), self._on_check)

    def _on_check(self, answer: Answer) -> None:
        if isinstance(answer, DeviceChecked):
            self._said = ""
        else:
            otherwise = translate("daily", "The check was not carried out: begin anew")
            self._said = problem_text(answer, otherwise)
        self.refresh(self.desk.clock.now())

    def _on_device(self, device_id: str) -> None:
        self._selected = device_id
        self._begun_at, self._said = None, ""
        self.refresh(self.desk.clock.now())

    def _on_begin(self, _: object) -> None:
        self._begun_at, self._said = self.desk.clock.now(), ""
        self._readings.clear()
        self.refresh(self.desk.clock.now())

    def _on_step(self, step_c: float) -> None:
        self._reference_c = round(self._reference() + step_c, 1)
        self.refresh(self.desk.clock.now())

    def _on_sheet(self, _: object) -> None:
        """Print the sheet, and keep it as a file."""
        now, about = self.desk.clock.now(), self.desk.model.about
        if about is None:
            return
        html = sheet_html(about, self._lines(now), now.astimezone())
        path = Path(about.files_folder) / f"daily-check-{now:%Y%m%d-%H%M%S}.pdf"
        try:
            write_pdf(html, path)
        except OSError:
            self._said = translate("daily", "The sheet cannot be written: call a technician")
        else:
            printer = print_page(html)
            words = (
                translate("daily", "Printed, and kept as {0}")
                if printer
                else translate("daily", "No printer is set up here; kept as {0}")
            )
            self._said = words.format(path.name)
        self.refresh(now)

    def _connect(self) -> None:
        self.devices.chosen.connect(self._on_device)
        self.begin.touched.connect(self._on_begin)
        self.colder.touched.connect(lambda _: self._on_step(-_STEP_C))
        self.warmer.touched.connect(lambda _: self._on_step(_STEP_C))
        self.sheet.touched.connect(self._on_sheet)

    def _lay_out(self) -> None:
        words = QVBoxLayout(self._panel)
        words.setContentsMargins(14, 10, 14, 10)
        for label in (self._title, self._text, self._guide, self._answer):
            words.addWidget(label)
        words.addStretch(1)
        buttons = QHBoxLayout()
        for button, share in ((self.colder, 1), (self.warmer, 1), (self.begin, 2), (self.sheet, 1)):
            buttons.addWidget(button, share)
        right = QVBoxLayout()
        right.addWidget(self._panel, 1)
        right.addLayout(buttons)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.devices, 2)
        body.addLayout(right, 3)
        for spaced in (words, buttons, right):
            spaced.setSpacing(GAP_PX)
        body.setSpacing(14)


def _set(label: QLabel, text: str) -> None:
    show_text(label, text)
    label.setVisible(bool(text))
