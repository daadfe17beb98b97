"""The part of a station that reads devices, each outcome of each read counted beside it."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from datetime import time as time_of_day
from uuid import uuid4
from zoneinfo import ZoneInfo

from drivers.errors import DeviceError
from drivers.registry import DeviceKind, create, list_drivers
from station.core.case_flow import CaseFlow
from station.ledger.store import SqlLedger
from station.runtime.daily import DailyReporter, DailyTimes
from station.runtime.devices import CameraReader, DeviceKeeper, HandheldReader
from station.runtime.queues import LatestQueue, ReadingQueue
from station.runtime.records import LedgerKeeper
from station.runtime.worker import Worker

KINDS = {entry.name: entry.kind for entry in list_drivers()}
_POLL_S = 0.25
_STOP_S = 10.0


class Clock:
    def now(self):
        return datetime.now(UTC)

    def monotonic_s(self):
        return time.monotonic()


class Deaf:
    """Nobody listens to the events: what counts is the ledger."""

    def emit(self, event):
        pass


class Tally:
    """What a driver gave; written by the device's own thread alone."""

    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self.values = 0
        self.rejected = Counter()
        self.doubted_at = []
        self.opened = 0
        self.heals_s = []
        self.waiting_since_s = None

    def await_heal(self):
        """Begin to measure how long it takes until the device is read again."""
        self.waiting_since_s = time.monotonic()

    def watch(self, device):
        """Count every outcome of a driver."""
        read, open_ = device._read, device._open

        def counted_read(timeout_s):
            begun_s = time.monotonic()
            try:
                result = read(timeout_s)
            except DeviceError as error:
                self.rejected[type(error).__name__] += 1
                if type(error) is DeviceError:
                    # A reading that the driver does not believe, and says so.
                    self.doubted_at.append(datetime.now(UTC))
                raise
            self.values += result is not None
            since_s = self.waiting_since_s
            if since_s is not None and begun_s >= since_s:
                self.heals_s.append(time.monotonic() - since_s)
                self.waiting_since_s = None
            return result

        def counted_open():
            try:
                info = open_()
            except DeviceError as error:
                self.rejected[f"open: {type(error).__name__}"] += 1
                raise
            self.opened += 1
            return info

        device._read, device._open = counted_read, counted_open
        return device


class Readers:
    """Every device of a hub, read as a station reads it; readings go to a ledger.

    Args:
        devices: what the hub's `list` tells of each.
        ledger_path: a new SQLite file.
    """

    def __init__(self, devices, ledger_path):
        self.crashes = []
        self.tallies = {}
        self.frames = {}
        self.taken = Counter()
        self._stopping = threading.Event()
        self._jobs = ReadingQueue()
        self._ledger = SqlLedger(ledger_path)
        self._begun_at = datetime.now(UTC)
        # No flag and no daily report: what is read goes to the ledger, nothing leaves the hub.
        daily = DailyReporter(
            self._ledger,
            DailyTimes(ZoneInfo("UTC"), time_of_day(14, 30)),
            encode=_leaves_nothing,
            clock=Clock(),
            new_id=uuid4,
        )
        self._keeper = LedgerKeeper(
            self._ledger,
            self._jobs,
            flow=lambda: CaseFlow(policies=()),
            encode=_leaves_nothing,
            daily=daily,
            clock=Clock(),
            events=Deaf(),
            new_id=uuid4,
            wake_link=threading.Event(),
            offer=lambda items: None,
            wait=self._stopping.wait,
        )
        self._workers = [worker for device in devices for worker in self._workers_of(device)]
        self._recorder = self._worker("ledger", self._keeper.step)

    def start(self):
        for worker in (self._recorder, *self._workers):
            worker.start()

    def stop(self):
        """Stop the readers, then write what waits; names who does not stop."""
        self._stopping.set()
        stuck = [one.name for one in (*self._workers, self._recorder) if not one.stop(_STOP_S)]
        self.crashes += [f"the thread {name} does not stop" for name in stuck]
        if left := self._keeper.drain():
            self.crashes.append(f"{left} readings could not be written")

    def close(self):
        self._ledger.close()

    def recorded(self):
        """Return every reading of the ledger, by device."""
        by_device = {name: [] for name in self.tallies}
        for reading in self._ledger.unattached_readings(self._begun_at):
            by_device[reading.device_id].append(reading)
        return by_device

    def _workers_of(self, device):
        name, model = device["name"], device["model"]
        kind = KINDS[model]
        tally = self.tallies[name] = Tally(name, kind)
        label = "camera_id" if kind is DeviceKind.CAMERA else "device_id"
        options = device["address"] | {label: name}

        def make():
            return tally.watch(create(kind, model, **options))

        keeper = DeviceKeeper(name, make, clock=Clock(), events=Deaf(), wait=self._stopping.wait)
        if kind is DeviceKind.CAMERA:
            frames = self.frames[name] = LatestQueue()
            reader = CameraReader(keeper, frames)
            yield self._worker(f"taker {name}", lambda: self._take(name))
        elif kind is DeviceKind.THERMOMETER:
            reader = HandheldReader(name, keeper, self._jobs.put, uuid4)
        else:
            reader = Poller(keeper)
        yield self._worker(f"reader {name}", reader.step, reader.stop)

    def _take(self, name):
        """Take a camera's frames as a lane does."""
        frame = self.frames[name].get(_POLL_S)
        if frame is not None:
            self.taken[name] += 1

    def _worker(self, name, step, on_stop=None):
        return Worker(name, step, on_crash=self.crashes.append, on_stop=on_stop)


class Poller:
    """Asks a source or a room sensor again and again."""

    def __init__(self, keeper):
        self._keeper = keeper

    def step(self):
        device = self._keeper.ready()
        if device is None:
            return
        try:
            device.read(1.0)
        except DeviceError as error:
            self._keeper.failed(error)
            return
        self._keeper.worked()
        time.sleep(_POLL_S)

    def stop(self):
        self._keeper.close()


def _leaves_nothing(*_):
    raise AssertionError("a hub without travellers sends no message")
