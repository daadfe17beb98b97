"""`fever-station room`: tell a running station what was measured in its room."""

import argparse
import threading
import time
from pathlib import Path
from uuid import uuid4

from config.loader import load_settings
from station.core.errors import KnownError
from station.core.events import CommandRefused, RoomChanged, SetRoom
from station.runtime.bridge import BridgeClient, BridgeClosed

_ANSWER_WITHIN_S = 5.0


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
    parser.add_argument("--actor", default="technician", help="who measured, or the sensor's name")


def run(args: argparse.Namespace) -> int:
    """Send the command and wait for its answer.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if no station answers, or it refuses the values.
    """
    client = BridgeClient(load_settings(args.config).kiosk.socket_path)
    command = SetRoom(uuid4(), args.ambient_c, args.humidity_pct, args.outdoor_c, args.actor)
    client.connect()
    # Closing wakes the reader; a station that hangs must not hang this command, too.
    patience = threading.Timer(_ANSWER_WITHIN_S, client.close)
    patience.start()
    started_s = time.monotonic()
    try:
        client.send(command)
        while True:
            event = client.read()
            if isinstance(event, RoomChanged) and event.command_id == command.command_id:
                return 0
            if isinstance(event, CommandRefused) and event.command_id == command.command_id:
                raise KnownError(event.text)
    except BridgeClosed as error:
        if time.monotonic() - started_s >= _ANSWER_WITHIN_S:
            raise KnownError(
                f"The station did not answer within {_ANSWER_WITHIN_S:.0f} s: restart it."
            ) from error
        raise
    finally:
        patience.cancel()
        client.close()
