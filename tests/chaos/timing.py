"""How long alerts take from the station's word that they are durable to the CDC's that they are."""

import time
from dataclasses import dataclass

from tests.chaos.plan import BROKER, RECEIVER

IN_TIME_S = 30.0
"""The longest that an alert may take, beside the time in which a fault held it up."""


class Arrivals:
    """Notes when the receiver first tells of each message; look at it often."""

    def __init__(self):
        self.first_s = {}
        """When, by report id, on the monotonic clock."""
        self._read = {}

    def look(self, lives):
        """Read what was written since the last look.

        Args:
            lives: the receiver's output files, in groups.
        """
        now_s = time.monotonic()
        for path in (path for group in lives for path in group):
            begin = self._read.get(path, 0)
            if path.stat().st_size == begin:
                continue
            with path.open("rb") as file:
                file.seek(begin)
                whole = file.read().rpartition(b"\n")[0]
            self._read[path] = begin + len(whole) + 1 if whole else begin
            for line in whole.splitlines():
                if line.startswith(b'{"stored": "'):
                    self.first_s.setdefault(line.split(b'"', 4)[3].decode(), now_s)


@dataclass(frozen=True)
class Trouble:
    """A fault as it was carried out."""

    parts: frozenset
    """What it concerned."""
    from_s: float
    to_s: float


@dataclass
class Delays:
    """Seconds from durable at the station to durable at the CDC."""

    timed: int = 0
    """Of how many alerts both moments are known."""
    p50_s: float = 0.0
    p99_s: float = 0.0
    most_s: float = 0.0
    beyond_p50_s: float = 0.0
    """The same without the time in which a fault held the alert up."""
    beyond_p99_s: float = 0.0
    beyond_most_s: float = 0.0
    late: int = 0
    """Took longer than `IN_TIME_S` beyond the faults."""


def delays(told, arrivals, troubles):
    """Return how long alerts took.

    Args:
        told: what each station's journal tells, by its name.
        arrivals: when each message arrived, by report id.
        troubles: the faults.
    """
    whole, beyond = [], []
    for station, journal in told.items():
        on_its_way = {station, f"way of {station}", RECEIVER, f"way of {RECEIVER}", BROKER}
        spans = _union((one.from_s, one.to_s) for one in troubles if one.parts & on_its_way)
        for promise in journal.acknowledged.values():
            if (arrived_s := arrivals.get(promise.report_id)) is None:
                continue
            # The receiver may tell before the station's own screens do.
            took_s = max(0.0, arrived_s - promise.at_s)
            held_s = sum(
                max(0.0, min(arrived_s, to_s) - max(promise.at_s, from_s)) for from_s, to_s in spans
            )
            whole.append(took_s)
            beyond.append(max(0.0, took_s - held_s))
    if not whole:
        return Delays()
    late = sum(one > IN_TIME_S for one in beyond)
    return Delays(len(whole), *_figures(whole), *_figures(beyond), late)


def _figures(seconds):
    ranked = sorted(seconds)
    return tuple(round(ranked[int(share * (len(ranked) - 1))], 3) for share in (0.5, 0.99, 1.0))


def _union(spans):
    """Return spans that do not overlap, in order."""
    joined = []
    for from_s, to_s in sorted(spans):
        if joined and from_s <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(to_s, joined[-1][1])
        else:
            joined.append((from_s, to_s))
    return joined
