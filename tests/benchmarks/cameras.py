"""Four cameras of 640x480 at 30 Hz, ten people before each, the kiosk on: how late is a frame?

The cameras are paced recordings of the twin, so that painting them costs nothing meanwhile.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import numpy as np

from drivers.cameras.recording import write_npz
from station.commands.twin_stream import TwinFilm, film
from station.core.lane_events import LaneUpdate
from station.runtime.bridge_client import BridgeClient, BridgeClosed

CAMERAS, RATE_HZ, FILMED_S = 4, 30.0, 15
# Until the kiosk has started, and every lane has its reference and its travellers.
_START_S, _SETTLED = 4.0, 60
_LATE_S = 0.1


def four_cameras(seconds: float) -> dict[str, dict[str, float]]:
    """Run station and kiosk for some seconds; return for each lane how late its frames came.

    Lateness counts from the fastest frame of the lane: recordings carry no other clock.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        options = {"--people": 10, "--rate-hz": RATE_HZ, "--seconds": FILMED_S}
        scene = film("standing", options)
        _record(folder / "film.npz", scene, seconds + _START_S)
        config = folder / "site.toml"
        config.write_text(_site(folder, scene), encoding="utf-8")
        run = [sys.executable, "-m"]
        station = subprocess.Popen([*run, "station", "run", "--config", str(config), "--drill"])
        _await(folder / "bridge")
        kiosk = subprocess.Popen(
            [*run, "ui", "--socket", str(folder / "bridge")],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            stderr=subprocess.DEVNULL,
        )
        try:
            return _watch(folder / "bridge", seconds)
        finally:
            for process in (kiosk, station):
                process.terminate()
                process.wait(20)


def _await(path: Path) -> None:
    deadline_s = time.monotonic() + 20
    while not path.exists() and time.monotonic() < deadline_s:
        time.sleep(0.05)


def _record(path: Path, scene: TwinFilm, seconds: float) -> None:
    """Write the film forwards and backwards until it is long enough."""
    frames = np.stack([*islice(cycle(scene.there_and_back()), int(seconds * RATE_HZ))])
    times_ns = (np.arange(len(frames)) * 1e9 / RATE_HZ).astype(np.int64)
    no_shutter = np.zeros(len(frames), dtype=bool)
    started_at = datetime(2026, 3, 2, tzinfo=UTC)
    write_npz(
        path, frames, times_ns, no_shutter, model="twin", device="twin", started_at=started_at
    )


def _site(folder: Path, scene: TwinFilm) -> str:
    cameras = "".join(
        f'[[cameras]]\ncamera_id = "camera-{i}"\nlane = "{i}"\ndriver = "recording"\n'
        f'warm_up_s = 0\n[cameras.options]\npath = "{folder / "film.npz"}"\nis_paced = true\n'
        for i in range(1, CAMERAS + 1)
    )
    return (
        f'[station]\nledger_path = "{folder / "ledger.sqlite"}"\n'
        f'[kiosk]\nsocket_path = "{folder / "bridge"}"\n'
        f"[reference]\nregions = {json.dumps(scene.site['reference.regions'])}\n" + cameras
    )


def _watch(bridge: Path, seconds: float) -> dict[str, dict[str, float]]:
    delays_s: dict[str, list[float]] = {str(i): [] for i in range(1, CAMERAS + 1)}
    last: dict[str, LaneUpdate] = {}
    client = BridgeClient(bridge)
    client.connect()

    def read() -> None:
        # It ends with the station.
        with suppress(BridgeClosed):
            while True:
                event = client.read()
                if isinstance(event, LaneUpdate):
                    delays_s[event.lane].append(time.time() - event.captured_at.timestamp())
                    last[event.lane] = event

    Thread(target=read, daemon=True).start()
    # The cameras began a moment ago: they must not end before the watch does.
    time.sleep(seconds)
    return {
        lane: _lateness(delays[_SETTLED:])
        | {
            "measured_frames_per_s": round(last[lane].frames_per_s, 1),
            "dropped": last[lane].dropped_frames,
        }
        for lane, delays in delays_s.items()
    }


def _lateness(delays_s: list[float]) -> dict[str, float]:
    late_s = np.array(delays_s) - min(delays_s)
    return {
        "frames_told": len(late_s),
        "late_ms_median": round(float(np.median(late_s)) * 1e3, 1),
        "late_ms_p99": round(float(np.percentile(late_s, 99)) * 1e3, 1),
        "late_ms_most": round(float(late_s.max()) * 1e3, 1),
        "over_100_ms": int((late_s > _LATE_S).sum()),
    }
