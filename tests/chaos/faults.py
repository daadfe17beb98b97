"""What each kind of fault does. Each is a generator: it yields the seconds until its next step."""

import random
from pathlib import Path

from tests.chaos.hostile import send_hostile
from tests.chaos.plan import EVERYBODY, RECEIVER, STATIONS
from tests.chaos.proxy import Weather

CLOCK_SHIFT = "-3d"
_FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
_SHORT_S = (0.05, 0.6)


def _killed(world, fault, rng):
    part = world.parts[fault.target]
    yield rng.uniform(*_SHORT_S)
    part.kill()
    yield fault.hold_s / 2
    part.start()


def _forgetful(world, fault, rng):
    yield rng.uniform(*_SHORT_S)
    world.broker.kill()
    world.broker.forget()
    yield fault.hold_s / 2
    world.broker.start()


def _full(world, fault, rng):
    """The disk fills up, half of the times somebody is killed meanwhile, and it is empty again."""
    part = world.parts[fault.target]
    part.disk.fill(part.child)
    yield fault.hold_s
    if rng.random() < 0.5:
        part.kill()
        yield rng.uniform(*_SHORT_S)
        part.disk.empty()
        part.start()
    part.disk.empty()


def _torn(world, fault, rng):
    """A station that cannot send is killed, and the disk spoils the end of what it had written."""
    part = world.parts[fault.target]
    is_offline = rng.random() < 0.7
    if is_offline:
        world.proxy.turn(part.way, Weather.CUT)
    yield fault.hold_s
    part.kill()
    if what := part.disk.tear(rng):
        part.is_damaged = True
        world.notes.append(f"{fault.target}: WAL {what}")
    yield rng.uniform(*_SHORT_S)
    part.start()
    if is_offline and rng.random() < 0.5:
        yield fault.hold_s
    world.proxy.turn(part.way, Weather.FAIR)


def _damaged(world, fault, rng):
    """The disk spoils a station's ledger: mostly of one that was killed, or under its hands."""
    part = world.parts[fault.target]
    is_offline = rng.random() < 0.5
    if is_offline:
        world.proxy.turn(part.way, Weather.CUT)
    yield fault.hold_s
    is_running = rng.random() < 0.3
    if not is_running:
        part.kill()
        if rng.random() < 0.3:
            part.disk.tear(rng)
    if what := part.disk.spoil(rng):
        part.is_damaged = True
        world.notes.append(f"{fault.target}: ledger {what}")
    if not is_running:
        yield rng.uniform(*_SHORT_S)
        part.start()
    yield fault.hold_s
    world.proxy.turn(part.way, Weather.FAIR)


def _clock(world, fault, rng):
    """A station starts three days back, as one whose battery is empty, and is set right later."""
    part = world.parts[fault.target]
    part.kill()
    yield rng.uniform(*_SHORT_S)
    offset = world.folder / f"{fault.target}.clock"
    offset.write_text(CLOCK_SHIFT)
    part.start(
        {
            "LD_PRELOAD": str(_FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(offset),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
    )
    while not part.is_up:
        yield 0.1
    yield fault.hold_s
    offset.write_text("+0")
    yield 1.0


def _restored(world, fault, rng):
    part = world.parts[fault.target]
    yield rng.uniform(*_SHORT_S)
    part.kill()
    part.disk.put_back(rng.choice(world.backups))
    part.begin_anew()
    yield fault.hold_s / 2
    part.start()


def _weather(weather):
    def run(world, fault, rng):
        targets = (*STATIONS, RECEIVER) if fault.target == EVERYBODY else (fault.target,)
        ways = [world.parts[target].way for target in targets]
        for way in ways:
            world.proxy.turn(way, weather)
        yield fault.hold_s
        for way in ways:
            world.proxy.turn(way, Weather.FAIR)

    return run


def _hostile(world, fault, rng):
    """Garbage, replays and altered alerts; and receipts that the CDC never wrote."""
    world.observer.begin_forging(world.thief_key)
    send_hostile(world.observer, world.thief_key, rng)
    yield fault.hold_s
    world.observer.end_forging()


_RUNS = {
    "station killed": _killed,
    "receiver killed": _killed,
    "broker killed": _killed,
    "broker's memory lost": _forgetful,
    "station's disk full": _full,
    "receiver's disk full": _full,
    "torn WAL": _torn,
    "damaged ledger": _damaged,
    "clock -3 days": _clock,
    "old backup restored": _restored,
    "cut": _weather(Weather.CUT),
    "hole": _weather(Weather.HOLE),
    "slow": _weather(Weather.SLOW),
    "hostile payloads": _hostile,
}


def steps_of(fault, world):
    """Begin a fault; return the generator of its steps."""
    return _RUNS[fault.kind](world, fault, random.Random(fault.seed))


def can_shift_clocks():
    """Whether Debian's faketime is installed."""
    return _FAKETIME is not None
