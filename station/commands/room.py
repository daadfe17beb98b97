"""`fever-station room`: tell a running station what was measured in its room."""

import argparse
from pathlib import Path
from uuid import uuid4

from station.commands.asking import ask
from station.core.commands import SetRoom
from station.core.events import RoomChanged


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "room", help="tell a running station the measured room and outdoor temperature"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--ambient-c", type=float, required=True, help="air and walls, °C")
    parser.add_argument("--humidity-pct", type=float, help="relative humidity, %% (if measured)")
    parser.add_argument(
        "--outdoor-c",
        type=float,
        help="outdoor temperature, °C (if measured): --outdoor-c=-5",
    )


def run(args: argparse.Namespace) -> int:
    """Send the command and wait for its answer.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if no station answers, or it refuses the values.
    """
    command = SetRoom(uuid4(), args.ambient_c, args.humidity_pct, args.outdoor_c)
    ask(
        args.config,
        command,
        lambda event: isinstance(event, RoomChanged) and event.command_id == command.command_id,
    )
    return 0
