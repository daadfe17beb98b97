"""`fever-station run`: run a station until told to stop."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from config.loader import ConfigError, load_settings
from config.versions import SiteVersions, VersionError
from station.core.errors import KnownError
from station.ledger.database import LedgerDamaged
from station.runtime.driver_options import device_faults
from station.runtime.service import SiteFile
from station.runtime.wiring import Station
from station.service import memory
from station.service.logfile import keep_log, station_log
from station.service.notify import Notifier

logger = logging.getLogger(__name__)

# A thread that reads a camera has the interpreter after so long, whatever the lanes do.
_SWITCH_S = 0.001


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("run", help="run a station until told to stop")
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument(
        "--drill", action="store_true", help="mark every alert as an exercise, not a real one"
    )


def run(args: argparse.Namespace) -> int:
    """Run the station; SIGTERM and Ctrl+C stop it in order.

    A version of the site file that was taken over at the kiosk, and with which the station does not
    come up, is given up for the one before.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the ledger or the bridge cannot be had.
    """
    ended, told_to_end, again = threading.Event(), threading.Event(), threading.Event()

    def end(*_: object) -> None:
        told_to_end.set()
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    sys.setswitchinterval(_SWITCH_S)
    manager = Notifier.of_environment()
    versions = SiteVersions(args.config, device_faults)
    _begin(versions)

    def restart() -> None:
        again.set()
        ended.set()

    prover = _Prover(versions, manager.alive)
    site = SiteFile(args.config, versions, restart)
    try:
        settings = load_settings(args.config)
        keep_log(station_log(settings.station.ledger_path))
        station = Station(
            settings,
            is_drill=args.drill,
            on_well=prover.well,
            site=site,
            on_starting=manager.starting,
        )
        station.start()
    except LedgerDamaged as error:
        # Its damage is noted: the next start sets it aside and goes on with a new one.
        logger.error("the station starts again: %s", error)
        manager.start_anew()
    except (ConfigError, KnownError) as error:
        if _fall_back(versions, error):
            manager.start_anew()
        raise
    manager.ready()
    logger.info("the station runs")
    while not ended.wait(memory.EVERY_S):
        memory.give_back()
    if again.is_set():
        logger.info("the station starts again with another site file")
    else:
        manager.stopping()
    station.stop()
    if again.is_set() and not told_to_end.is_set():
        manager.start_anew()
    return 0


class _Prover:
    """Notes once that the station runs well with its settings."""

    def __init__(self, versions: SiteVersions, alive: Callable[[], None]) -> None:
        self._versions = versions
        self._alive = alive
        self._is_done = False

    def well(self) -> None:
        """The station runs and no part of it hangs."""
        self._alive()
        if not self._is_done:
            self._is_done = True
            try:
                self._versions.prove()
            except VersionError as error:
                logger.warning("%s", error)


def _begin(versions: SiteVersions) -> None:
    """Note the start; without a folder to write to, a station runs all the same."""
    try:
        given_up = versions.begin(datetime.now(UTC))
    except VersionError as error:
        logger.warning("versions of the site file are not kept: %s", error)
        return
    if given_up is not None:
        logger.error("version %d of the site file is given up: no start came far", given_up)


def _fall_back(versions: SiteVersions, error: Exception) -> bool:
    try:
        given_up = versions.fall_back()
    except VersionError:
        return False
    if given_up is not None:
        logger.error("version %d of the site file is given up: %s", given_up, error)
    return given_up is not None
