"""The operator's window: header, rail and the screen in sight."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station.core.commands import Command, RegisterCase
from station.core.events import Event
from station.core.people_commands import SessionCommand
from station.core.ports import Clock
from ui.bridge import StationBridge
from ui.desk import Desk
from ui.entering.signing import person_text
from ui.header import Header
from ui.language import Language
from ui.locking import IdleLock
from ui.model import Loss
from ui.navigation import Navigation
from ui.screens.base import Screen
from ui.screens.made import Screens
from ui.screens.table import NOBODY, SCREENS, ScreenEntry
from ui.texts import translate
from ui.theme import style_sheet, text_px
from ui.viewmodels.lanes import lanes_notice, reference_notice
from ui.viewmodels.notices import device_notice, link_notice, rehearsal_text
from ui.viewmodels.watches import room_text
from ui.widgets.touch import TouchButton


class KioskWindow(QWidget):
    """The operator's window.

    Args:
        bridge: the way to the station, not started yet.
        language: the kiosk's language.
        clock: the machine's clocks.
        screens: what the rail leads to; the first one is in sight at the start, the others are
            made when they first come into sight.
    """

    def __init__(
        self,
        bridge: StationBridge,
        language: Language,
        clock: Clock,
        screens: Sequence[ScreenEntry] = SCREENS,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        # Nothing is chosen at the start; the first Tab goes to the first button.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        self.desk = Desk(bridge, language, clock)
        self._idle = IdleLock(self, self.desk)
        self._entries = {entry.key: entry for entry in screens}
        self._text_px = 0
        self._current = screens[0].key
        self._open_keys: list[str] = []
        self.header = Header(self)
        self.navigation = Navigation(self, screens)
        self._stack = QStackedWidget(self)
        self.screens = Screens(screens, self._make_screen)
        self._lay_out()
        self._fit_text()
        self._connect(bridge)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self.retranslate()
        self.show_screen(screens[0].key)

    def stop(self) -> None:
        """Stop refreshing."""
        self._timer.stop()

    def show_screen(self, key: str) -> None:
        """Bring a screen into sight."""
        self._current = key
        screen = self.screens[key]
        self._stack.setCurrentWidget(screen)
        self.navigation.show_current(key)
        self._timer.start(screen.REFRESH_MS)
        self.refresh()

    def refresh(self) -> None:
        """Fetch the latest pictures and show what the model and the clock say now."""
        now = self.desk.clock.now()
        self.desk.fetch(now)
        self._show_person()
        model = self.desk.model
        if model.is_interrupted and self._current != "cases" and model.may(RegisterCase):
            self.show_screen("cases")
            return
        self.header.show_room(room_text(model))
        self.header.show_rehearsal(rehearsal_text(model))
        self.header.show_notices(
            (
                lanes_notice(model, self.desk.ages_s()),
                device_notice(model),
                reference_notice(model),
                link_notice(model, now),
            )
        )
        self.header.show_time(now)
        self.header.show_silence(self.desk.speaker.left_s())
        self.screens[self._current].refresh(now)

    def take(self, event: Event) -> None:
        """Keep one event of the station."""
        self.desk.take(event)
        for screen in self.screens.made:
            screen.take(event)

    def retranslate(self) -> None:
        """Show everything in the kiosk's language."""
        self.setWindowTitle(translate("header", "Fever screening"))
        self.header.retranslate()
        self.navigation.retranslate()
        for screen in self.screens.made:
            screen.retranslate()
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Hand on what nobody took: a card reader types without choosing a field first."""
        self.screens[self._current].keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the text to the window."""
        super().resizeEvent(event)
        self._fit_text()

    def _make_screen(self, entry: ScreenEntry) -> Screen:
        screen = entry.build(self._stack, self.desk)
        self._stack.addWidget(screen)
        screen.go_to.connect(self.show_screen)
        screen.retranslate()
        return screen

    def _show_person(self) -> None:
        """Show who is signed in, and lead back from screens that are not theirs."""
        self._idle.look()
        model = self.desk.model
        person = model.person
        is_shown = model.is_guarded and person is not None
        self.header.show_person(person_text(person) if is_shown and person else "")
        role = (person.role.value if person else NOBODY) if model.is_guarded else None
        open_keys = [
            key
            for key, entry in self._entries.items()
            if entry.is_open(role, is_simulated=model.is_simulated)
        ]
        if open_keys != self._open_keys:
            self._open_keys = open_keys
            self.navigation.show_open(open_keys)
            if self._current not in open_keys:
                self.show_screen(next(iter(self._entries)))
            else:
                self.navigation.show_current(self._current)

    def _fit_text(self) -> None:
        fitting = text_px(self.height())
        if fitting != self._text_px:
            self._text_px = fitting
            self.setStyleSheet(style_sheet(fitting))

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.navigation)
        body.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addLayout(body, 1)

    def _connect(self, bridge: StationBridge) -> None:
        bridge.event_came.connect(self.take)
        bridge.connected.connect(self._on_connected)
        bridge.lost.connect(self._on_lost)
        bridge.fresh.connect(self._on_fresh)
        bridge.unsent.connect(self._on_unsent)
        self.header.language_asked.connect(self._on_language)
        self.header.lock_asked.connect(self._on_lock)
        self.header.silence_asked.connect(self._on_silence)
        self.navigation.chosen.connect(self.show_screen)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _on_focus(self, old: QWidget | None, now: QWidget | None) -> None:
        """Frame no button because what had the keyboard before is gone: nobody chose it."""
        if isinstance(now, TouchButton) and old is not None and not old.isVisible():
            self.setFocus()

    def _on_connected(self) -> None:
        self.desk.renew()
        for screen in self.screens.made:
            screen.renew()
        self.desk.resume()

    def _on_fresh(self) -> None:
        self.desk.fetch(self.desk.clock.now())
        self.screens[self._current].show_fresh()

    def _on_lost(self, loss: Loss) -> None:
        self.desk.lose(loss)

    def _on_unsent(self, command: Command | SessionCommand) -> None:
        self.desk.note_unsent(command)

    def _on_lock(self) -> None:
        self.desk.lock()
        self.refresh()

    def _on_silence(self) -> None:
        self.desk.speaker.toggle_mute()
        self.refresh()

    def _on_language(self) -> None:
        self.desk.language.switch()
        self.retranslate()
