"""The processes of a campaign: broker, receiver, simulators, and the supervisor with both parts."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from station.commands.broker import LocalBroker
from station.commands.parts import HubProcess, first_line, process
from tests.one_lane import gun, write_site

HUB = str(Path(__file__).with_name("hub.toml"))
LOST = "Station not reachable"
"""How the kiosk's banner begins while there is no station."""


class World(ExitStack):
    """Everything around the two parts, started on entry and ended on exit."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.inbox = folder / "cdc.sqlite"
        self.ledger = folder / "ledger.sqlite"

    def __enter__(self):
        super().__enter__()
        broker = self.enter_context(LocalBroker())
        arguments = ("--port", str(broker.port), "--db", str(self.inbox), "--json")
        cdc = self.enter_context(
            process([sys.executable, "-m", "station", "cdc", "serve", *arguments])
        )
        first_line(cdc, "the CDC's receiver")
        # Its lines are read and forgotten, so that it never waits for us.
        threading.Thread(target=lambda: list(cdc.stdout), daemon=True).start()
        self.hub = self.enter_context(HubProcess(HUB, self.folder))
        self.site = write_site(
            self.folder,
            self.hub.addresses,
            broker.port,
            more='language = "en"\n' + gun(self.hub.addresses),
            password="kills",
        )
        return self


class Up:
    """`fever-station up` as a process, and what it says of its parts."""

    def __init__(self, site, *, kiosk):
        command = [sys.executable, "-m", "station", "up", "--config", str(site)]
        command += ["--json", "--window"] + ([] if kiosk else ["--no-kiosk"])
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OPENBLAS_NUM_THREADS": "1"}
        self._lock = threading.Lock()
        self._said = []
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def said(self, part, what=None):
        """Return what was said of a part so far, oldest first."""
        with self._lock:
            return [s for s in self._said if s["part"] == part and what in (None, s["what"])]

    def pid(self, part):
        """Return the part's process, or None while it is down."""
        last = [s for s in self.said(part) if s["what"] in ("started", "ended")][-1:]
        return last[0]["pid"] if last and last[0]["what"] == "started" else None

    def end(self):
        """End both parts in order and return the supervisor's exit code."""
        self._process.terminate()
        code = self._process.wait(90)
        self._reader.join()
        self._process.stdout.close()
        return code

    def kill_all(self):
        """End everything, whatever state it is in."""
        for part in ("station", "kiosk"):
            if (pid := self.pid(part)) is not None:
                os.kill(pid, 9)
        if self._process.poll() is None:
            self.end()

    def _read(self):
        for line in self._process.stdout:
            with self._lock:
                self._said.append(json.loads(line))


def wait_for(happens, what, within_s):
    """Wait until something is true and return it."""
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if found := happens():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} within {within_s:.0f} s")
