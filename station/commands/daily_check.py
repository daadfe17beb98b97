"""`fever-station daily-check`: check a handheld thermometer against a known temperature."""

import argparse
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from rich.console import Console

from config.loader import load_settings
from station.core.commands import RecordCheck
from station.core.errors import KnownError
from station.core.events import CommandRefused, DeviceChecked, HandheldRead
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.runtime.bridge_client import BridgeClient, BridgeClosed

_READINGS = 3


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "daily-check", help="check a handheld thermometer against a known temperature, and log it"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--device", required=True, metavar="NAME", help="as in the site file")
    parser.add_argument("--reference-c", type=float, required=True, help="the source's, °C")
    parser.add_argument("--patience", type=float, default=120.0, help="longest wait, seconds")


def run(args: argparse.Namespace) -> int:
    """Wait for three readings of the source, have them judged and kept.

    Returns:
        0 if the thermometer passed, 1 if it failed.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the device is unknown, no station answers, it refuses, or nobody measures.
    """
    settings = load_settings(args.config)
    known = [thermometer.device_id for thermometer in settings.thermometers]
    if args.device not in known:
        raise KnownError(f"There is no thermometer {args.device!r}: choose {', '.join(known)}.")
    console = Console(highlight=False)
    client = BridgeClient(settings.kiosk.socket_path, as_user=True)
    client.connect()
    # Closing wakes the reader; a technician who has gone must not leave this command behind.
    patience = threading.Timer(args.patience, client.close)
    patience.start()
    try:
        readings = _measure(client, args.device, console)
        check = _judge(client, args.reference_c, readings)
    except BridgeClosed as error:
        raise KnownError(
            f"No whole check within {args.patience:.0f} s: measure the source {_READINGS} times, "
            "and see that the station runs."
        ) from error
    finally:
        patience.cancel()
        client.close()
    console.print(
        f"{check.device_id}: {check.verdict.value.upper()}, at most {check.worst_c:+.2f} °C off "
        f"(limit ±{check.limit_c:.1f} °C)"
    )
    return 0 if check.verdict is CheckVerdict.PASSED else 1


def _measure(client: BridgeClient, device_id: str, console: Console) -> list[UUID]:
    """Return the ids of the next readings of that thermometer."""
    started_at, found = datetime.now(UTC), list[UUID]()
    console.print(f"Measure the source {_READINGS} times with {device_id}.")
    while len(found) < _READINGS:
        event = client.read()
        if not isinstance(event, HandheldRead) or event.reading.device_id != device_id:
            continue
        # What the station remembers comes first; that was no check.
        if event.reading.taken_at >= started_at:
            found.append(event.reading.reading_id)
            shown = f"{event.reading.body_c:.1f} °C ({event.reading.mode.value})"
            console.print(f"  {len(found)}: {shown}")
    return found


def _judge(client: BridgeClient, reference_c: float, reading_ids: list[UUID]) -> DeviceCheck:
    command = RecordCheck(uuid4(), reference_c, tuple(reading_ids))
    client.send(command)
    while True:
        event = client.read()
        if isinstance(event, DeviceChecked) and event.command_id == command.command_id:
            return event.check
        if isinstance(event, CommandRefused) and event.command_id == command.command_id:
            raise KnownError(event.text)
