"""A simulated device that is plugged in: what every set of devices knows of each of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.commands import Command
from simulators.devices.thermal_camera import View
from simulators.faults import Faults


@dataclass(frozen=True, slots=True)
class Plugged:
    """One device on its wire."""

    name: str
    """Its name in the hub."""
    model: str
    """Its model's name in the catalogue."""
    address: Mapping[str, Any]
    """The driver's options that lead to it: port, url, source, host."""
    faults: Faults
    """Its switches."""
    device: Any
    """The device itself, for those who share the process."""
    close: Callable[[], None]
    """Pulls the plug for good; safe to call twice."""
    commands: Mapping[str, Command] = field(default_factory=dict)
    """What only this device can be told: trigger, panel."""
    truth: Callable[[], dict[str, Any]] = dict
    """What is true of it now."""
    view: View | None = None
    """What a camera looks at."""
    measure: Callable[[float], None] | None = None
    """Measures a person of this body temperature, °C, where the device is held to people."""
