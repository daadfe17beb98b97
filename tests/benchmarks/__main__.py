"""`make bench`: costs as ratios to floors timed beside them, since machines are noisy.

Prints one JSON object: for each case the median cost, the floor's median, and their ratio.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import cv2
import numpy as np

from config.loader import load_settings, shipped_site
from simulators.scene import Scene, demo_travellers
from simulators.twin.scenarios import SCENARIOS, Wish
from station.core.extraction import RejectReason
from station.core.frames import ThermalFrame
from station.core.passages import Passage
from station.core.ports import LedgerEntry
from station.core.reference import ReferenceState
from station.core.screening import Outcome, Screening
from station.ledger.store import SqlLedger
from station.runtime.lanes import build_lane
from station.vision.locator import HeatmapFaceLocator

Figures = dict[str, float]


def interleaved(cost: Callable[[int], None], floor: Callable[[int], None], runs: int) -> Figures:
    """Time two steps in turn and return their medians in ms and the ratio."""
    costs, floors = [], []
    for i in range(runs):
        for step, times in ((floor, floors), (cost, costs)):
            started = time.perf_counter()
            step(i)
            times.append((time.perf_counter() - started) * 1e3)
    cost_ms, floor_ms = statistics.median(costs), statistics.median(floors)
    return {
        "cost_ms": round(cost_ms, 4),
        "floor_ms": round(floor_ms, 4),
        "ratio": round(cost_ms / floor_ms, 1),
    }


def lane_loop(shape: tuple[int, int], runs: int) -> Figures:
    """A whole lane step against OpenCV's uint16-to-°C conversion of the same frame."""
    scene = Scene(shape=shape, travellers=demo_travellers(3, 8, 4, 1.0), seed=3)
    pictures = [scene.render(2.0 + i / 9) for i in range(40)]
    raw = [np.round((picture + 273.15) * 100).astype(np.uint16) for picture in pictures]
    settings = load_settings(shipped_site("example"))
    camera = settings.cameras[0]
    lane = build_lane(settings, camera, HeatmapFaceLocator(), uuid4)

    def step(i: int) -> None:
        lane.step(
            ThermalFrame(pictures[i % 40].copy(), i, datetime.now(UTC), i / 9, camera.camera_id)
        )

    def convert(i: int) -> None:
        cv2.addWeighted(raw[i % 40], 0.01, raw[i % 40], 0.0, -273.15, dtype=cv2.CV_32F)

    return interleaved(step, convert, runs)


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
        "lane 160x120": lane_loop((120, 160), 200),
        "lane 384x288": lane_loop((288, 384), 200),
        "lane 640x480": lane_loop((480, 640), 100),
        "twin 640x480, 10 people": twin_render(10, 60),
        "twin 640x480, 30 people": twin_render(30, 60),
        "ledger record": ledger_record(300),
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
