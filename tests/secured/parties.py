"""Who takes part in the attempts, where, and how long one waits for the other."""

import time
from datetime import UTC, datetime
from pathlib import Path

from station.reporting.topics import StationIdentity

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
GOOD = StationIdentity("000000", "hub", "station-1")
GOOD_STATUS = "fs/v1/000000/hub/station-1/status"
THIEF = StationIdentity("000000", "hub", "station-2")
REVOKED_KEY = StationIdentity("000000", "hub", "station-3")
# Its alerts go unsigned, so that the real CDC never answers it.
WAITING = StationIdentity("000000", "hub", "station-4")
WAIT_S = 60.0


def until(is_true, within_s=WAIT_S):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(0.005)
    return False


def now_utc():
    return datetime.now(UTC)
