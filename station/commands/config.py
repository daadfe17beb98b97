"""`fever-station config`: versions of the site file: add, apply, roll back, look at."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from config.reading import read_text
from config.versions import SiteVersions, VersionError, VersionWhy
from station.commands.asking import machine_user
from station.commands.wording import counted
from station.core.errors import KnownError
from station.runtime.driver_options import device_faults

_RESTART = "The station uses it from its next start on: restart it, or touch it at the kiosk."


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("config", help="versions of the site file, each judged first")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    add = parts.add_parser("add", help="judge a file and keep it; the kiosk can take it over")
    apply = parts.add_parser("apply", help="judge a file and make it the site file")
    rollback = parts.add_parser("rollback", help="make an earlier version the site file")
    history = parts.add_parser("history", help="list the versions")
    for part in (add, apply, rollback, history):
        part.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    for part in (add, apply):
        part.add_argument("file", type=Path, metavar="NEW.toml")
    rollback.add_argument("--to", type=int, metavar="NUMBER", help="default: the one before")


def run(args: argparse.Namespace) -> int:
    """Do it and say what comes next.

    Raises:
        ConfigError: naming each fault, if a version does not fit.
        KnownError: if a file cannot be read or written, or there is no such version.
    """
    versions, now = SiteVersions(args.config, device_faults), datetime.now(UTC)
    console = Console(highlight=False, soft_wrap=True)
    try:
        if args.part in {"add", "apply"}:
            number = versions.add(_text(args.file), machine_user().name, VersionWhy.ADDED, now)
            if args.part == "add":
                console.print(f"Version {number} is kept: take it over at the kiosk.")
                return 0
            versions.take(number, machine_user().name, now)
            console.print(f"Version {number} is the site file. {_RESTART}")
        elif args.part == "rollback":
            versions.note_file(now)
            number = args.to if args.to is not None else _before(versions)
            versions.take(number, machine_user().name, now)
            console.print(f"Version {number} is the site file again. {_RESTART}")
        else:
            _list(versions, now, console)
    except VersionError as error:
        raise KnownError(str(error)) from error
    return 0


def _list(versions: SiteVersions, now: datetime, console: Console) -> None:
    versions.note_file(now)
    current = versions.current()
    for one in versions.versions():
        mark = "*" if one.number == current else " "
        actor = one.actor or "-"
        changes = counted(len(versions.changes(one.number)), "line")
        told = f"{mark} {one.number:4d}  {one.at}  {one.why:8s} {actor}  {changes} changed"
        console.print(told, markup=False)


def _before(versions: SiteVersions) -> int:
    current = versions.current()
    older = [one.number for one in versions.versions() if current and one.number < current]
    if not older:
        raise KnownError("There is no version before this one.")
    return older[0]


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(f"{path} cannot be read as UTF-8 text: {error}.") from error
