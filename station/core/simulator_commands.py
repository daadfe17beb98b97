"""What a technician may ask of simulated devices; a station of real devices refuses all of it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class SimulatedPeople(StrEnum):
    """Who can be sent through a simulated checkpoint; stored values are stable."""

    FEBRILE = "febrile"
    """One with a fever, once."""
    AFEBRILE = "afebrile"
    """One without, once."""
    GLASSES = "glasses"
    """One with glasses, once."""
    TURNED_AWAY = "turned_away"
    """One who looks aside, once."""
    QUEUE = "queue"
    """Eight close behind each other, once; every fourth has a fever."""
    USUAL = "usual"
    """The usual traffic, again and again."""
    NOBODY = "nobody"
    """Nobody, until others are sent."""


@dataclass(frozen=True, slots=True)
class LookAtSimulators:
    """Command: tell how the simulated devices stand."""

    command_id: UUID
    """Answered by SimulatorsTold or CommandRefused."""


@dataclass(frozen=True, slots=True)
class SwitchFault:
    """Command: switch one fault of a simulated device."""

    command_id: UUID
    """Answered by SimulatorsTold or CommandRefused."""
    device: str
    """Whose."""
    fault: str
    """Which of those that it knows."""
    is_on: bool
    """Whether it is on from now on."""


@dataclass(frozen=True, slots=True)
class ClearFaults:
    """Command: switch every fault off."""

    command_id: UUID
    """Answered by SimulatorsTold or CommandRefused."""
    device: str | None
    """Whose; None for all devices."""


@dataclass(frozen=True, slots=True)
class SendPeople:
    """Command: send people through the simulated checkpoint."""

    command_id: UUID
    """Answered by SimulatorsTold or CommandRefused."""
    who: SimulatedPeople
    """Who comes."""


@dataclass(frozen=True, slots=True)
class SetSceneSpeed:
    """Command: let the simulated time run so fast."""

    command_id: UUID
    """Answered by SimulatorsTold or CommandRefused."""
    factor: float
    """Scene seconds in one real second; 0 stands still."""


@dataclass(frozen=True, slots=True)
class TellSimulator:
    """Command: do to one simulated device what only it can be told."""

    command_id: UUID
    """Answered by SimulatorsTold or CommandRefused."""
    device: str
    """Which."""
    command: str
    """One of its commands."""
    temperature_c: float | None = None
    """Whom a thermometer measures, or what a source is set to, °C; None where none is needed."""


@dataclass(frozen=True, slots=True)
class SimulatedInstrument:
    """One simulated device."""

    name: str
    """Its name."""
    model: str
    """The driver that reads it."""
    faults: tuple[str, ...]
    """The faults that it knows."""
    on: tuple[str, ...]
    """Those that are on."""
    commands: tuple[str, ...]
    """What only this device can be told."""


@dataclass(frozen=True, slots=True)
class SimulatorsTold:
    """Answer: how the simulated devices stand."""

    command_id: UUID
    """The command."""
    has_people: bool
    """Whether cameras look at people, and not at a bench with two sources."""
    people: int
    """How many walk by before they come again."""
    speed: float
    """Scene seconds in one real second; 0 while time stands still."""
    devices: tuple[SimulatedInstrument, ...]
    """What stands there."""


SimulatorCommand = (
    LookAtSimulators | SwitchFault | ClearFaults | SendPeople | SetSceneSpeed | TellSimulator
)
"""What a technician may ask of simulated devices."""
