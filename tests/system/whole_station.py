"""A whole station as its own process, and what it tells its kiosks."""

import time

from station.runtime.bridge_client import BridgeClient, BridgeClosed
from tests.support import wait_for


def connect(folder, *, as_user=False):
    """Return a client of the station whose socket is in this folder, once it answers."""
    client = BridgeClient(folder / "bridge", as_user=as_user)

    def is_connected():
        try:
            client.connect()
        except BridgeClosed:
            return False
        return True

    wait_for(is_connected)
    return client


def read_until(client, is_it):
    """Read on to an event and return it."""
    deadline_s = time.monotonic() + 120
    while time.monotonic() < deadline_s:
        if is_it(event := client.read()):
            return event
    raise AssertionError("the station did not say it in time")
