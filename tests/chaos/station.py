"""A station's process: the whole product without cameras, and the door at which flags come in."""

import signal
import threading
from pathlib import Path

from config.loader import load_settings
from station.runtime.wiring import Station
from tests.chaos.door import Door


def main(config, journal):
    """Run until told to stop; prints a line when flags are taken."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    station = Station(load_settings(Path(config)))
    ledger = station._ledger
    door = Door(
        Path(journal), station._jobs.put, lambda: (ledger.epoch, ledger.next_sequence() - 1)
    )
    station.board.add_sink(door)
    station.start()
    door.start()
    ended.wait()
    station.stop()
