"""What happens when during a soak run: the same for the same seed and devices."""

import random
from dataclasses import dataclass
from typing import Any

HEALS_S = 5.0
"""A device must be read again within this time after its plug was put back."""
SETTLES_S = HEALS_S + 1.0
"""After a fault a device is given this time before its triggers must all arrive."""
LATE_S = 1.5
"""A fault that begins this soon after a trigger may still swallow it."""
AFTERMATH_S = {"warmed": 36.0}
"""Faults that need longer than `SETTLES_S`: a sensor that cools is not believed meanwhile."""
SLOW_MODELS = ("calex-modbus", "gy-mcu90614", "optris-ct", "raytek-mi3")
"""Thermometers that need seconds: somebody stays before them."""
SLOW_S = 3.5
"""How much longer that takes."""
WARM_UP_S = 3.0
# So far apart that readings in a row, with the error of a gun, can be told apart.
BODIES_C = (35.2, 36.6, 38.0, 39.4)
"""Where bodies begin, °C; each round adds a tenth."""
_STEPS = 7
_TRIGGER_EVERY_S = (2.6, 4.5)
_SLOW_EVERY_S = (7.0, 9.0)
_PEOPLE_EVERY_S = (15.0, 30.0)
_PANEL_EVERY_S = (10.0, 20.0)
_UNPLUGGED_S = (1.0, 3.0)


@dataclass(frozen=True)
class Act:
    """One command for the hub."""

    at_s: float
    """Seconds from the start."""
    device: str
    """Whom it concerns; empty for people."""
    message: dict[str, Any]
    """What the control port is told."""


@dataclass(frozen=True)
class Pace:
    """How thick faults come."""

    replug_every_s: float = 60.0
    """From one pulled plug to the next, of any device."""
    quiet_s: tuple[float, float] = (10.0, 25.0)
    """Between two faults of a device."""
    fault_s: tuple[float, float] = (1.0, 5.0)
    """How long a fault lasts."""


def make_plan(devices: list[dict[str, Any]], seconds: float, seed: int, pace: Pace) -> list[Act]:
    """Return the acts in their order; the last seconds are quiet, so that all can heal.

    Args:
        devices: what the hub's `list` tells of each.
        seconds: how long the run lasts.
        seed: for everything random.
        pace: how thick faults come.
    """
    ends_s = seconds - SETTLES_S - LATE_S
    replugs = _replugs(devices, ends_s, random.Random(f"{seed} replug"), pace)
    acts = list(_people(seconds, random.Random(f"{seed} people")))
    for device in devices:
        rng = random.Random(f"{seed} {device['name']}")
        unplugged = replugs[device["name"]]
        for begun_s, ended_s in unplugged:
            acts += _fault(device, "disconnect", begun_s, ended_s)
        acts += _faults(device, ends_s, unplugged, rng, pace)
        if "trigger" in device["commands"]:
            acts += _triggers(device, seconds - late_s(device["model"]), rng)
        if "panel" in device["commands"]:
            acts += _panels(device, seconds, rng)
    return sorted(acts, key=lambda act: act.at_s)


def late_s(model: str) -> float:
    """Return how long after a trigger of this model its reading may still come."""
    return LATE_S + (SLOW_S if model in SLOW_MODELS else 0.0)


def _replugs(devices, ends_s, rng, pace):
    """Return for each device when its plug is out; they come in turn, shuffled."""
    windows = {device["name"]: [] for device in devices}
    names = sorted(d["name"] for d in devices if "disconnect" in d["faults"])
    rng.shuffle(names)
    at_s, number = WARM_UP_S + pace.replug_every_s / 4, 0
    while names and at_s + _UNPLUGGED_S[1] < ends_s:
        windows[names[number % len(names)]].append((at_s, at_s + rng.uniform(*_UNPLUGGED_S)))
        at_s, number = at_s + pace.replug_every_s, number + 1
    return windows


def _faults(device, ends_s, unplugged, rng, pace):
    known = [fault for fault in device["faults"] if fault != "disconnect"]
    at_s = WARM_UP_S + rng.uniform(0, pace.quiet_s[1])
    while known:
        fault, ended_s = rng.choice(known), at_s + rng.uniform(*pace.fault_s)
        if ended_s > ends_s:
            return
        # A plug that is put back must heal undisturbed.
        is_free = all(ended_s < out_s or at_s > back_s + SETTLES_S for out_s, back_s in unplugged)
        if is_free:
            yield from _fault(device, fault, at_s, ended_s)
        at_s = ended_s + rng.uniform(*pace.quiet_s)


def _fault(device, fault, begun_s, ended_s):
    for at_s, is_on in ((begun_s, True), (ended_s, False)):
        message = {"do": "fault", "device": device["name"], "fault": fault, "on": is_on}
        yield Act(at_s, device["name"], message)


def _triggers(device, ends_s, rng):
    every_s = _SLOW_EVERY_S if device["model"] in SLOW_MODELS else _TRIGGER_EVERY_S
    at_s, number = WARM_UP_S + rng.uniform(0, every_s[1]), 0
    while at_s < ends_s:
        message = {"do": "tell", "device": device["name"], "command": "trigger"}
        # Some thermometers tell the minute alone: a value twice within one is the same record.
        step, place = divmod(number, len(BODIES_C))
        value = {"temperature_c": round(BODIES_C[place] + step % _STEPS / 10, 1)}
        yield Act(at_s, device["name"], message | value)
        at_s, number = at_s + rng.uniform(*every_s), number + 1


def _panels(device, ends_s, rng):
    at_s = WARM_UP_S
    while at_s < ends_s:
        message = {"do": "tell", "device": device["name"], "command": "panel"}
        yield Act(at_s, device["name"], message | {"set_point_c": round(rng.uniform(30, 40), 1)})
        at_s += rng.uniform(*_PANEL_EVERY_S)


def _people(ends_s, rng):
    at_s = 0.0
    while at_s < ends_s:
        count, every = rng.randint(3, 30), rng.randint(0, 5)
        message = {"do": "people", "count": count, "febrile_every": every, "spacing_s": 2.0}
        yield Act(at_s, "", message)
        at_s += rng.uniform(*_PEOPLE_EVERY_S)
