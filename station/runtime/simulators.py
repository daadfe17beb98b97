"""Simulated devices, as a technician at the kiosk controls them; a peer on the wire, no import."""

from collections.abc import Callable
from typing import Any

from config.settings import SimulatorSettings
from station.core.audit import AuditEntry, AuditKind, Detail, made_entry
from station.core.errors import KnownError
from station.core.people import Person
from station.core.ports import Clock
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
from station.runtime.control_line import ControlLine

# The kiosk waits meanwhile; a hub answers at once, unless its machine is overloaded.
_ANSWER_WITHIN_S = 2.0

_PEOPLE: dict[SimulatedPeople, dict[str, Any]] = {
    SimulatedPeople.FEBRILE: {"count": 1, "febrile_every": 1, "once": True, "looks": []},
    SimulatedPeople.AFEBRILE: {"count": 1, "once": True, "looks": []},
    SimulatedPeople.GLASSES: {"count": 1, "once": True, "looks": ["glasses"]},
    SimulatedPeople.TURNED_AWAY: {"count": 1, "once": True, "looks": ["turned_away"]},
    SimulatedPeople.QUEUE: {"count": 8, "febrile_every": 4, "spacing_s": 1.2, "once": True},
    SimulatedPeople.USUAL: {"count": 12, "febrile_every": 4},
    SimulatedPeople.NOBODY: {"count": 0},
}
_DEGREES = {"trigger": "temperature_c", "panel": "set_point_c"}
"""What a device's command calls the temperature that goes with it."""


class SimulatorDesk:
    """Answers a technician's commands about simulated devices; called from any thread.

    Args:
        settings: where they are controlled; None at a station of real devices.
        note: keeps a step of the audit trail, or raises KnownError.
        clock: the machine's clocks.
    """

    def __init__(
        self,
        settings: SimulatorSettings | None,
        note: Callable[[AuditEntry], None],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._note = note
        self._clock = clock

    def answer(self, command: SimulatorCommand, person: Person) -> SimulatorsTold:
        """Carry out a command and return how the devices stand afterwards.

        What is done stands in the audit trail before it is done, and its refusal after it.

        Raises:
            KnownError: if there are no simulators, they do not answer, they refuse, or the trail
                cannot be written.
        """
        if self._settings is None:
            raise KnownError("The devices of this station are real: nothing to simulate.")
        with ControlLine(self._settings.host, self._settings.port, _ANSWER_WITHIN_S) as line:
            if not isinstance(command, LookAtSimulators):
                self._keep(command, person)
            try:
                for message in _messages(line, command):
                    _ask(line, message)
            except KnownError as error:
                self._keep(command, person, refused=str(error))
                raise
            return _told(command, _ask(line, {"do": "list"}))

    def _keep(self, command: SimulatorCommand, person: Person, **more: Detail) -> None:
        subject, details = _described(command)
        now = self._clock.now()
        self._note(made_entry(now, person, AuditKind.SIMULATION, subject, **details, **more))


def _messages(line: ControlLine, command: SimulatorCommand) -> list[dict[str, Any]]:
    match command:
        case SwitchFault(device=device, fault=fault, is_on=is_on):
            return [{"do": "fault", "device": device, "fault": fault, "on": is_on}]
        case ClearFaults(device=device):
            return [
                {"do": "fault", "device": one["name"], "fault": fault, "on": False}
                for one in _ask(line, {"do": "list"})["devices"]
                if device in {None, one["name"]}
                for fault in one["on"]
            ]
        case SendPeople(who=who):
            return [{"do": "people", **_PEOPLE[who]}]
        case SetSceneSpeed(factor=factor):
            return [{"do": "speed", "factor": factor}]
        case TellSimulator(device=device, command=word, temperature_c=degrees_c):
            told = {} if degrees_c is None else {_DEGREES.get(word, "temperature_c"): degrees_c}
            return [{"do": "tell", "device": device, "command": word, **told}]
        case LookAtSimulators():
            return []


def _ask(line: ControlLine, message: dict[str, Any]) -> dict[str, Any]:
    answer = line.ask(**message)
    if "error" in answer:
        raise KnownError(f"The simulators refuse: {answer['error']}.")
    return answer


def _told(command: SimulatorCommand, told: dict[str, Any]) -> SimulatorsTold:
    # Addresses stay behind: they hold the simulated devices' passwords.
    devices = tuple(
        SimulatedInstrument(
            one["name"],
            one["model"],
            tuple(one["faults"]),
            tuple(one["on"]),
            tuple(one["commands"]),
        )
        for one in told["devices"]
    )
    has_people = told["scene"] == "checkpoint"
    return SimulatorsTold(
        command.command_id, has_people, told["people"], float(told["speed"]), devices
    )


def _described(command: SimulatorCommand) -> tuple[str, dict[str, Detail]]:
    """Return what a command is about and what it does, for the trail."""
    match command:
        case SwitchFault():
            return command.device, {"fault": command.fault, "on": command.is_on}
        case ClearFaults():
            return command.device or "", {"did": "clear_faults"}
        case SendPeople():
            return "", {"people": command.who.value}
        case SetSceneSpeed():
            return "", {"speed": command.factor}
        case TellSimulator():
            return command.device, {"did": command.command, "temperature_c": command.temperature_c}
        case LookAtSimulators():
            return "", {}
