"""`fever-station devices check`: does this device keep the contract? A verdict, point by point.

What the tests do with simulators is done here with the device that is attached: opening, reading,
closing, opening again, and on request pulling its plug. Faults that only a simulator can make are
left to the tests.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from drivers.api import Device, HandheldThermometer, ThermalCamera
from drivers.errors import DeviceDisconnected, DeviceError
from station.commands.device_choice import Choice, add_arguments, choose
from station.commands.device_texts import read_line, told
from station.core.frames import ThermalFrame

_READINGS = 3
_READ_S = 5.0
_TRIGGER_S = 30.0
_SHORT_S = 0.3
# A read may end so much after its time limit; the machine may be busy.
_LATE_S = 1.0
_HEALS_S = 5.0
_PLUG_S = 60.0


class _Failed(Exception):
    """A point that the device does not keep; the text says what was seen."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the contract."""

    name: str
    """What is asked."""
    judge: Callable[[], str]
    """Returns what was seen; raises _Failed or DeviceError."""


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser("check", help="judge an attached device against the contract")
    add_arguments(parser)
    parser.add_argument(
        "--unplug", action="store_true", help="ask for the plug to be pulled and put back"
    )


def run(args: argparse.Namespace) -> int:
    """Check one device and print the verdict.

    Returns:
        0 if it keeps the contract, 1 if not.

    Raises:
        KnownError: if no device is named, or its driver does not exist.
    """
    console = Console(highlight=False)
    choice = choose(args)
    table = Table("point", "verdict", "seen", title=f"{choice.device_id} ({choice.driver})")
    is_kept = True
    check = _Check(choice, console, has_plug=args.unplug)
    try:
        for point in check.points():
            verdict, seen = _judge(point)
            is_kept = is_kept and verdict == "PASS"
            table.add_row(point.name, verdict, seen)
    finally:
        check.close()
    console.print(table)
    console.print("verdict: " + ("keeps the contract" if is_kept else "does NOT keep the contract"))
    return 0 if is_kept else 1


def _judge(point: Point) -> tuple[str, str]:
    try:
        return "PASS", point.judge()
    except _Failed as failure:
        return "FAIL", str(failure)
    except DeviceError as error:
        return "FAIL", f"{type(error).__name__}: {error}"


class _Check:
    """The points, in an order in which each finds the device as it needs it."""

    def __init__(self, choice: Choice, console: Console, *, has_plug: bool) -> None:
        self._device: Device = choice.create()
        self._choice = choice
        self._console = console
        self._has_plug = has_plug

    def points(self) -> Iterator[Point]:
        """Return every point that applies to this device."""
        yield Point("closing before opening is harmless", self._close_early)
        yield Point("opening says who answers", self._open)
        yield Point("reading delivers", self._read_some)
        if isinstance(self._device, ThermalCamera):
            yield Point("frames are numbered and their clock runs", self._frames_in_order)
        if isinstance(self._device, HandheldThermometer):
            yield Point("silence ends at the time limit", self._silence)
        yield Point("a closed device refuses to read", self._closed)
        yield Point("it is opened again, and is the same device", self._open_again)
        if self._has_plug:
            yield Point("a pulled plug is told", self._unplug)
            yield Point("a plug put back heals within five seconds", self._replug)

    def close(self) -> None:
        """Release the device."""
        self._device.close()

    def _close_early(self) -> str:
        self._device.close()
        self._device.close()
        return "closed twice"

    def _open(self) -> str:
        info = self._device.open()
        if info.driver != self._choice.driver:
            raise _Failed(f"the driver calls itself {info.driver!r}")
        return told(info)

    def _read_some(self) -> str:
        line = ""
        if isinstance(self._device, HandheldThermometer):
            self._console.print(f"Pull the trigger within {_TRIGGER_S:.0f} s.")
            return self._read(_TRIGGER_S)
        for _ in range(_READINGS):
            line = self._read(_READ_S)
        return line

    def _read(self, timeout_s: float) -> str:
        line = read_line(self._device, timeout_s)
        if line is None:
            raise _Failed(f"nothing came within {timeout_s:.0f} s")
        return line

    def _frames_in_order(self) -> str:
        camera = self._device
        frames: list[ThermalFrame] = []
        while isinstance(camera, ThermalCamera) and len(frames) < _READINGS:
            frame = camera.read(_READ_S)
            if frame is None:
                raise _Failed("the stream has ended")
            frames.append(frame)
        for before, after in pairwise(frames):
            if after.sequence <= before.sequence or after.monotonic_s <= before.monotonic_s:
                raise _Failed(f"frame {after.sequence} came after {before.sequence}")
        return f"frames {frames[0].sequence} to {frames[-1].sequence}"

    def _silence(self) -> str:
        begun_s = time.monotonic()
        read_line(self._device, _SHORT_S)
        took_s = time.monotonic() - begun_s
        if took_s > _SHORT_S + _LATE_S:
            raise _Failed(f"a read of {_SHORT_S:g} s took {took_s:.1f} s")
        return f"{took_s:.2f} s"

    def _closed(self) -> str:
        self._device.close()
        try:
            read_line(self._device, _SHORT_S)
        except DeviceDisconnected as error:
            return str(error)
        raise _Failed("it read although it was closed")

    def _open_again(self) -> str:
        before = self._device.info
        if self._device.open() != before:
            raise _Failed(f"it was {told(before)} and is now {told(self._device.info)}")
        return told(before)

    def _unplug(self) -> str:
        self._console.print(f"Pull the plug within {_PLUG_S:.0f} s.")
        ends_s = time.monotonic() + _PLUG_S
        while time.monotonic() < ends_s:
            try:
                read_line(self._device, 1.0)
            except DeviceError as error:
                return f"{type(error).__name__}: {error}"
        raise _Failed("nothing was told")

    def _replug(self) -> str:
        self._device.close()
        self._console.print("Put the plug back, then press Enter.")
        self._console.input("")
        begun_s = time.monotonic()
        while True:
            try:
                self._device.open()
            except DeviceError as error:
                took_s = time.monotonic() - begun_s
                if took_s > _HEALS_S:
                    raise _Failed(f"still lost after {took_s:.1f} s: {error}") from error
                time.sleep(0.2)
            else:
                return f"{time.monotonic() - begun_s:.1f} s"
