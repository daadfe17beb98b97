"""`make bench`: costs as ratios to floors timed beside them, since machines are noisy.

Prints one JSON object: for each case the median cost, the floor's median, and their ratio.
"""

import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import cv2

from simulators.twin.scenarios import SCENARIOS, Wish
from station.core.extraction import RejectReason
from station.core.passages import Passage
from station.core.ports import LedgerEntry
from station.core.reference import ReferenceState
from station.core.screening import Outcome, Screening
from station.ledger.store import SqlLedger
from tests.benchmarks.cameras import four_cameras
from tests.benchmarks.decoders import decoders
from tests.benchmarks.pictures import payload_costs
from tests.benchmarks.timing import Figures, interleaved


def twin_render(people: int, runs: int) -> Figures:
    """A frame of the twin at 640x480 against a ninth of a second: real time at 9 Hz is 1.0."""
    clip = next(SCENARIOS["crossing"](Wish(seed=1, count=1, people=people)))
    busy = [t for t in clip.times_s() if len(clip.scene.truth(clip.start_s + t)) >= 0.8 * people]
    costs = []
    for i in range(runs):
        started = time.perf_counter()
        clip.scene.render(clip.start_s + busy[i % len(busy)])
        costs.append((time.perf_counter() - started) * 1e3)
    cost_ms, floor_ms = statistics.fmean(costs), 1e3 / 9
    return {
        "cost_ms": round(cost_ms, 4),
        "floor_ms": round(floor_ms, 4),
        "ratio": round(cost_ms / floor_ms, 3),
    }


def ledger_record(runs: int) -> Figures:
    """One passage, durable, against a write and fdatasync of 16 KB in the same folder."""
    doubt = Screening(Outcome.NOT_MEASURED, None, (RejectReason.TOO_FAR,), "bench")
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder, SqlLedger(Path(folder) / "l.sqlite") as ledger:
        handle = os.open(Path(folder) / "floor", os.O_RDWR | os.O_CREAT)

        def record(i: int) -> None:
            passage = Passage(
                UUID(int=i + 1), "1", "c", i, now, now, 0, 1, doubt, ReferenceState.HEALTHY, 0
            )
            ledger.record(LedgerEntry(passage=passage))

        def write(i: int) -> None:
            os.pwrite(handle, b"x" * 16_384, (i % 64) * 16_384)
            os.fdatasync(handle)

        figures = interleaved(record, write, runs)
        os.close(handle)
        return figures


def main() -> None:
    """Run every case and print the figures."""
    cv2.setNumThreads(1)
    figures = {
        "twin 640x480, 10 people": twin_render(10, 60),
        "twin 640x480, 30 people": twin_render(30, 60),
        "ledger record": ledger_record(300),
        "decoders, times real time": decoders(),
        "frames to °C": payload_costs(),
        "four cameras, 640x480, 30 Hz": four_cameras(25.0),
    }
    sys.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
