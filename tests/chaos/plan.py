"""Which faults come in which order: the same for the same seed."""

import random
from dataclasses import dataclass

STATIONS = ("station-1", "station-2", "station-3", "station-tls")
RECEIVER = "receiver"
BROKER = "broker"
EVERYBODY = "everybody"

_LINK = ("cut", "hole", "slow")
_OF_A_STATION = (
    "station killed",
    "station's disk full",
    "torn WAL",
    "damaged ledger",
    "clock -3 days",
)
_OF_THE_RECEIVER = ("receiver killed", "receiver's disk full", "old backup restored")
_OF_THE_BROKER = ("broker killed", "broker's memory lost")
KINDS = (*_OF_A_STATION, *_OF_THE_RECEIVER, *_OF_THE_BROKER, *_LINK, "hostile payloads")
"""Every kind of fault."""


@dataclass(frozen=True)
class Fault:
    """One fault."""

    kind: str
    """Which of `KINDS`."""
    target: str
    """Whom it concerns: a station, the receiver, the broker, or everybody."""
    after_s: float
    """Seconds since the fault before began; the two may run side by side."""
    hold_s: float
    """Roughly how long it lasts."""
    seed: int
    """For what is random in it."""

    @property
    def parts(self):
        """What no other fault may touch meanwhile."""
        if self.kind in _LINK:
            targets = (*STATIONS, RECEIVER) if self.target == EVERYBODY else (self.target,)
            return {f"way of {one}" for one in targets}
        if self.kind in {"torn WAL", "damaged ledger"}:
            return {self.target, f"way of {self.target}"}
        return {self.target} if self.kind != "hostile payloads" else set()


def make_plan(count, seed, kinds=KINDS):
    """Return so many faults, all kinds as often as each other, shuffled."""
    rng = random.Random(f"{seed} plan")
    drawn = [kinds[number % len(kinds)] for number in range(count)]
    rng.shuffle(drawn)
    return [_fault(kind, rng) for kind in drawn]


def _fault(kind, rng):
    after_s, hold_s = rng.uniform(0.2, 1.6), rng.uniform(0.3, 2.0)
    return Fault(kind, _target(kind, rng), after_s, hold_s, rng.getrandbits(32))


def _target(kind, rng):
    if kind in _OF_A_STATION:
        return rng.choice(STATIONS)
    if kind in _OF_THE_RECEIVER:
        return RECEIVER
    if kind in _OF_THE_BROKER:
        return BROKER
    return rng.choice([*STATIONS, RECEIVER, EVERYBODY])
