"""The technician's own screen: versions of the settings, the log, bundle and backup."""

from datetime import datetime
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from station.core.events import CommandRefused, Event
from station.core.people_events import SessionChanged
from station.core.questions import WorkProgress, WorkState
from station.core.service_commands import (
    ListVersions,
    LogPage,
    LongWork,
    MakeBackup,
    MakeBundle,
    ReadLog,
    SiteVersion,
    TakeVersion,
    VersionList,
)
from ui.desk import Answer, Desk
from ui.screens.base import Screen
from ui.sizes import PRIMARY_MM
from ui.texts import QT_TRANSLATE_NOOP, say_station, translate
from ui.viewmodels.rows import Row
from ui.widgets.filling import FillingRows
from ui.widgets.rows import GAP_PX
from ui.widgets.text_pane import TextPane
from ui.widgets.touch import TouchButton

_MOST_ROWS, _LINES = 7, 300
# Stored values of config.versions.VersionWhy.
_WHY = {
    "found": QT_TRANSLATE_NOOP("texts", "as found"),
    "added": QT_TRANSLATE_NOOP("texts", "added"),
    "regions": QT_TRANSLATE_NOOP("texts", "regions drawn"),
}


class ServiceScreen(Screen):
    """Versions on the left; on the right what the chosen one changes, or the log."""

    REFRESH_MS = 1000

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        monotonic_s = desk.clock.monotonic_s
        self._versions: tuple[SiteVersion, ...] | None = None
        self._selected: int | None = None
        self._log: tuple[str, ...] | None = None
        self._only_troubles = True
        self._said = ""
        self._working: str | None = None
        self._is_asked = False
        self.versions = FillingRows(self, most=_MOST_ROWS, monotonic_s=monotonic_s)
        self._title, self._answer = QLabel(self), QLabel(self)
        self._title.setProperty("role", "title")
        self._answer.setProperty("role", "caution")
        for label in (self._title, self._answer):
            label.setWordWrap(True)
        self.pane = TextPane(self)
        self.back, self.on, self.take_over = (
            TouchButton(self, role=role, height_mm=PRIMARY_MM, monotonic_s=monotonic_s)
            for role in ("", "", "primary")
        )
        self.log, self.bundle, self.backup = (
            TouchButton(self, monotonic_s=monotonic_s) for _ in range(3)
        )
        self._lay_out()
        self._connect()

    def take(self, event: Event) -> None:
        """Ask anew when somebody else has signed in."""
        if isinstance(event, SessionChanged):
            self.renew()

    def renew(self) -> None:
        """Ask anew: the station answers again."""
        self._versions, self._log, self._is_asked, self._working = None, None, False, None
        self._said = ""

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self.back.set_words(translate("service", "Page up"))
        self.on.set_words(translate("service", "Page down"))
        self.take_over.set_words(translate("service", "Take over\nthis version"))
        self.bundle.set_words(translate("service", "Support\nbundle"))
        self.backup.set_words(translate("service", "Backup"))
        self.pane.setAccessibleName(translate("service", "Lines"))
        self.refresh(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Ask for the versions once, and show what is known."""
        is_there = self.desk.model.loss is None
        if not self._is_asked and is_there and self.isVisible():
            self._is_asked = True
            self.desk.ask(ListVersions(uuid4()), self._on_versions)
        self.versions.show_rows([self._row(version) for version in self._versions or ()])
        chosen = self._chosen()
        if self._log is not None:
            self._show_log()
        else:
            self._show_version(chosen)
        words = (
            translate("service", "Whole log")
            if self._log is not None and self._only_troubles
            else translate("service", "Log:\ntroubles")
        )
        self.log.set_words(words)
        self._answer.setText(self._said)
        self._answer.setVisible(bool(self._said))
        can_take = chosen is not None and not chosen.is_current and self._log is None
        self.take_over.setEnabled(is_there and can_take)
        self.take_over.set_target(self._selected)
        self.log.setEnabled(is_there)
        for button in (self.bundle, self.backup):
            button.setEnabled(is_there and self._working is None)

    def _chosen(self) -> SiteVersion | None:
        return next((v for v in self._versions or () if v.number == self._selected), None)

    def _row(self, version: SiteVersion) -> Row:
        title = translate("service", "Version {0}").format(version.number)
        if version.is_current:
            title = translate("service", "Version {0} · in use").format(version.number)
        when = f"{version.at.astimezone():%Y-%m-%d %H:%M}"
        parts = (when, translate("texts", _WHY.get(version.why, version.why)), version.actor)
        return Row(
            key=version.number,
            title=title,
            detail=" · ".join(part for part in parts if part),
            is_selected=version.number == self._selected,
        )

    def _show_version(self, version: SiteVersion | None) -> None:
        if version is None:
            self._title.setText(translate("service", "Touch a version of the settings"))
            self.pane.show_lines(())
        elif version.is_current:
            self._title.setText(translate("service", "These settings are in use"))
            self.pane.show_lines(())
        else:
            words = translate("service", "What version {0} would change")
            self._title.setText(words.format(version.number))
            self.pane.show_lines(version.changes)

    def _show_log(self) -> None:
        if self._only_troubles:
            self._title.setText(translate("service", "Log of the station: warnings and errors"))
        else:
            self._title.setText(translate("service", "Log of the station"))
        self.pane.show_lines(self._log or (), at_end=True)

    def _on_version(self, number: int) -> None:
        self._selected, self._log, self._said = number, None, ""
        self.refresh(self.desk.clock.now())

    def _on_versions(self, answer: Answer) -> None:
        if isinstance(answer, VersionList):
            self._versions = answer.versions
            if answer.is_restarting:
                self._said = translate("service", "Taken over: the station starts again")
        else:
            self._said = _problem(answer)
        self.refresh(self.desk.clock.now())

    def _on_take(self, number: object) -> None:
        if isinstance(number, int):
            self._said = ""
            self.desk.ask(TakeVersion(uuid4(), number), self._on_versions)

    def _on_log(self, _: object) -> None:
        self._only_troubles = self._log is None or not self._only_troubles
        self._said = ""
        self.desk.ask(ReadLog(uuid4(), _LINES, self._only_troubles), self._on_lines)

    def _on_lines(self, answer: Answer) -> None:
        if isinstance(answer, LogPage):
            self._log = answer.lines
            if not answer.lines:
                self._said = translate("service", "Nothing of that kind is in the log")
        else:
            self._said = _problem(answer)
        self.refresh(self.desk.clock.now())

    def _work(self, command: LongWork) -> None:
        self._working = str(command.command_id)
        self._said = translate("service", "Working")
        self.desk.ask(command, self._on_work)
        self.refresh(self.desk.clock.now())

    def _on_work(self, answer: Answer) -> None:
        if isinstance(answer, WorkProgress) and answer.state is WorkState.RUNNING:
            share = 100 * answer.done / answer.about if answer.about else 0
            self._said = translate("service", "Working: {0} %").format(f"{share:.0f}")
        else:
            self._working = None
            if isinstance(answer, WorkProgress) and answer.state is WorkState.DONE:
                words = translate("service", "Written: {0}, in the station's folder for files")
                self._said = words.format(answer.file)
            else:
                self._said = _problem(answer)
        self.refresh(self.desk.clock.now())

    def _connect(self) -> None:
        self.versions.chosen.connect(self._on_version)
        self.take_over.touched.connect(self._on_take)
        self.back.touched.connect(lambda _: self.pane.turn(-1))
        self.on.touched.connect(lambda _: self.pane.turn(1))
        self.log.touched.connect(self._on_log)
        self.bundle.touched.connect(lambda _: self._work(MakeBundle(uuid4())))
        self.backup.touched.connect(lambda _: self._work(MakeBackup(uuid4())))

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        for button in (self.log, self.bundle, self.backup):
            tools.addWidget(button)
        left = QVBoxLayout()
        left.addWidget(self.versions, 1)
        left.addLayout(tools)
        turns = QHBoxLayout()
        for button, share in ((self.back, 1), (self.on, 1), (self.take_over, 2)):
            turns.addWidget(button, share)
        right = QVBoxLayout()
        right.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        right.addWidget(self.pane, 1)
        right.addWidget(self._answer)
        right.addLayout(turns)
        body = QHBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addLayout(left, 2)
        body.addLayout(right, 3)
        for spaced in (tools, left, turns, right):
            spaced.setSpacing(GAP_PX)


def _problem(answer: Answer) -> str:
    """Return why there is no answer; a technician reads the station's own sentence."""
    if isinstance(answer, CommandRefused):
        return translate("service", "Not carried out: {0}").format(say_station(answer.text))
    return translate("service", "Not answered: look before you ask again")
