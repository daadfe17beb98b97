"""`fever-station simulate`: a whole hub without hardware, and a screen to make it fail."""

import argparse
import codecs
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.live import Live

from station.commands.parts import HubProcess
from station.commands.simulate_lines import Desk, LineRefused
from station.commands.simulate_screen import Screen
from station.commands.simulate_site import write_site

_CHUNK = 4096
_LOOK_EVERY_S = 1.0


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "simulate", help="run simulated devices and make them fail from a screen"
    )
    parser.add_argument(
        "hub", metavar="FILE", help="a hub file, or a shipped one: checkpoint, bench, demo"
    )
    parser.add_argument(
        "--site", type=Path, metavar="OUT.toml", help="write the site file for fever-station run"
    )
    parser.add_argument("--folder", type=Path, help="where serial ports appear; a new one if none")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="change one of its values"
    )


def run(args: argparse.Namespace) -> int:
    """Run the hub until `quit`, the end of the input, or Ctrl+C.

    Returns:
        0, or 1 if a line of a non-interactive input could not be carried out.

    Raises:
        KnownError: if the hub does not start or ends by itself.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(highlight=False)
    try:
        with ExitStack() as parts:
            folder = args.folder or Path(
                parts.enter_context(TemporaryDirectory(prefix="simulate-"))
            )
            hub = parts.enter_context(HubProcess(args.hub, folder, tuple(args.set)))
            desk = Desk(hub.ask)
            notes = _site_notes(desk, hub.control, args.site) if args.site else []
            if console.is_terminal and sys.stdin is not None and sys.stdin.isatty():
                return _play(desk, hub, console, notes)
            return _read(desk, hub, console, notes)
    except KeyboardInterrupt:
        return 0


def _site_notes(desk: Desk, control: tuple[str, int], path: Path) -> list[str]:
    unplaced = write_site(desk.hub, control, path)
    notes = [f"in a second terminal: fever-station run --config {path}"]
    if unplaced:
        notes.append(f"not in the site file, which has no place for them: {', '.join(unplaced)}")
    return notes


def _read(desk: Desk, hub: HubProcess, console: Console, notes: list[str]) -> int:
    """Carry out lines of a pipe or file, each with its answer."""
    code = 0
    for text in [desk.obey("list"), *notes]:
        console.print(text, markup=False, soft_wrap=True)
    for line in _lines(desk, hub):
        try:
            said = desk.obey(line)
        except LineRefused as error:
            said, code = f"error: {error}", 1
        if said:
            console.print(said, markup=False, soft_wrap=True)
        if desk.is_over:
            break
    return code


def _lines(desk: Desk, hub: HubProcess) -> Iterator[str]:
    text = ""
    for piece in _typed(desk, hub, None):
        *whole, text = (text + piece).split("\n")
        yield from whole
    if text:
        yield text


def _play(desk: Desk, hub: HubProcess, console: Console, notes: list[str]) -> int:
    """Show the screen and take keys."""
    screen = Screen(desk)
    screen.say("\n".join(notes))
    live = Live(console=console, screen=True, auto_refresh=False)
    with _single_keys(), live:
        for piece in _typed(desk, hub, _LOOK_EVERY_S):
            screen.press(piece)
            if desk.is_over:
                break
            live.update(screen.draw(*console.size), refresh=True)
    return 0


def _typed(desk: Desk, hub: HubProcess, every_s: float | None) -> Iterator[str]:
    """Yield what comes on standard input until its end, and "" every so many seconds.

    Raises:
        KnownError: if the hub ends.
    """
    # os.read, not sys.stdin: its buffer would hide from select what has come.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        if every_s is not None:
            desk.look()
            yield ""
        ready = select.select([0, hub.fileno()], [], [], every_s)[0]
        if hub.fileno() in ready:
            desk.look()
        if 0 in ready:
            data = os.read(0, _CHUNK)
            if not data:
                return
            yield decoder.decode(data)


@contextmanager
def _single_keys() -> Iterator[None]:
    """Take each key as it is pressed, without echo; Ctrl+C still interrupts."""
    before = termios.tcgetattr(0)
    tty.setcbreak(0)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
