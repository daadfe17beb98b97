"""`fever-station run`: run a station until told to stop."""

import argparse
import logging
import signal
import threading
from pathlib import Path

from config.loader import load_settings
from station.runtime.wiring import Station
from station.service.logfile import keep_log, station_log
from station.service.notify import Notifier

logger = logging.getLogger(__name__)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("run", help="run a station until told to stop")
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument(
        "--drill", action="store_true", help="mark every alert as an exercise, not a real one"
    )


def run(args: argparse.Namespace) -> int:
    """Run the station; SIGTERM and Ctrl+C stop it in order.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the ledger, the bridge or a driver's secret cannot be had.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    manager = Notifier.of_environment()
    settings = load_settings(args.config)
    keep_log(station_log(settings.station.ledger_path))
    station = Station(settings, is_drill=args.drill, on_well=manager.alive)
    station.start()
    manager.ready()
    logger.info("the station runs")
    ended.wait()
    manager.stopping()
    station.stop()
    return 0
