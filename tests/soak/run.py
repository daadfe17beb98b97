"""One soak run: a hub as a process, its devices read as by a station, faults all the time."""

import gc
import os
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from drivers.registry import DeviceKind
from station.commands.parts import HubProcess
from station.core.errors import KnownError
from tests.soak.plan import HEALS_S, WARM_UP_S, Pace, make_plan
from tests.soak.reading import KINDS, Readers
from tests.soak.truth import DeviceTruth, Trigger, compare

HUB = str(Path(__file__).with_name("hub.toml"))
_THREADS_END_S = 5.0


@dataclass
class Row:
    """What became of one device's readings."""

    name: str
    model: str
    triggers: int = 0
    clean: int = 0
    received: int = 0
    recorded: int = 0
    dropped: int = 0
    rejected: Counter = field(default_factory=Counter)
    opened: int = 0
    heals_s: list = field(default_factory=list)
    faults: Counter = field(default_factory=Counter)


@dataclass
class Outcome:
    """How the run went."""

    rows: list
    failures: list
    threads: tuple
    """Before and after."""
    files: tuple
    """Open file descriptors before and after."""


def soak(seconds, seed, hub_file=HUB, pace=None):
    """Run a hub for so long and account for every reading.

    Raises:
        KnownError: if the hub does not start.
    """
    gc.collect()
    threads, files = len(threading.enumerate()), _open_files()
    with TemporaryDirectory(prefix="soak-") as folder:
        run = _Run(Path(folder), seconds, seed, hub_file, pace or Pace())
        run.go()
    gc.collect()
    threads_after, files_after = _settled(threads), _open_files()
    if threads_after > threads:
        run.failures.append(f"{threads_after - threads} threads are left behind")
    if files_after > files:
        run.failures.append(f"{files_after - files} file descriptors are left behind")
    return Outcome(run.rows, run.failures, (threads, threads_after), (files, files_after))


class _Run:
    def __init__(self, folder, seconds, seed, hub_file, pace):
        self._folder, self._seconds, self._seed, self._pace = folder, seconds, seed, pace
        self._hub_file = hub_file
        self.rows, self.failures = [], []
        self._truths = {}
        self._on = {}

    def go(self):
        with HubProcess(self._hub_file, self._folder) as hub:
            devices = hub.ask(do="list")["devices"]
            unread = [d["name"] for d in devices if d["model"] not in KINDS]
            self.failures += [f"{name} has no driver of its model's name" for name in unread]
            devices = [d for d in devices if d["name"] not in unread]
            self._truths = {d["name"]: DeviceTruth(d["model"]) for d in devices}
            readers = Readers(devices, self._folder / "ledger.sqlite")
            readers.start()
            try:
                self._act(hub, readers, make_plan(devices, self._seconds, self._seed, self._pace))
            except KnownError as error:
                self.failures.append(f"the hub: {error}")
            finally:
                readers.stop()
            self.failures += readers.crashes
            self._account(devices, readers)
            readers.close()
            if words := hub._last_words():
                self.failures.append(f"the hub complained: {words}")

    def _act(self, hub, readers, plan):
        begun_s = time.monotonic()
        files = None
        for act in plan:
            _sleep_until(begun_s + act.at_s)
            if files is None and act.at_s > WARM_UP_S:
                files = _open_files()
            # What a command makes a device send may be there before the command's answer.
            asked_at = datetime.now(UTC)
            answer = hub.ask(**act.message)
            if "error" in answer:
                self.failures.append(f"{act.device}: {act.message}: {answer['error']}")
            self._note(act, asked_at, answer, readers)
        _sleep_until(begun_s + self._seconds)
        # A connection more or less a device is its momentary state; a leak grows with each replug.
        if files is not None and _open_files() > files + len(readers.tallies):
            self.failures.append(f"open files grew from {files} to {_open_files()} while running")

    def _note(self, act, asked_at, answer, readers):
        message = act.message
        truth = self._truths.get(act.device)
        if message["do"] == "fault":
            key = act.device, message["fault"]
            if message["on"]:
                self._on[key] = asked_at
                return
            truth.faults.append((self._on.pop(key), datetime.now(UTC), message["fault"]))
            if message["fault"] == "disconnect":
                readers.tallies[act.device].await_heal()
        elif message.get("command") == "trigger":
            # A sensor of surfaces tells the skin's temperature, not the body's.
            body_c = message["temperature_c"]
            truth.triggers.append(Trigger(asked_at, answer.get("surface_c", body_c)))

    def _account(self, devices, readers):
        recorded = readers.recorded()
        for device in devices:
            name = device["name"]
            tally, truth = readers.tallies[name], self._truths[name]
            row = Row(name, device["model"], received=tally.values, rejected=tally.rejected)
            row.opened, row.heals_s = tally.opened, tally.heals_s
            row.faults = Counter(fault for _, _, fault in truth.faults)
            self._judge_heals(row, tally)
            match tally.kind:
                case DeviceKind.CAMERA:
                    queue = readers.frames[name]
                    row.dropped = queue.dropped
                    left = sum(1 for _ in iter(lambda queue=queue: queue.get(0), None))
                    row.recorded = readers.taken[name] + left
                case DeviceKind.THERMOMETER:
                    row.recorded = len(recorded[name])
                    self.failures += compare(name, truth, recorded[name], tally.doubted_at)
                    row.triggers = len(truth.triggers)
                    row.clean = sum(trigger.is_clean for trigger in truth.triggers)
                case _:
                    row.recorded = tally.values
            if row.received != row.recorded + row.dropped:
                self.failures.append(
                    f"{name}: {row.received} received, but {row.recorded} recorded and "
                    f"{row.dropped} dropped"
                )
            if not row.received:
                self.failures.append(f"{name}: it never delivered anything")
            self.rows.append(row)

    def _judge_heals(self, row, tally):
        replugs = row.faults["disconnect"]
        if len(tally.heals_s) < replugs:
            self.failures.append(f"{row.name}: {replugs - len(tally.heals_s)} replugs never healed")
        self.failures += [
            f"{row.name}: a replug healed after {heal_s:.1f} s, more than {HEALS_S:g} s"
            for heal_s in tally.heals_s
            if heal_s > HEALS_S
        ]


def _sleep_until(at_s):
    time.sleep(max(0.0, at_s - time.monotonic()))


def _open_files():
    return len(os.listdir("/proc/self/fd"))


def _settled(threads):
    """Return how many threads there are, once those that end have ended."""
    ends_s = time.monotonic() + _THREADS_END_S
    while threading.active_count() > threads and time.monotonic() < ends_s:
        time.sleep(0.05)
    return threading.active_count()
