"""What a technician can type to a running simulated hub, and what is said back."""

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol


class LineRefused(ValueError):
    """A line that cannot be carried out; the text says what to type instead."""


class Ask(Protocol):
    """Sends one control message and returns the answer."""

    def __call__(self, **message: Any) -> dict[str, Any]:
        """See `station.commands.parts.HubProcess.ask`."""
        ...


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """One device of the hub."""

    name: str
    """Its name."""
    model: str
    """Its model: the name of the driver that reads it."""
    address: Mapping[str, Any]
    """The driver's options that lead to it."""
    faults: tuple[str, ...]
    """The faults that it knows."""
    on: tuple[str, ...]
    """The faults that are on."""
    commands: tuple[str, ...]
    """What only this device can be told."""


@dataclass(frozen=True, slots=True)
class SimulatedHub:
    """The hub as it stands now."""

    scene: str
    """Whether cameras look at people ("checkpoint") or at two sources ("bench")."""
    room_c: float
    """Air temperature, °C."""
    humidity_pct: float
    """Relative humidity, %."""
    speed: float
    """Scene seconds in one real second; 0 while it is paused."""
    people: int
    """How many people walk by before they come again."""
    devices: tuple[SimulatedDevice, ...]
    """What stands there."""


_USAGE = {
    "list": ("list", "the devices, their addresses and faults"),
    "fault": ("fault DEVICE FAULT on|off", "switch one fault"),
    "faults": ("faults DEVICE", "the faults that a device knows"),
    "clear": ("clear [DEVICE]", "switch all faults off"),
    "people": ("people COUNT [FEBRILE] [SECONDS]", "send people; FEBRILE: every 3rd is 3, or 33%"),
    "speed": ("speed FACTOR", "let scene time run faster or slower"),
    "pause": ("pause", "let scene time stand still"),
    "go": ("go", "let it run on"),
    "trigger": ("trigger THERMOMETER DEGREES", "measure somebody of so many °C"),
    "panel": ("panel SOURCE DEGREES", "set a source at its own panel, °C"),
    "tell": ("tell DEVICE COMMAND [NAME=VALUE ...]", "any other command of a device"),
    "truth": ("truth [DEVICE]", "who is in view, or what is true of a device"),
    "help": ("help", "this list"),
    "quit": ("quit", "end the simulators"),
}
COMMANDS = tuple(_USAGE)
"""The words that a line may begin with."""


class Desk:
    """Carries out lines.

    Args:
        ask: sends a control message.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._running_speed = 1.0
        self.is_over = False
        """Whether `quit` was typed."""
        self.hub = self.look()
        """The hub as it was last seen."""
        self._words: Mapping[str, Callable[[list[str]], str]] = {
            "list": self._list,
            "fault": self._fault,
            "faults": self._faults,
            "clear": self._clear,
            "people": self._people,
            "speed": self._speed,
            "pause": self._pause,
            "go": self._go,
            "trigger": self._trigger,
            "panel": self._panel,
            "tell": self._tell,
            "truth": self._truth,
            "help": self._help,
            "quit": self._quit,
        }

    def look(self) -> SimulatedHub:
        """Ask how the hub stands, remember and return it."""
        told = self._send(do="list")
        devices = tuple(
            SimulatedDevice(
                one["name"],
                one["model"],
                one["address"],
                tuple(one["faults"]),
                tuple(one["on"]),
                tuple(one["commands"]),
            )
            for one in told["devices"]
        )
        self.hub = SimulatedHub(
            told["scene"],
            told["room_c"],
            told["humidity_pct"],
            told["speed"],
            told["people"],
            devices,
        )
        return self.hub

    def obey(self, line: str) -> str:
        """Carry out a line and return what to say, one or more lines; empty for an empty line.

        Raises:
            LineRefused: if it cannot be carried out.
            KnownError: if the hub has ended.
        """
        word, *rest = line.split() or [""]
        if not word:
            return ""
        if word not in self._words:
            near = difflib.get_close_matches(word, COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(COMMANDS)}"
            raise LineRefused(f"there is no command {word!r}: {hint}")
        said = self._words[word](rest)
        self.look()
        return said

    def switch(self, device: str, fault: str) -> str:
        """Turn one fault over and return what to say."""
        is_on = fault in self._device(device).on
        return self.obey(f"fault {device} {fault} {'off' if is_on else 'on'}")

    def device_rows(self) -> list[tuple[str, str, str, str, str]]:
        """Return name, model, address, faults that are on, and commands of each device."""
        return [
            (
                one.name,
                one.model,
                shown_address(one.address),
                ", ".join(one.on) or "-",
                ", ".join(one.commands) or "-",
            )
            for one in self.hub.devices
        ]

    def _send(self, **message: Any) -> dict[str, Any]:
        answer = self._ask(**message)
        if "error" in answer:
            raise LineRefused(str(answer["error"]))
        return answer

    def _list(self, rest: list[str]) -> str:
        _arguments("list", rest, 0, 0)
        return "\n".join("  ".join(row) for row in self.device_rows())

    def _fault(self, rest: list[str]) -> str:
        name, fault, state = _arguments("fault", rest, 3, 3)
        device = self._device(name)
        if fault not in device.faults:
            raise LineRefused(
                f"{name} knows no fault {fault!r}: use one of {', '.join(device.faults)}"
            )
        if state not in {"on", "off"}:
            raise LineRefused(f"a fault is switched on or off, not {state!r}")
        self._send(do="fault", device=name, fault=fault, on=state == "on")
        return f"{name}: {fault} is {state}"

    def _faults(self, rest: list[str]) -> str:
        (name,) = _arguments("faults", rest, 1, 1)
        device = self._device(name)
        return f"{name}: {', '.join(f'{f} (on)' if f in device.on else f for f in device.faults)}"

    def _clear(self, rest: list[str]) -> str:
        names = _arguments("clear", rest, 0, 1)
        devices = [self._device(names[0])] if names else self.hub.devices
        count = 0
        for device in devices:
            for fault in device.on:
                self._send(do="fault", device=device.name, fault=fault, on=False)
                count += 1
        return f"{count} fault{'s' * (count != 1)} switched off"

    def _people(self, rest: list[str]) -> str:
        given = _arguments("people", rest, 1, 3)
        count = _whole(given[0], "COUNT")
        every = _febrile_every(given[1]) if len(given) > 1 else 0
        spacing_s = _number(given[2], "SECONDS") if len(given) > 2 else 4.0  # noqa: PLR2004
        self._send(do="people", count=count, febrile_every=every, spacing_s=spacing_s)
        fever = f"one in {every} has a fever" if every else "nobody has a fever"
        return f"{count} people come, one every {spacing_s:g} s; {fever}"

    def _speed(self, rest: list[str]) -> str:
        (text,) = _arguments("speed", rest, 1, 1)
        factor = _number(text, "FACTOR")
        self._send(do="speed", factor=factor)
        return f"scene time runs at {factor:g} times the speed" if factor else "paused"

    def _pause(self, rest: list[str]) -> str:
        _arguments("pause", rest, 0, 0)
        self._running_speed = self.hub.speed or self._running_speed
        return self._speed(["0"])

    def _go(self, rest: list[str]) -> str:
        _arguments("go", rest, 0, 0)
        return self._speed([f"{self.hub.speed or self._running_speed:g}"])

    def _trigger(self, rest: list[str]) -> str:
        name, text = _arguments("trigger", rest, 2, 2)
        degrees = _number(text, "DEGREES")
        self._tell_device(name, "trigger", temperature_c=degrees)
        return f"{name} was triggered at {degrees:g} °C"

    def _panel(self, rest: list[str]) -> str:
        name, text = _arguments("panel", rest, 2, 2)
        degrees = _number(text, "DEGREES")
        self._tell_device(name, "panel", set_point_c=degrees)
        return f"{name} is set to {degrees:g} °C"

    def _tell(self, rest: list[str]) -> str:
        name, command, *pairs = _arguments("tell", rest, 2, None)
        options = dict(_pair(text) for text in pairs)
        return _told(self._tell_device(name, command, **options))

    def _tell_device(self, name: str, command: str, **options: Any) -> dict[str, Any]:
        device = self._device(name)
        if command not in device.commands:
            known = ", ".join(device.commands) or "none"
            raise LineRefused(f"{name} knows no command {command!r}: it knows {known}")
        return self._send(**(options | {"do": "tell", "device": name, "command": command}))

    def _truth(self, rest: list[str]) -> str:
        names = _arguments("truth", rest, 0, 1)
        if names:
            told = self._send(do="truth", device=self._device(names[0]).name)
            return f"{names[0]}: {_told(told)}"
        people = self._send(do="truth")["travellers"]
        return "\n".join(_told(who) for who in people) or "nobody is in view"

    def _help(self, rest: list[str]) -> str:
        _arguments("help", rest, 0, 0)
        return "\n".join(f"{usage:<38} {what}" for usage, what in _USAGE.values())

    def _quit(self, rest: list[str]) -> str:
        _arguments("quit", rest, 0, 0)
        self.is_over = True
        return "ending"

    def _device(self, name: str) -> SimulatedDevice:
        found = next((one for one in self.hub.devices if one.name == name), None)
        if found is None:
            names = ", ".join(one.name for one in self.hub.devices)
            raise LineRefused(f"there is no device {name!r}: use one of {names}")
        return found


def completions(line: str, hub: SimulatedHub) -> list[str]:
    """Return the words that the last, begun word of a line may become."""
    *before, begun = line.split(" ")
    devices = [one.name for one in hub.devices]
    match before:
        case []:
            known = list(COMMANDS)
        case ["fault" | "faults" | "clear" | "trigger" | "panel" | "tell" | "truth"]:
            known = devices
        case ["fault", name]:
            known = [fault for one in hub.devices if one.name == name for fault in one.faults]
        case ["fault", _, _]:
            known = ["on", "off"]
        case ["tell", name]:
            known = [word for one in hub.devices if one.name == name for word in one.commands]
        case _:
            known = []
    return [word for word in known if word.startswith(begun)]


def shown_address(address: Mapping[str, Any]) -> str:
    """Return an address in one line, without its password."""
    return " ".join(f"{name}={value}" for name, value in address.items() if name != "password")


def _arguments(word: str, given: list[str], least: int, most: int | None) -> list[str]:
    if len(given) < least or (most is not None and len(given) > most):
        raise LineRefused(f"write: {_USAGE[word][0]}")
    return given


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise LineRefused(f"{name} must be a number, not {text!r}")
    return value


def _whole(text: str, name: str) -> int:
    if not text.isdecimal():
        raise LineRefused(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _febrile_every(text: str) -> int:
    """Return how many people one febrile is among, from `3` or `33%`; 0 for nobody febrile."""
    if not text.endswith("%"):
        return _whole(text, "FEBRILE")
    share = _number(text.removesuffix("%"), "FEBRILE") / 100
    if not 0 <= share <= 1:
        raise LineRefused("FEBRILE must be 0% to 100%")
    return round(1 / share) if share else 0


def _pair(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise LineRefused(f"{text!r} is no NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _told(answer: Mapping[str, Any]) -> str:
    """Return an answer in one line."""
    parts = (
        f"{name}={value:.2f}" if isinstance(value, float) else f"{name}={value}"
        for name, value in answer.items()
    )
    return "  ".join(parts) or "done"
