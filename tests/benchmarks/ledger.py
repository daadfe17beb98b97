"""`python -m tests.benchmarks.ledger`: search and figures of a large ledger, while a lane screens.

A station runs with a simulated lane and writes into a ledger of a million passages; the questions
go over its bridge, as a kiosk's do, and are timed from the question to the answer. Beside each of
them a bare select over the same rows is timed: what the file itself costs at that moment. Prints
one JSON object; ends with 1 if a limit is missed, or if nobody was screened meanwhile.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from uuid import UUID, uuid4

import numpy as np

from station.commands.broker import free_port
from station.commands.parts import HubProcess, process
from station.core.events import PassageRecorded
from station.core.extraction import RejectReason
from station.core.lane_events import LaneUpdate
from station.core.questions import (
    AskStatistics,
    Question,
    SearchPage,
    SearchPassages,
    StatisticsCounted,
)
from station.core.screening import Outcome
from station.core.search import PagePlace, PassageFilter
from station.ledger.migrate import MIGRATIONS
from station.runtime.bridge_client import BridgeClient, BridgeClosed
from tests.benchmarks.big_ledger import CAMERAS, COMMON_REASONS, LAST_DAY, build
from tests.one_lane import write_site

SEARCH_P95_MS = 300.0
STATISTICS_MAX_MS = 1000.0
_PAGE_ROWS = 30
_START_WITHIN_S = 60.0
_ANSWER_WITHIN_S = 30.0
# Everybody is at most two seconds behind the one before: the lane is never empty.
_PEOPLE = ("camera.password=bench", "people.spacing_s=2", "people.count=10000")
_FLOOR = (
    "SELECT * FROM passage WHERE is_drill = 0 AND last_at < ? ORDER BY last_at DESC, passage_id "
    "DESC LIMIT ?"
)


@dataclass
class Lane:
    """What the station told of its screening meanwhile."""

    passages: int = 0
    frames: int = 0
    dropped: int = 0
    places: list[PagePlace] = field(default_factory=list)


@dataclass(frozen=True)
class Extent:
    """How far a made ledger reaches."""

    days: int
    cases: int

    @classmethod
    def of(cls, ledger: Path) -> "Extent":
        with closing(sqlite3.connect(ledger)) as raw:
            (first,) = raw.execute("SELECT min(last_at) FROM passage").fetchone()
            (cases,) = raw.execute("SELECT max(number) FROM case_").fetchone()
        return cls((LAST_DAY - datetime.fromisoformat(first)).days, cases)


class Asker:
    """Asks one question after the other over the bridge, and listens to the lane."""

    def __init__(self, socket_path: Path) -> None:
        self._client = BridgeClient(socket_path)
        self._answers: Queue[object] = Queue()
        self.lane = Lane()
        _wait_for_bridge(self._client)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def ask(self, question: Question) -> tuple[object, float]:
        """Return the answer and how long it took, ms."""
        started = time.perf_counter()
        self._client.send(question)
        while True:
            answer = self._answers.get(timeout=_ANSWER_WITHIN_S)
            if getattr(answer, "command_id", None) == question.command_id:
                return answer, (time.perf_counter() - started) * 1e3

    def close(self) -> None:
        self._client.close()
        self._thread.join()

    def _read(self) -> None:
        with closing(self._client):
            while True:
                try:
                    told = self._client.read()
                except BridgeClosed:
                    return
                if isinstance(told, LaneUpdate):
                    self.lane.frames += 1
                    self.lane.dropped = told.dropped_frames
                elif isinstance(told, PassageRecorded):
                    self.lane.passages += 1
                elif getattr(told, "command_id", None) is not None:
                    self._answers.put(told)


def made_ledger(folder: Path, rows: int) -> Path:
    """Return the folder of a ledger with so many passages; made once, then kept in the cache."""
    cached = Path(tempfile.gettempdir()) / f"fever-ledger-{rows}-schema-{len(MIGRATIONS)}"
    if not cached.exists():
        making = Path(tempfile.mkdtemp(prefix="fever-ledger-making-"))
        build(making / "ledger.sqlite", rows)
        making.rename(cached)
    return Path(shutil.copytree(cached, folder / "station"))


def _forget_pages(path: Path) -> None:
    """Let the machine read the file from its disk again, as after a cold start."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def running_station(folder: Path) -> Iterator[Asker]:
    """Run a station that screens a simulated lane into this folder's ledger."""
    with ExitStack() as parts:
        hub = parts.enter_context(HubProcess("demo", folder, _PEOPLE))
        site = write_site(folder, hub.addresses, free_port(), password="bench")
        command = [sys.executable, "-m", "station", "run", "--config", str(site)]
        log = parts.enter_context((folder / "station.err").open("wb"))
        parts.enter_context(process(command, log))
        asker = Asker(folder / "bridge")
        parts.callback(asker.close)
        deadline_s = time.monotonic() + _START_WITHIN_S
        while not asker.lane.passages:
            if time.monotonic() > deadline_s:
                raise SystemExit(f"nobody was screened within {_START_WITHIN_S:.0f} s")
            time.sleep(0.1)
        yield asker


def wishes(rng: random.Random, extent: Extent) -> Iterator[PassageFilter]:
    """Yield what staff look for: any stretch of time, and none to two other wishes."""
    while True:
        if rng.random() < 0.1:
            yield PassageFilter(case_number=rng.randint(1, extent.cases))
            continue
        since, until = _stretch(rng, extent.days)
        about: dict[str, object] = {}
        if rng.random() < 0.4:
            about["camera_id"] = f"camera-{rng.randint(1, CAMERAS)}"
        match rng.randrange(5):
            case 0:
                about["outcome"] = rng.choice(list(Outcome))
            case 1:
                # The rarest reasons, and those that nobody had, are the hardest to find.
                about["reason"] = rng.choice([*(one for one, _ in COMMON_REASONS), *RejectReason])
            case 2:
                about["lowest_c"] = rng.choice((36.2, 37.0, 37.5, 38.0))
            case 3:
                about["below_c"] = rng.choice((33.0, 33.5, 34.0))
        yield PassageFilter(since=since, until=until, **about)  # type: ignore[arg-type]


def _stretch(rng: random.Random, days: int) -> tuple[datetime | None, datetime | None]:
    if rng.random() < 0.25:
        return None, None
    end = LAST_DAY - timedelta(days=rng.random() * days)
    return end - timedelta(days=rng.choice((1 / 24, 1, 7, 30, 365))), end


def time_searches(
    asker: Asker, ledger: Path, runs: int, seed: int, extent: Extent
) -> dict[str, object]:
    """Time first pages and later ones, each beside the floor."""
    rng = random.Random(seed)
    costs, floors = [], []
    looked_for = wishes(rng, extent)
    wanted, after = next(looked_for), None
    slowest = (0.0, "")
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as raw:
        for _ in range(runs):
            floors.append(_floor(raw, rng, extent.days))
            answer, cost_ms = asker.ask(SearchPassages(uuid4(), wanted, _PAGE_ROWS, after))
            if not isinstance(answer, SearchPage):
                raise SystemExit(f"refused: {answer}")
            costs.append(cost_ms)
            slowest = max(slowest, (cost_ms, f"{wanted}"))
            after = answer.after
            if after is None or rng.random() < 0.6:
                wanted, after = next(looked_for), _deep(raw, rng, extent.days)
    return {
        **_figures(costs, floors),
        "limit_p95_ms": SEARCH_P95_MS,
        "is_within": bool(np.quantile(costs, 0.95) <= SEARCH_P95_MS),
        "slowest": slowest[1],
    }


def _deep(raw: sqlite3.Connection, rng: random.Random, days: int) -> PagePlace | None:
    """Return now and then a place far down, as after thousands of pages."""
    if rng.random() < 0.8:
        return None
    before = _text(LAST_DAY - timedelta(days=rng.random() * days))
    row = raw.execute(
        "SELECT last_at, passage_id FROM passage WHERE is_drill = 0 AND last_at < ? "
        "ORDER BY last_at DESC LIMIT 1",
        (before,),
    ).fetchone()
    return row and PagePlace(datetime.fromisoformat(row[0]), UUID(row[1]))


def time_statistics(asker: Asker, ledger: Path, runs: int, days: int) -> dict[str, object]:
    """Time the page for every stretch of time that the kiosk offers, all cameras and one."""
    costs, floors, by_stretch = [], [], {}
    stretches = {"a day": 1, "7 days": 7, "30 days": 30, "a year": 365, "everything": None}
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as raw:
        rng = random.Random(0)
        for name, length in stretches.items():
            since = None if length is None else LAST_DAY - timedelta(days=length)
            mine = []
            for i in range(runs):
                floors.append(_floor(raw, rng, days))
                camera = None if i % 2 == 0 else f"camera-{1 + i % CAMERAS}"
                answer, cost_ms = asker.ask(AskStatistics(uuid4(), since, None, camera))
                if not isinstance(answer, StatisticsCounted):
                    raise SystemExit(f"refused: {answer}")
                mine.append(cost_ms)
            costs += mine
            by_stretch[name] = round(float(np.median(mine)), 1)
    return {
        **_figures(costs, floors),
        "median_ms_by_stretch": by_stretch,
        "limit_max_ms": STATISTICS_MAX_MS,
        "is_within": max(costs) <= STATISTICS_MAX_MS,
    }


def _floor(raw: sqlite3.Connection, rng: random.Random, days: int) -> float:
    before = _text(LAST_DAY - timedelta(days=rng.random() * days))
    started = time.perf_counter()
    raw.execute(_FLOOR, (before, _PAGE_ROWS)).fetchall()
    return (time.perf_counter() - started) * 1e3


def _figures(costs: list[float], floors: list[float]) -> dict[str, object]:
    return {
        "questions": len(costs),
        **{
            f"{name}_ms": round(float(value), 1)
            for name, value in (
                ("p50", np.median(costs)),
                ("p95", np.quantile(costs, 0.95)),
                ("max", max(costs)),
            )
        },
        "floor_p50_ms": round(float(np.median(floors)), 2),
        "floor_p95_ms": round(float(np.quantile(floors, 0.95)), 2),
    }


def _text(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _wait_for_bridge(client: BridgeClient) -> None:
    deadline_s = time.monotonic() + _START_WITHIN_S
    while True:
        try:
            return client.connect()
        except BridgeClosed:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.1)


def main() -> int:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=600)
    parser.add_argument("--statistics", type=int, default=10, help="for each stretch of time")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as holder:
        folder = made_ledger(Path(holder), args.rows)
        ledger = folder / "ledger.sqlite"
        extent = Extent.of(ledger)
        _forget_pages(ledger)
        with running_station(folder) as asker:
            started, before = time.monotonic(), Lane(asker.lane.passages, asker.lane.frames)
            found = time_searches(asker, ledger, args.searches, args.seed, extent)
            counted = time_statistics(asker, ledger, args.statistics, extent.days)
            seconds = time.monotonic() - started
            screened = asker.lane.passages - before.passages
            frames = asker.lane.frames - before.frames
    figures = {
        "rows": args.rows,
        "cases": extent.cases,
        "days": extent.days,
        "search": found,
        "statistics": counted,
        "meanwhile": {
            "seconds": round(seconds, 1),
            "passages_written": screened,
            "frames_per_s": round(frames / seconds, 1),
            "dropped_frames": asker.lane.dropped,
        },
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0 if found["is_within"] and counted["is_within"] and screened else 1


if __name__ == "__main__":
    sys.exit(main())
