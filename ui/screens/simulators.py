"""Simulated devices under a technician's hand: their faults, who walks by, how fast time runs.

Only a station whose site file names simulators has this screen; the table says so.
"""

from datetime import datetime
from uuid import uuid4

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.core.events import CommandRefused, Event
from station.core.people_events import SessionChanged
from station.core.simulator_commands import (
    ClearFaults,
    LookAtSimulators,
    SendPeople,
    SetSceneSpeed,
    SimulatedInstrument,
    SimulatedPeople,
    SimulatorCommand,
    SimulatorsTold,
    SwitchFault,
    TellSimulator,
)
from ui.desk import Answer, Desk
from ui.screens.base import Screen
from ui.texts import say_station, translate
from ui.viewmodels.choices import Choice
from ui.viewmodels.simulators import (
    Deed,
    deed_choices,
    fault_choices,
    instrument_rows,
    people_choices,
    speed_choices,
)
from ui.widgets.choices import ChoiceGrid
from ui.widgets.filling import FillingChoices, FillingRows
from ui.widgets.labels import role_label, show_text
from ui.widgets.rows import GAP_PX

_MOST_ROWS = 9
_LOOK_EVERY_S = 1.0
_FAULT_COLUMNS, _PEOPLE_COLUMNS, _TIME_COLUMNS = 4, 7, 6

CLEAR_ONE, CLEAR_ALL = "clear one", "clear all"
"""Keys of the two choices that switch faults off."""


class SimulatorsScreen(Screen):
    """What a rehearsal is led from."""

    REFRESH_MS = 500

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent, desk)
        monotonic_s = desk.clock.monotonic_s
        self._told: SimulatorsTold | None = None
        self._selected: str | None = None
        self._looked_s: float | None = None
        self._is_waiting = False
        self._said = ""
        self._mark = role_label(self, "caution", wraps=True)
        self._title = role_label(self, "title", wraps=True)
        self._answer = role_label(self, "alarm", wraps=True)
        self.devices = FillingRows(self, most=_MOST_ROWS, monotonic_s=monotonic_s)
        self.faults = FillingChoices(self, columns=_FAULT_COLUMNS, monotonic_s=monotonic_s)
        self.deeds, self.people, self.time = (
            ChoiceGrid(self, columns=columns, monotonic_s=monotonic_s)
            for columns in (_FAULT_COLUMNS, _PEOPLE_COLUMNS, _TIME_COLUMNS)
        )
        self._lay_out()
        self._connect()

    def take(self, event: Event) -> None:
        """Ask anew when somebody else has signed in."""
        if isinstance(event, SessionChanged):
            self.renew()

    def renew(self) -> None:
        """Forget how they stood: the station answers again."""
        self._told, self._looked_s, self._is_waiting, self._said = None, None, False, ""

    def retranslate(self) -> None:
        """Show the words in the kiosk's language."""
        self._mark.setText(
            translate(
                "simulators",
                "SIMULATED: neither devices nor people are real here. Every alert is a drill.",
            )
        )
        self.refresh(self.desk.clock.now())

    def refresh(self, now: datetime) -> None:
        """Ask now and then how they stand, and show what was told."""
        self._look()
        told = self._told
        one = self._one()
        self.devices.show_rows(instrument_rows(told, one.name if one else None) if told else [])
        if one is not None:
            show_text(self._title, f"{one.name} · {one.model}")
        else:
            show_text(self._title, translate("simulators", "The simulators have not answered yet"))
        self.faults.show_choices(fault_choices(one) if one else [])
        self.deeds.show_choices(self._deeds(one))
        self.people.show_choices(people_choices(told))
        words = translate("simulators", "Clear all\nfaults")
        has_faults = told is not None and any(other.on for other in told.devices)
        clear = Choice(CLEAR_ALL, words, is_enabled=has_faults)
        self.time.show_choices([*speed_choices(told), clear])
        show_text(self._answer, self._said)
        self._answer.setVisible(bool(self._said))

    def _one(self) -> SimulatedInstrument | None:
        devices = self._told.devices if self._told else ()
        first = next(iter(devices), None)
        return next((one for one in devices if one.name == self._selected), first)

    def _deeds(self, one: SimulatedInstrument | None) -> list[Choice]:
        if one is None:
            return []
        words = translate("simulators", "Clear its\nfaults")
        return [*deed_choices(one), Choice(CLEAR_ONE, words, is_enabled=bool(one.on))]

    def _look(self) -> None:
        now_s = self.desk.clock.monotonic_s()
        is_due = self._looked_s is None or now_s - self._looked_s >= _LOOK_EVERY_S
        may = self.desk.model.is_simulated and self.desk.model.may(LookAtSimulators)
        if is_due and may and not self._is_waiting and self.isVisible():
            self._looked_s, self._is_waiting = now_s, True
            self.desk.ask(LookAtSimulators(uuid4()), self._on_looked)

    def _on_looked(self, answer: Answer) -> None:
        self._is_waiting = False
        if isinstance(answer, SimulatorsTold):
            if self._told is None:
                self._said = ""
            self._told = answer
        else:
            self._told, self._said = None, _problem(answer)
        self.refresh(self.desk.clock.now())

    def _do(self, command: SimulatorCommand) -> None:
        self._said = ""
        self.desk.ask(command, self._on_done)
        self.refresh(self.desk.clock.now())

    def _on_done(self, answer: Answer) -> None:
        if isinstance(answer, SimulatorsTold):
            self._told = answer
        else:
            self._said = _problem(answer)
        self.refresh(self.desk.clock.now())

    def _on_device(self, name: str) -> None:
        self._selected, self._said = name, ""
        self.refresh(self.desk.clock.now())

    def _on_fault(self, key: tuple[str, str]) -> None:
        device, fault = key
        one = self._one()
        if one is not None and one.name == device:
            self._do(SwitchFault(uuid4(), device, fault, fault not in one.on))

    def _on_deed(self, key: object) -> None:
        one = self._one()
        if isinstance(key, Deed):
            self._do(TellSimulator(uuid4(), key.device, key.command, key.temperature_c))
        elif one is not None:
            self._do(ClearFaults(uuid4(), one.name))

    def _on_people(self, who: SimulatedPeople) -> None:
        self._do(SendPeople(uuid4(), who))

    def _on_time(self, key: object) -> None:
        if isinstance(key, float):
            self._do(SetSceneSpeed(uuid4(), key))
        else:
            self._do(ClearFaults(uuid4(), None))

    def _connect(self) -> None:
        self.devices.chosen.connect(self._on_device)
        self.faults.chosen.connect(self._on_fault)
        self.deeds.chosen.connect(self._on_deed)
        self.people.chosen.connect(self._on_people)
        self.time.chosen.connect(self._on_time)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.addWidget(self._title)
        right.addWidget(self._answer)
        right.addWidget(self.faults, 1)
        right.addWidget(self.deeds)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.devices, 2)
        middle.addLayout(right, 4)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self._mark)
        body.addLayout(middle, 1)
        body.addWidget(self.people)
        body.addWidget(self.time)
        for spaced in (right, body):
            spaced.setSpacing(GAP_PX)


def _problem(answer: Answer) -> str:
    """Return why there is no answer; a technician reads the station's own sentence."""
    if isinstance(answer, CommandRefused):
        return translate("simulators", "Not carried out: {0}").format(say_station(answer.text))
    return translate("simulators", "Not answered: look before you ask again")
