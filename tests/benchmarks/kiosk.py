"""`python -m tests.benchmarks.kiosk --minutes 10`: four cameras before the kiosk; does it answer?

Four simulated cameras of 640x480 at 30 Hz on their wires, the station, and the kiosk with all
lanes in sight, each a process. Judged are the longest wait of the window's thread (the kiosk's own
pulse), how late pictures are painted after the camera took them, and whether the memory of kiosk
and station stays flat over the last two thirds. Beside it a thread of this process only sleeps and
looks how late it wakes: what the machine itself does not answer is no fault of the kiosk.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from station.commands.twin_stream import TwinFilm, film
from tests.benchmarks.film_cameras import RATE_HZ
from tests.benchmarks.watched_kiosk import SETTLING_S
from ui.pulse import BLOCKED_S

CAMERAS, PEOPLE, FILMED_S = 4, 4, 6
LATE_P95_S = 0.1
# Memory counts as flat below this: a month of it would still fit into the machine.
FLAT_MB_PER_MIN = 0.5

_BEAT_S = 0.01
_RUN = [sys.executable, "-m"]


class Machine(threading.Thread):
    """Sleeps, and notes how late the machine lets it wake."""

    def __init__(self) -> None:
        super().__init__(name="machine", daemon=True)
        self._ended = threading.Event()
        self.waits_s: list[float] = []

    def run(self) -> None:
        last_s = time.monotonic()
        while not self._ended.is_set():
            time.sleep(_BEAT_S)
            now_s = time.monotonic()
            self.waits_s.append(now_s - last_s)
            last_s = now_s

    def end(self) -> None:
        self._ended.set()
        self.join()


def run(minutes: float) -> dict[str, Any]:
    """Run everything and return the figures."""
    with TemporaryDirectory(prefix="fever-kiosk-bench-") as name:
        folder = Path(name)
        scene = film("standing", {"--people": PEOPLE, "--rate-hz": RATE_HZ, "--seconds": FILMED_S})
        np.save(folder / "film.npy", np.stack(scene.there_and_back()))
        cameras = subprocess.Popen(
            [*_RUN, "tests.benchmarks.film_cameras", str(folder / "film.npy"), str(CAMERAS)],
            stdout=subprocess.PIPE,
            text=True,
        )
        processes = [cameras]
        try:
            told = json.loads(cameras.stdout.readline())
            config = folder / "site.toml"
            config.write_text(_site(folder, scene, told["cameras"]), encoding="utf-8")
            station = subprocess.Popen(
                [*_RUN, "station", "run", "--config", str(config), "--drill"]
            )
            processes.append(station)
            return _watch(folder, station.pid, told["begun_s"], 60 * minutes)
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(30)


def _site(folder: Path, scene: TwinFilm, cameras: Sequence[dict[str, str]]) -> str:
    told = "".join(
        f'[[cameras]]\ncamera_id = "camera-{i}"\nlane = "{i}"\ndriver = "flir-genicam"\n'
        f'warm_up_s = 0\n[cameras.options]\nsource = "{one["source"]}"\nnodes = "{one["nodes"]}"\n'
        for i, one in enumerate(cameras, start=1)
    )
    return (
        f'[station]\nledger_path = "{folder / "ledger.sqlite"}"\n'
        f'[kiosk]\nsocket_path = "{folder / "bridge"}"\n'
        f"[reference]\nregions = {json.dumps(scene.site['reference.regions'])}\n" + told
    )


def _watch(folder: Path, station: int, begun_s: float, seconds: float) -> dict[str, Any]:
    bridge = folder / "bridge"
    until_s = time.monotonic() + 30
    while not bridge.exists() and time.monotonic() < until_s:
        time.sleep(0.05)
    kiosk = subprocess.Popen(
        [*_RUN, "tests.benchmarks.watched_kiosk", str(bridge), str(begun_s), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(SETTLING_S)
    machine, station_mb = Machine(), []
    machine.start()
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s and kiosk.poll() is None:
        station_mb.append((time.monotonic(), _memory_mb(station)))
        time.sleep(1)
    machine.end()
    output, _ = kiosk.communicate(timeout=60)
    return _figures(json.loads(output), machine.waits_s, station_mb, seconds)


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _figures(
    kiosk: dict[str, Any],
    machine_s: Sequence[float],
    station_mb: Sequence[tuple[float, float]],
    seconds: float,
) -> dict[str, Any]:
    late_s = np.array(kiosk["late_s"])
    blocked = kiosk["blocked"]
    slopes = [slope_mb_per_min(one) for one in (kiosk["memory_mb"], station_mb)]
    p95_s = float(np.percentile(late_s, 95))
    return {
        "minutes": round(seconds / 60, 2),
        "window": {
            "longest_wait_ms": _ms(kiosk["longest_s"]),
            "waits_over_50_ms": len(blocked),
            "of_them_own_work_over_50_ms": sum(used_s > BLOCKED_S for _, used_s in blocked),
            "longest_of_them": [[_ms(wait), _ms(used)] for wait, used in sorted(blocked)[-5:]],
            "verdict": _verdict(not blocked),
        },
        "machine": {
            "longest_wait_ms": _ms(max(machine_s)),
            "waits_over_50_ms": sum(wait_s > BLOCKED_S for wait_s in machine_s),
        },
        "pictures": {
            "painted": len(late_s),
            "painted_per_camera_and_s": round(len(late_s) / seconds / CAMERAS, 1),
            "late_ms_median": _ms(float(np.median(late_s))),
            "late_ms_p95": _ms(p95_s),
            "late_ms_p99": _ms(float(np.percentile(late_s, 99))),
            "late_ms_most": _ms(float(late_s.max())),
            "verdict": _verdict(p95_s <= LATE_P95_S),
        },
        "memory": {
            "kiosk_mb": round(kiosk["memory_mb"][-1][1], 1),
            "kiosk_mb_per_min": round(slopes[0], 3),
            "station_mb": round(station_mb[-1][1], 1),
            "station_mb_per_min": round(slopes[1], 3),
            "verdict": _verdict(max(slopes) <= FLAT_MB_PER_MIN),
        },
    }


def slope_mb_per_min(samples: Sequence[tuple[float, float]]) -> float:
    """Return by how much memory grows over the last two thirds of its samples."""
    times_s, weights_mb = np.array(samples[len(samples) // 3 :]).T
    return float(np.polyfit((times_s - times_s[0]) / 60, weights_mb, 1)[0])


def _ms(seconds: float) -> float:
    return round(1e3 * seconds, 1)


def _verdict(is_good: bool) -> str:
    return "PASS" if is_good else "MISS"


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.kiosk")
    parser.add_argument("--minutes", type=float, default=10.0)
    figures = run(parser.parse_args().minutes)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
