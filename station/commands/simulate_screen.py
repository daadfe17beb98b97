"""The terminal screen of a simulated hub: what is drawn, and what each key does."""

import re
import textwrap
from collections import deque
from collections.abc import Callable
from os.path import commonprefix

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from station.commands.simulate_lines import (
    Desk,
    LineRefused,
    SimulatedDevice,
    completions,
    shown_address,
)

_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|.", re.DOTALL)
_UP, _DOWN, _RIGHT, _LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
# Terminals in application mode send these for the arrows.
_ARROWS = {"\x1bOA": _UP, "\x1bOB": _DOWN, "\x1bOC": _RIGHT, "\x1bOD": _LEFT}
_ESCAPE, _TAB, _CLEAR = "\x1b", "\t", "\x15"
_RUB_OUT = {"\x7f", "\b"}
_ENTER = {"\r", "\n"}
_HINT = "↑↓ device  ←→ fault  Enter switch  Space pause  + - speed  or type a command: help"
_MOST_SAID = 200
# Rows beside devices and answers: header, status, three rules, two of faults, prompt.
_FIXED_ROWS = 8
_LEAST_SAID_ROWS = 4
_FASTEST = 1000.0


class Screen:
    """Takes keys and draws.

    Args:
        desk: carries out what is typed.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._line = ""
        self._history: list[str] = []
        self._back = 0
        self._device = 0
        self._fault = 0
        self._said: deque[tuple[str, str]] = deque(maxlen=_MOST_SAID)

    def say(self, text: str, style: str = "") -> None:
        """Show some lines below the devices."""
        self._said.extend((line, style) for line in text.splitlines())

    def press(self, typed: str) -> None:
        """Take what was typed, whole keys only.

        Raises:
            KnownError: if the hub has ended.
        """
        for key in _KEY.findall(typed):
            self._take(_ARROWS.get(key, key))

    def draw(self, width: int, height: int) -> RenderableType:
        """Return the whole screen for a terminal of so many columns and rows."""
        devices = self._desk.hub.devices
        room = max(1, height - _FIXED_ROWS - _LEAST_SAID_ROWS)
        shown = min(len(devices), room)
        first = min(max(0, self._device - shown // 2), len(devices) - shown)
        said_rows = max(1, height - _FIXED_ROWS - shown)
        said = [
            Text(line, style, no_wrap=True)
            for text, style in self._said
            for line in textwrap.wrap(text, width)
        ]
        screen = Layout()
        screen.split_column(
            Layout(self._status(), size=1),
            Layout(Rule(style="dim"), size=1),
            Layout(self._table(devices[first : first + shown], first), size=shown + 1),
            Layout(Rule(style="dim"), size=1),
            Layout(self._faults(), size=2),
            Layout(Rule(style="dim"), size=1),
            Layout(Group(*said[-said_rows:])),
            Layout(self._prompt(), size=1),
        )
        return screen

    def _take(self, key: str) -> None:
        if key in _ENTER:
            self._enter()
        elif key in _RUB_OUT:
            self._line = self._line[:-1]
        elif key in {_ESCAPE, _CLEAR}:
            self._line = ""
        elif key == _TAB:
            self._complete()
        elif key in {_UP, _DOWN} and self._line:
            self._recall(1 if key == _UP else -1)
        elif key in {_UP, _DOWN}:
            self._device = (self._device + (1 if key == _DOWN else -1)) % self._count
            self._fault = 0
        elif key in {_LEFT, _RIGHT}:
            faults = len(self._chosen.faults) or 1
            self._fault = (self._fault + (1 if key == _RIGHT else -1)) % faults
        elif not self._line and key in {" ", "+", "-"}:
            self._change_speed(key)
        elif key.isprintable():
            self._line += key

    @property
    def _count(self) -> int:
        return len(self._desk.hub.devices)

    @property
    def _chosen(self) -> SimulatedDevice:
        return self._desk.hub.devices[self._device]

    def _enter(self) -> None:
        line, self._line, self._back = self._line.strip(), "", 0
        if line:
            self._history.append(line)
            self.say(f"> {line}", "bold")
            self._try(lambda: self._desk.obey(line))
        elif self._chosen.faults:
            chosen = self._chosen
            self._try(lambda: self._desk.switch(chosen.name, chosen.faults[self._fault]))

    def _try(self, do: Callable[[], str]) -> None:
        try:
            self.say(do())
        except LineRefused as error:
            self.say(str(error), "red")

    def _complete(self) -> None:
        found = completions(self._line, self._desk.hub)
        if not found:
            return
        before, separator, _ = self._line.rpartition(" ")
        word = f"{found[0]} " if len(found) == 1 else commonprefix(found)  # noqa: RUF071 - no paths
        self._line = before + separator + word
        if len(found) > 1:
            self.say("  ".join(found), "dim")

    def _recall(self, step: int) -> None:
        """Bring an earlier line back, or a later one."""
        self._back = min(max(1, self._back + step), len(self._history) or 1)
        if self._history:
            self._line = self._history[-self._back]

    def _change_speed(self, key: str) -> None:
        speed = self._desk.hub.speed
        if key == " ":
            line = "pause" if speed else "go"
        else:
            line = f"speed {min(speed * 2, _FASTEST) if key == '+' else speed / 2:g}"
        self._try(lambda: self._desk.obey(line))

    def _status(self) -> Text:
        hub = self._desk.hub
        pace = f"{hub.speed:g} times the speed" if hub.speed else "PAUSED"
        return Text(
            f"{hub.scene}, {hub.room_c:g} °C, {hub.people} people, {pace}", "bold", no_wrap=True
        )

    def _table(self, devices: tuple[SimulatedDevice, ...], first: int) -> Table:
        table = Table(box=None, expand=True, padding=(0, 1), header_style="dim")
        for name, ratio in (("device", 2), ("model", 2), ("faults on", 3), ("commands", 2)):
            table.add_column(name, no_wrap=True, overflow="ellipsis", ratio=ratio)
        table.add_column("address", no_wrap=True, overflow="ellipsis", ratio=4)
        for number, one in enumerate(devices, first):
            table.add_row(
                one.name,
                one.model,
                Text(", ".join(one.on) or "-", "red" if one.on else "dim"),
                ", ".join(one.commands) or "-",
                Text(shown_address(one.address), "dim"),
                style="reverse" if number == self._device else "",
            )
        return table

    def _faults(self) -> Text:
        """Return the chosen device's faults, the chosen one marked."""
        chosen = self._chosen
        told = Text("faults: ", overflow="ellipsis")
        for number, fault in enumerate(chosen.faults):
            style = "red" if fault in chosen.on else ""
            told.append(fault, f"{style} reverse" if number == self._fault else style or "default")
            told.append(" ")
        return told

    def _prompt(self) -> Text:
        text = Text(f"> {self._line}", no_wrap=True)
        text.append("▏", "blink")
        return text if self._line else text.append(_HINT, "dim")
