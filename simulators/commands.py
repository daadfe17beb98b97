"""What every set of simulated devices can be told over its control port."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults

Message = dict[str, Any]
"""One message of the control port, or its answer."""
Command = Callable[[Message], Message]


_HANDHELD_C = (0.0, 100.0)


def carry_out(commands: Mapping[str, Command], message: Message) -> Message:
    """Carry out one control message and return the answer.

    Raises:
        KeyError, ValueError, TypeError: if the message does not fit; the control port answers.
    """
    do = message["do"]
    if do not in commands:
        raise ValueError(f"unknown command {do!r}: use one of {', '.join(commands)}")
    return commands[do](message)


def fault_command(faults: Mapping[str, Faults]) -> Command:
    """Return the command that switches a device's fault."""

    def switch(message: Message) -> Message:
        fault, is_on = Fault(message["fault"]), message["on"]
        if not isinstance(is_on, bool):
            raise ValueError("'on' must be true or false")
        faults[message["device"]].set(fault, is_on=is_on)
        return {"fault": fault.value, "on": is_on}

    return switch


def speed_command(clock: SceneClock, largest: float) -> Command:
    """Return the command that sets how fast scene time runs, 0 to `largest`."""

    def change(message: Message) -> Message:
        factor = float(message["factor"])
        if not (isfinite(factor) and 0 <= factor <= largest):
            raise ValueError(f"the factor must be 0 to {largest:g}")
        clock.set_speed(factor)
        return {"factor": factor}

    return change


def trigger_command(measure: Callable[[float], None]) -> Command:
    """Return the command that has a handheld measure somebody of `temperature_c`, °C."""

    def trigger(message: Message) -> Message:
        temperature_c = float(message["temperature_c"])
        low_c, high_c = _HANDHELD_C
        if not low_c <= temperature_c <= high_c:
            raise ValueError(f"a thermometer measures {low_c:g} to {high_c:g} °C")
        measure(temperature_c)
        return {"temperature_c": temperature_c}

    return trigger
