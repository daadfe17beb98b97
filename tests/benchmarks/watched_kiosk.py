"""`python -m tests.benchmarks.watched_kiosk SOCKET BEGUN_S SECONDS`: a kiosk that tells how it was.

The kiosk as it is, with its own pulse, all lanes in sight; each painted picture of the film tells
when it was taken. Prints one JSON object at its end.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent

from tests.benchmarks.film_cameras import RATE_HZ, number_of
from ui import app
from ui.pulse import Pulse
from ui.traveller import TravellerPlace
from ui.widgets.thermal import ThermalView
from ui.window import KioskWindow

# Until the lanes have their reference and their travellers, and everything was drawn once.
SETTLING_S = 15.0
_MOST_PER_S = 200
_PAGE_MB = resource.getpagesize() / 2**20


class Watch:
    """Notes when each picture was painted; its own memory is all taken at the start."""

    def __init__(self, begun_s: float, most: int) -> None:
        self._begun_s = begun_s
        self._painted: dict[int, int] = {}
        self._late_s = np.full(most, np.nan)
        self._count = 0
        self.memory_mb: list[tuple[float, float]] = []

    def forget(self) -> None:
        self._count = 0

    def late_s(self) -> list[float]:
        return self._late_s[: self._count].tolist()

    def painted(self, view: ThermalView) -> None:
        if not view.isVisible() or view._pixels_ck is None:
            return
        number = number_of(view._pixels_ck)
        if self._painted.get(id(view)) != number and self._count < len(self._late_s):
            self._painted[id(view)] = number
            taken_s = self._begun_s + number / RATE_HZ
            self._late_s[self._count] = time.monotonic() - taken_s
            self._count += 1

    def weigh(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.memory_mb.append((time.monotonic(), pages * _PAGE_MB))


def main() -> int:
    """Show the kiosk for some seconds."""
    socket, begun_s, seconds = Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    watch = Watch(begun_s, int(_MOST_PER_S * (SETTLING_S + seconds)))
    _after_each_paint(watch.painted)
    pulses: list[Pulse] = []
    timers: list[QTimer] = []

    def begin(window: KioskWindow, pulse: Pulse) -> None:
        pulses.append(pulse)
        timers.append(QTimer())
        timers[0].timeout.connect(watch.weigh)
        QTimer.singleShot(int(1e3 * SETTLING_S / 2), window.screens["lane"].lane_view.all.click)

        def count() -> None:
            pulse.forget()
            watch.forget()
            timers[0].start(1000)

        QTimer.singleShot(int(1e3 * SETTLING_S), count)
        QTimer.singleShot(int(1e3 * (SETTLING_S + seconds)), window.close)

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory() as folder:
        code = app.run_kiosk(
            socket,
            "en",
            is_full_screen=False,
            place_path=Path(folder) / "place",
            traveller=TravellerPlace.OFF,
            on_shown=begin,
        )
    pulse = pulses[0]
    told = {
        "blocked": pulse.blocked,
        "beats": pulse.beats,
        "longest_s": pulse.longest_s,
        "late_s": watch.late_s(),
        "memory_mb": watch.memory_mb,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return code


def _after_each_paint(note: Callable[[ThermalView], None]) -> None:
    paint = ThermalView.paintEvent

    def painted(view: ThermalView, event: QPaintEvent) -> None:
        paint(view, event)
        note(view)

    ThermalView.paintEvent = painted


if __name__ == "__main__":
    sys.exit(main())
