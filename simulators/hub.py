"""A set of simulated devices at one site, and the commands that reach into them."""

import threading
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot, isfinite
from typing import Any

from simulators.catalogue import plug_in
from simulators.commands import carry_out, fault_command, speed_command
from simulators.plugged import Plugged
from simulators.scene import LOOKS, TravellerTruth, demo_travellers, looking_so
from simulators.serve.control import ControlServer
from simulators.site import Checkpoint, Guests, Site

# Staff need a moment to lift the gun; the reading comes after the control port's answer.
_TRIGGER_DELAY_S = 0.2
# The picture's time is its receipt, a little later than the scene's: people have moved since.
_GROWN = 1.6
# Faster, a source would have settled before the sensor has taken two pictures.
_LARGEST_SPEED = 1000.0
_MOST_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """One device of a hub."""

    name: str
    """Its name, unique in the hub."""
    model: str
    """Its model in the catalogue."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Its builder's keyword arguments."""


class Hub:
    """Simulated devices that run until they are closed.

    Args:
        site: where they stand.
        plans: which devices; names are unique.
        control_port: 0 takes a free one.

    Raises:
        ValueError: if a plan does not fit.
        PortInUse: if a port or a link is taken. Nothing is left behind then.
    """

    def __init__(self, site: Site, plans: Iterable[DevicePlan], control_port: int = 0) -> None:
        self.site = site
        self.devices: dict[str, Plugged] = {}
        with ExitStack() as plugs:
            for plan in plans:
                if plan.name in self.devices:
                    raise ValueError(f"two devices are called {plan.name!r}")
                plugged = plug_in(site, plan.name, plan.model, plan.options)
                plugs.callback(plugged.close)
                self.devices[plan.name] = plugged
            self.control = ControlServer(self.obey, control_port)
            plugs.callback(self.control.close)
            self._plugs = plugs.pop_all()
        self._sent = 0
        switches = {name: plugged.faults for name, plugged in self.devices.items()}
        self._commands = {
            "list": self._list,
            "fault": fault_command(switches),
            "present": self._present,
            "people": self._people,
            "tell": self._tell,
            "truth": self._truth,
            "speed": speed_command(site.clock, _LARGEST_SPEED),
        }

    @property
    def addresses(self) -> dict[str, Any]:
        """Where everything listens: each device's driver options under its name, and `control`."""
        devices = {name: dict(plugged.address) for name, plugged in self.devices.items()}
        return {"devices": devices, "control": list(self.control.address)}

    def close(self) -> None:
        """Switch everything off. Safe to call twice."""
        self._plugs.close()

    def obey(self, message: dict[str, Any]) -> dict[str, Any]:
        """Carry out one control message and return the answer.

        Raises:
            KeyError, ValueError, TypeError: if the message does not fit; the control port answers.
        """
        return carry_out(self._commands, message)

    def _list(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "scene": "bench" if self.site.is_bench else "checkpoint",
            "room_c": self.site.room_c,
            "humidity_pct": self.site.humidity_pct,
            "speed": self.site.clock.speed,
            "people": len(self.site.people),
            "devices": [
                {
                    "name": plugged.name,
                    "model": plugged.model,
                    "address": dict(plugged.address),
                    "faults": sorted(plugged.faults.possible),
                    "on": sorted(plugged.faults.on()),
                    "commands": sorted(plugged.commands),
                }
                for plugged in self.devices.values()
            ],
        }

    def _present(self, message: dict[str, Any]) -> dict[str, Any]:
        """Hold a thermometer to whoever was at a camera's pixel at a wall time."""
        captured_at = datetime.fromisoformat(message["captured_at"])
        if captured_at.tzinfo is None:
            raise ValueError("captured_at needs a time zone")
        at_s = self.site.clock.at_s(captured_at)
        point = float(message["row"]), float(message["column"])
        people = self._checkpoint(message.get("camera")).truth(at_s)
        there = [who for who in people if who.box.grown(_GROWN).contains(point)]
        if not there:
            raise ValueError("nobody was there")
        who = min(there, key=lambda who: _apart(who, point))
        measure = self._thermometer(message.get("thermometer")).measure
        if measure is not None:
            timer = threading.Timer(_TRIGGER_DELAY_S, measure, (who.core_c,))
            timer.daemon = True
            timer.start()
        return {"traveller": who.name, "core_c": who.core_c}

    def _people(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send other people through the checkpoint: from now on, or once."""
        count, febrile_every = message["count"], message.get("febrile_every", 0)
        spacing_s, is_once = float(message.get("spacing_s", 4.0)), message.get("once", False)
        looks = message.get("looks")
        if not isinstance(is_once, bool):
            raise ValueError("'once' must be true or false")
        if not (isinstance(count, int) and int(is_once) <= count <= _MOST_PEOPLE):
            raise ValueError(f"count must be 0 (once: 1) to {_MOST_PEOPLE}")
        if not (isinstance(febrile_every, int) and febrile_every >= 0):
            raise ValueError("febrile_every must be 0 or more")
        if not (isfinite(spacing_s) and spacing_s > 0):
            raise ValueError("spacing_s must be above 0")
        if looks is not None and not (isinstance(looks, list) and set(looks) <= set(LOOKS)):
            raise ValueError(f"looks must be a list of {', '.join(LOOKS)}")
        # Guests are somebody else each time; those who come again and again are always the same.
        self._sent += is_once
        seed = self.site.seed + (self._sent if is_once else 0)
        people = demo_travellers(seed, count, febrile_every, spacing_s)
        if looks is not None:
            people = looking_so(people, looks)
        if is_once:
            self.site.guests = Guests(people, self.site.clock.now_s())
        else:
            self.site.people, self.site.guests = people, None
        return {"count": count}

    def _tell(self, message: dict[str, Any]) -> dict[str, Any]:
        """Pass a command of its own on to one device."""
        plugged, command = self.devices[message["device"]], message["command"]
        if command not in plugged.commands:
            known = ", ".join(sorted(plugged.commands)) or "none"
            raise ValueError(f"{plugged.name} knows no command {command!r}: it knows {known}")
        return plugged.commands[command](message)

    def _truth(self, message: dict[str, Any]) -> dict[str, Any]:
        if "device" in message:
            return self.devices[message["device"]].truth()
        now_s = self.site.clock.now_s()
        people = self._checkpoint(message.get("camera")).truth(now_s)
        return {"travellers": [_told(who) for who in people]}

    def _checkpoint(self, camera: str | None) -> Checkpoint:
        """Return what a camera, or the first one, sees of the people.

        Raises:
            KeyError: if there is no such device.
            ValueError: if it sees no people.
        """
        seen = list(self.devices.values()) if camera is None else [self.devices[camera]]
        views = (plugged.view for plugged in seen)
        found = next((view for view in views if isinstance(view, Checkpoint)), None)
        if found is None:
            raise ValueError("no camera here sees people")
        return found

    def _thermometer(self, name: str | None) -> Plugged:
        if name is not None:
            return self.devices[name]
        held = (plugged for plugged in self.devices.values() if plugged.measure is not None)
        found = next(held, None)
        if found is None:
            raise ValueError("nothing here can be held to people")
        return found


def _apart(who: TravellerTruth, point: tuple[float, float]) -> float:
    """Return how far a pixel lies from a face's center, in face heights."""
    row, column = who.box.center
    return hypot(point[0] - row, point[1] - column) / who.box.height


def _told(who: TravellerTruth) -> dict[str, Any]:
    return {
        "name": who.name,
        "core_c": who.core_c,
        "canthus_c": who.canthus_c,
        "distance_m": round(who.distance_m, 2),
        "facing": who.facing,
    }
