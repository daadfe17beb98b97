"""Simulated devices, as a technician at the kiosk controls them; a peer on the wire, no import."""

import logging
from typing import Any

from config.settings import SimulatorSettings
from station.core.errors import KnownError
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

logger = logging.getLogger(__name__)

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
    """

    def __init__(self, settings: SimulatorSettings | None) -> None:
        self._settings = settings

    def answer(self, command: SimulatorCommand) -> SimulatorsTold:
        """Carry out a command and return how the devices stand afterwards.

        Raises:
            KnownError: if there are no simulators, they do not answer, or they refuse.
        """
        if self._settings is None:
            raise KnownError("The devices of this station are real: nothing to simulate.")
        with ControlLine(self._settings.host, self._settings.port, _ANSWER_WITHIN_S) as line:
            if not isinstance(command, LookAtSimulators):
                logger.info("simulators: %s", _described(command))
            for message in _messages(line, command):
                _ask(line, message)
            return _told(command, _ask(line, {"do": "list"}))


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


def _described(command: SimulatorCommand) -> str:
    """Return a command for the log."""
    match command:
        case SwitchFault():
            return f"{command.device} {command.fault} {'on' if command.is_on else 'off'}"
        case ClearFaults():
            return f"no faults on {command.device or 'any device'}"
        case SendPeople():
            return f"people: {command.who.value}"
        case SetSceneSpeed():
            return f"speed {command.factor:g}"
        case TellSimulator():
            return f"{command.device} {command.command} {command.temperature_c}"
        case LookAtSimulators():
            return "looked at"
