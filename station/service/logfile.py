"""The log on disk, of limited size, for whoever looks for a fault later."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
"""How a line looks."""
# One line for each picture of a camera on HTTP.
_TALKATIVE = ("httpx", "httpcore")
_LARGEST_BYTES, _OLDER_FILES = 1_000_000, 4

logger = logging.getLogger(__name__)


class _PrivateFile(RotatingFileHandler):
    """Makes its files for this user alone."""

    def _open(self):  # type: ignore[no-untyped-def]
        stream = super()._open()
        os.fchmod(stream.fileno(), 0o600)
        return stream


def keep_log(path: Path) -> None:
    """Write the log to a file from now on, beside where it goes already; a full disk stops nobody.

    Args:
        path: the newest file; older ones get `.1` to `.4` added.
    """
    try:
        handler = _PrivateFile(path, maxBytes=_LARGEST_BYTES, backupCount=_OLDER_FILES)
    except OSError as error:
        logger.warning("there is no log on disk: %s", error)
        return
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter(FORMAT))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    for other in root.handlers:
        # What is shown stays as it was chosen; the file holds more.
        other.setLevel(max(other.level, root.level))
    root.setLevel(min(root.level, logging.INFO))
    root.addHandler(handler)


def log_files(path: Path) -> list[Path]:
    """Return a log's files that exist, the newest first."""
    named = [path, *(Path(f"{path}.{number}") for number in range(1, _OLDER_FILES + 1))]
    return [one for one in named if one.exists()]


def station_log(ledger_path: Path) -> Path:
    """Return where a station keeps its log: beside its ledger."""
    return ledger_path.with_name("station.log")


def kiosk_log(socket_path: Path) -> Path:
    """Return where a kiosk keeps its log: beside the bridge's socket."""
    return socket_path.with_name("kiosk.log")
