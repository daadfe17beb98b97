import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from station.cdc.store import InboxStore
from station.commands.broker import LocalBroker, find_mosquitto
from station.core.errors import KnownError
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.reporting.link import ReportLink
from station.reporting.mqtt import MqttSink
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from tests.secured.world import World


@pytest.fixture(scope="session")
def making():
    path = Path(__file__).parents[1] / "ledger" / "making.py"
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.fixture(scope="session")
def secured(tmp_path_factory):
    """Mosquitto as shipped and a receiver that believes registered keys alone, once for all."""
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    with World(tmp_path_factory.mktemp("secured")) as started:
        yield started


@pytest.fixture(params=["mosquitto", "embedded"])
def broker(request):
    try:
        with LocalBroker(request.param) as started:
            yield started
    except KnownError as error:
        pytest.skip(str(error))


class Clock:
    def now(self):
        return datetime.now(UTC)

    def monotonic_s(self):
        return time.monotonic()


class Station:
    """Ledger and link with the threads that the runtime gives them."""

    def __init__(self, path, host, port, making):
        self.making = making
        self.ledger = SqlLedger(path)
        self.reader = SqlOutboxReader(path)
        self.links, self.progress, self.rejected = [], [], []
        self.wake, self.stop = threading.Event(), threading.Event()
        self.sink = MqttSink(making.IDENTITY, host, port)
        self.link = ReportLink(
            reader=self.reader,
            sink=self.sink,
            policy=OutboxPolicy(OutboxLimits(20, 3.0, 0.4), Random(1)),
            clock=Clock(),
            random=Random(2),
            reconnect_s=(0.05, 0.3),
            on_delivered=self._delivered,
            on_rejected=self._rejected,
            on_progress=self.progress.append,
            on_link=self.links.append,
            encode_status=making.status,
        )
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.stop.is_set():
            self.link.run_once(self.wake, 0.2)
        self.link.close()

    def _delivered(self, ids, at):
        self.ledger.mark_delivered(ids, at)

    def _rejected(self, report_id, reason, at):
        self.rejected.append(reason)
        self.ledger.mark_rejected(report_id, reason, at)

    def flag(self, count=1):
        ids = []
        for _ in range(count):
            entry = self.making.flagged(self.ledger)
            self.ledger.record(entry)
            ids.append(str(entry.outbox[0].report_id))
            self.wake.set()
        return ids

    def stages(self, report_id):
        return [str(p.stage) for p in self.progress if str(p.report_id) == report_id]

    def close(self):
        self.stop.set()
        self.wake.set()
        self.thread.join(60)
        assert not self.thread.is_alive()
        self.reader.close()
        self.ledger.close()


@pytest.fixture
def start_station(tmp_path, making, until):
    started = []

    def start(host, port):
        started.append(Station(tmp_path / "station.sqlite", host, port, making))
        until(lambda: started[-1].links, "the link said nothing")
        return started[-1]

    yield start
    for station in started:
        station.close()


class Cdc:
    """`cdc serve` as its own process."""

    def __init__(self, db, port, *more):
        self.db = db
        code = (
            "import argparse, sys; from station.commands import cdc; p = argparse.ArgumentParser();"
            "cdc.add_parser(p.add_subparsers()); sys.exit(cdc.run(p.parse_args()))"
        )
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                code,
                "cdc",
                "serve",
                "--port",
                str(port),
                "--db",
                str(db),
                "--json",
                *more,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines, self.troubles = [], []
        self.threads = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.lines)),
            threading.Thread(target=self._read, args=(self.process.stderr, self.troubles)),
        ]
        for thread in self.threads:
            thread.start()

    def _read(self, stream, lines):
        with stream:
            for line in stream:
                lines.append(line.strip())

    @property
    def is_ready(self):
        return any(json.loads(line).get("ready") for line in list(self.lines))

    @property
    def stored(self):
        told = [json.loads(line) for line in list(self.lines)]
        return [one["stored"] for one in told if "stored" in one]

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        code = self.process.wait(60)
        for thread in self.threads:
            thread.join(60)
        return code


@pytest.fixture
def start():
    """Start a module of ours as its own process; it is killed in the end."""
    processes = []

    def run(module, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def start_cdc(tmp_path, until):
    started = []

    def start(port, *more, ready=True):
        started.append(Cdc(tmp_path / "cdc.sqlite", port, *more))
        if ready:
            until(lambda: started[-1].is_ready, "the receiver is not ready")
        return started[-1]

    yield start
    for cdc in started:
        cdc.end(signal.SIGKILL)


@pytest.fixture
def inbox(tmp_path):
    def read():
        store = InboxStore(tmp_path / "cdc.sqlite", read_only=True)
        try:
            return SimpleNamespace(
                counts=store.inbox(),
                gaps=store.gaps(),
                ids=[str(a.id) for a in store.alerts(10_000)],
            )
        finally:
            store.close()

    return read


@pytest.fixture(scope="session")
def until():
    def wait(is_true, complaint, within_s=120.0):
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if is_true():
                return
            time.sleep(0.01)
        pytest.fail(complaint() if callable(complaint) else complaint)

    return wait
