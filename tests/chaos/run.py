"""One campaign: a fleet, a broker and a receiver, faults all the time, every flag accounted for."""

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from station.commands.broker import free_port
from station.core.errors import KnownError
from station.pki.authority import Authority
from station.reporting.signing import SigningKey
from station.reporting.topics import StationIdentity
from tests.chaos.disk import Disk
from tests.chaos.faults import steps_of
from tests.chaos.hostile import REGION, SITE, THIEF, Observer
from tests.chaos.journal import read_journal
from tests.chaos.nursery import Nursery
from tests.chaos.parts import Broker, Part, write_site
from tests.chaos.plan import BROKER, RECEIVER, STATIONS
from tests.chaos.proxy import Proxy
from tests.chaos.timing import Arrivals, Delays, Trouble, delays
from tests.chaos.truth import Verdict, judge

_TICK_S = 0.02
_UP_S = 60.0
_SPREAD_S = 0.6
_BACKUP_EVERY = 8
_LOOK_EVERY_S = 1.0
_CLOSED = "station-tls"


@dataclass
class Outcome:
    """What a campaign found."""

    faults: dict = field(default_factory=dict)
    """By kind."""
    bitten: int = 0
    """Full disks that a station told its staff of."""
    verdict: Verdict = field(default_factory=Verdict)
    delays: Delays = field(default_factory=Delays)
    duplicates: int = 0
    """Absorbed, as receipts name them; those are not counted that nobody could overhear."""
    deaths: int = 0
    """Processes that ended by themselves and were started again."""
    seconds: float = 0.0
    notes: list = field(default_factory=list)
    """What was done to disks."""
    alarms: list = field(default_factory=list)
    """What the receiver told its staff about stations."""

    @property
    def is_kept(self):
        """Whether the link's law was kept."""
        return self.verdict.is_kept and not self.delays.late


class World:
    """Everything that takes part.

    Args:
        folder: for keys, journals and output; no fault touches it.
        publisher: `station`, or `naive` for the counter-example.
    """

    def __init__(self, folder, publisher="station"):
        self.folder = folder
        self.notes = []
        self.backups = []
        self.parts = {}
        self.arrivals = Arrivals()
        self.troubles = []
        self._publisher = publisher
        self._stack = ExitStack()

    def __enter__(self):
        with ExitStack() as stack:
            keys = self._enrol()
            self.broker = stack.enter_context(Broker(keys[BROKER], free_port()))
            self.proxy = stack.enter_context(Proxy())
            nursery = stack.enter_context(Nursery())
            self.stations = [self._station(nursery, name, keys[name]) for name in STATIONS]
            self.receiver = self._receiver(nursery, keys[RECEIVER])
            self.parts = {one.name: one for one in (*self.stations, self.receiver)}
            for part in self.parts.values():
                stack.callback(part.disk.unmount)
                stack.callback(part.kill)
                part.start()
            self.parts[BROKER] = self.broker
            self.observer = Observer(self.broker.port)
            stack.callback(self.observer.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self._stack.close()

    def tend(self):
        """Start again what ended by itself, and note what has arrived."""
        for part in self.parts.values():
            part.tend()
        self.arrivals.look(self.receiver.lives)

    def allow(self, flags):
        """Let all stations together flag so many travellers."""
        share = -(-flags // len(self.stations))
        for station in self.stations:
            if station.is_up and getattr(station, "allowed", None) != (station.child.pid, share):
                station.allowed = station.child.pid, share
                station.child.say(share)

    def back_up(self):
        """Keep a copy of the inbox as it is now."""
        path = self.folder / f"backup-{len(self.backups)}.sqlite"
        self.receiver.disk.back_up_to(path)
        self.backups.append(path)

    def _enrol(self):
        now = datetime.now(UTC)
        authority = Authority(self.folder / "ca")
        authority.create("CDC", now)
        identities = [StationIdentity(REGION, SITE, name) for name in STATIONS]
        keys = {one.station: authority.enrol_station(one, now) for one in identities}
        keys[BROKER] = authority.enrol_broker("broker", ["127.0.0.1"], now)
        keys[RECEIVER] = authority.enrol_receiver(RECEIVER, now)
        self.thief_key = SigningKey.load(authority.enrol_station(THIEF, now) / "signing.key")
        self._registry = authority.registry_file
        return keys

    def _station(self, nursery, name, keys):
        disk = Disk(self.folder / "disks" / name, "ledger.sqlite")
        is_closed = name == _CLOSED
        way = self.proxy.way_to(self.broker.tls_port if is_closed else self.broker.port)
        site = write_site(self.folder, name, disk, way.port, keys, is_closed=is_closed)
        journal = self.folder / f"{name}.journal"
        run = self._publisher, [str(site), str(journal)]
        part = Part(nursery, self.folder, name, disk=disk, way=way, run=run)
        part.journal = journal
        return part

    def _receiver(self, nursery, keys):
        disk = Disk(self.folder / "disks" / RECEIVER, "inbox.sqlite")
        way = self.proxy.way_to(self.broker.port)
        command = ["cdc", "serve", "--json", "--port", str(way.port), "--db", str(disk.path)]
        command += ["--signing-key", str(keys / "receipts.key")]
        command += ["--station-keys", str(self._registry), "--look-every-s", str(_LOOK_EVERY_S)]
        run = "product", command
        return Part(nursery, self.folder, RECEIVER, disk=disk, way=way, run=run)


def campaign(plan, alerts, *, publisher="station", settle_s=180.0, folder=None):
    """Run one campaign and return what it found.

    Args:
        plan: the faults.
        alerts: how many travellers are flagged at least.
        publisher: `station`, or `naive`.
        settle_s: how long after the last fault everything may take to arrive.
        folder: for everything that is written; none takes a temporary one.
    """
    begun_s = time.monotonic()
    with ExitStack() as stack:
        place = Path(folder or stack.enter_context(TemporaryDirectory(prefix="chaos-")))
        world = stack.enter_context(World(place, publisher))
        outcome = Outcome(dict(Counter(fault.kind for fault in plan)))
        _wait_until_up(world)
        world.back_up()
        _run_plan(world, plan, alerts)
        outcome.verdict = _settle(world, alerts, settle_s)
        outcome.notes, outcome.duplicates = world.notes, world.observer.duplicates
        outcome.deaths = sum(part.deaths for part in (*world.stations, world.receiver))
        told = {one.name: read_journal(one.journal) for one in world.stations}
        outcome.bitten = sum(len(one.faults) for one in told.values())
        outcome.delays = delays(told, world.arrivals.first_s, world.troubles)
        outcome.alarms = [line for _, line in world.receiver.said() if "went back" in line]
    outcome.seconds = time.monotonic() - begun_s
    return outcome


def _run_plan(world, plan, alerts):
    waiting, active, begun = list(plan), [], 0
    allowed, last_s = 0.0, time.monotonic()
    next_s = last_s
    while waiting or active:
        now_s = time.monotonic()
        world.tend()
        # Each fault brings its share of flags, spread over a moment.
        goal = alerts * begun / len(plan)
        rate = alerts / len(plan) / _SPREAD_S
        allowed = min(goal, allowed + rate * (now_s - last_s))
        last_s = now_s
        world.allow(int(allowed))
        for one in active:
            one.go_on(now_s)
            if one.is_over:
                world.troubles.append(Trouble(frozenset(one.fault.parts), one.begun_s, now_s))
        active = [one for one in active if not one.is_over]
        if waiting and now_s >= next_s and _can_begin(world, waiting[0], active):
            fault = waiting.pop(0)
            active.append(_Running(fault, steps_of(fault, world), now_s))
            begun += 1
            next_s = now_s + (waiting[0].after_s if waiting else 0.0)
            if begun % _BACKUP_EVERY == 0 and _can_back_up(world, active):
                world.back_up()
        time.sleep(_TICK_S)


class _Running:
    """A fault that is being carried out."""

    def __init__(self, fault, steps, now_s):
        self.fault, self._steps = fault, steps
        self.begun_s = self._due_s = now_s
        self.is_over = False

    def go_on(self, now_s):
        """Take its next step if that is due."""
        if now_s < self._due_s:
            return
        try:
            self._due_s = now_s + next(self._steps)
        except StopIteration:
            self.is_over = True


def _can_begin(world, fault, active):
    taken = set().union(*(one.fault.parts for one in active))
    concerned = [world.parts[name] for name in fault.parts if name in world.parts]
    return not taken & fault.parts and all(part.is_up for part in concerned)


def _can_back_up(world, active):
    return world.receiver.is_up and not any(RECEIVER in one.fault.parts for one in active)


def _wait_until_up(world):
    deadline_s = time.monotonic() + _UP_S
    while not all(part.is_up for part in world.parts.values()):
        assert time.monotonic() < deadline_s, "something does not start"
        world.tend()
        time.sleep(_TICK_S)


def _settle(world, alerts, settle_s):
    """Let everything arrive; return the last judgement."""
    deadline_s, look_s, verdict = time.monotonic() + settle_s, 0.0, Verdict()
    while True:
        now_s = time.monotonic()
        world.tend()
        world.allow(alerts)
        if now_s >= look_s:
            look_s = now_s + 1.0
            try:
                verdict = judge(world.stations, world.receiver)
            except KnownError:
                verdict = Verdict(waiting=1)
            offered = verdict.flagged + verdict.at_door
            if now_s >= deadline_s or (verdict.is_settled and offered >= alerts):
                return verdict
        time.sleep(_TICK_S)
