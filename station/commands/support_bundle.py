"""`fever-station support-bundle`: one zip for whoever helps, without personal data."""

import argparse
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from config.loader import load_settings
from station.core.errors import KnownError
from station.core.people import KIOSK
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from station.service.bundle import write_bundle
from station.service.states import instrument_states

_LISTENS_S = 1.5


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "support-bundle", help="write a zip for whoever helps, without personal data"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--out", type=Path, metavar="FILE.zip")


def run(args: argparse.Namespace) -> int:
    """Write the bundle; a station that does not run is no obstacle.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the file cannot be written.
    """
    settings = load_settings(args.config)
    station_id = settings.station.station_id
    now = datetime.now(UTC)
    out = args.out or Path(f"{station_id}-support-{now:%Y%m%d-%H%M%S}.zip")
    states = _states(settings.kiosk.socket_path)
    names = write_bundle(out, settings, states, own_words=(KIOSK.name, "station", station_id))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{out}: {', '.join(names)}", markup=False)
    return 0


def _states(socket_path: Path) -> dict[str, Any]:
    """Return what a running station tells of its instruments in its first words."""
    client = BridgeClient(socket_path)
    try:
        client.connect()
    except KnownError as error:
        return {"station": str(error)}
    patience = threading.Timer(_LISTENS_S, client.close)
    patience.start()
    told: list[object] = []
    try:
        while True:
            told.append(client.read())
    except BridgeClosed:
        pass
    finally:
        patience.cancel()
        client.close()
    return instrument_states(told)
