"""`fever-station up`: station and kiosk together, each started again when it dies."""

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from config.loader import load_settings
from config.settings import Settings
from drivers.registry import BUILT_IN
from station.service import loaded
from station.service.supervisor import Part, PartEvent, Supervisor

WATCHDOG_S = 20.0
"""A part without a sign of life for so long is started anew; a thread counts as hung after 15 s."""

# What is loaded before the first run: whatever takes long; and what no start waits for.
_STATION_LOADS = ("station.commands.run", "sqlalchemy.dialects.sqlite", "cv2")
_STATION_LATER = "scipy.optimize"
_KIOSK_LOADS = "ui.app"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "up", help="run station and kiosk together; whichever dies is started again"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--drill", action="store_true", help="mark every alert as an exercise")
    parser.add_argument("--no-kiosk", action="store_true", help="the station alone")
    parser.add_argument("--window", action="store_true", help="the kiosk not on the whole screen")
    parser.add_argument("--json", action="store_true", help="tell what happens as JSON lines")


def run(args: argparse.Namespace) -> int:
    """Keep both running; SIGTERM and Ctrl+C end the kiosk, then the station in its own order.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the supervisor's sockets cannot be made.
    """
    settings = load_settings(args.config)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    console = Console(highlight=False, stderr=True)

    def tell(event: PartEvent) -> None:
        if args.json:
            at_s = round(time.monotonic(), 3)
            line = {"at_s": at_s, "part": event.part, "what": event.what}
            sys.stdout.write(json.dumps(line | {"pid": event.pid, "text": event.text}) + "\n")
            sys.stdout.flush()
        elif event.what != "status":
            console.print(f"{event.part}: {event.what} {event.text}".rstrip(), markup=False)

    with TemporaryDirectory(prefix="fever-up-") as folder:
        Supervisor(_parts(args, settings), Path(folder), tell).run(ended)
    return 0


def _parts(args: argparse.Namespace, settings: Settings) -> list[Part]:
    station = station_command(args.config)
    if args.drill:
        station.append("--drill")
    loads = ",".join((*_STATION_LOADS, *_drivers(settings)))
    parts = [_part("station", loads, _STATION_LATER, station)]
    if not args.no_kiosk:
        kiosk = kiosk_command(settings, is_full_screen=not args.window)
        parts.append(_part("kiosk", _KIOSK_LOADS, "", kiosk))
    return parts


def _part(name: str, loads: str, later: str, command: Sequence[str]) -> Part:
    python, module_switch, *program = command
    return Part(name, [python, module_switch, loaded.MODULE, loads, later, *program], WATCHDOG_S)


def _drivers(settings: Settings) -> set[str]:
    """Return the modules of our own drivers that the station needs."""
    names = {camera.driver for camera in settings.cameras}
    names |= {thermometer.driver for thermometer in settings.thermometers}
    names |= {source.driver for source in settings.sources}
    return {entry.target.partition(":")[0] for entry in BUILT_IN if entry.name in names}


def station_command(config: Path) -> list[str]:
    """Return the command line of the station's process."""
    return [sys.executable, "-m", "station", "run", "--config", str(config)]


def kiosk_command(settings: Settings, *, is_full_screen: bool) -> list[str]:
    """Return the command line of the kiosk's process."""
    kiosk = settings.kiosk
    command = [sys.executable, "-m", "ui", "--socket", str(kiosk.socket_path)]
    command += ["--language", kiosk.language, "--traveller", kiosk.traveller]
    if kiosk.voices_path is not None:
        command += ["--voices", str(kiosk.voices_path)]
    return [*command, "--full-screen"] if is_full_screen else command
