"""`python -m tests.benchmarks.film_cameras FILM.npy COUNT`: cameras that send a film.

Each is a FLIR A700 (640x480, 30 Hz) on the wires of a stand-in for its producer. The film runs
again and again. The last pixels of each picture tell its number, so that whoever paints it
knows when it was taken; the first line of the output tells the addresses and when picture 0 was.
"""

import json
import signal
import struct
import sys
import threading
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.devices.flir_gige import FlirGigeDevice
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.genicam import GenicamNodes
from simulators.faults import Faults, WireFaults
from simulators.line import Line
from simulators.payloads import PayloadDialect
from simulators.serve.payload import PayloadServer
from simulators.serve.tcp import TcpServer

RATE_HZ = 30.0
_HEAD = struct.Struct("<QB")
# Numbers are written as temperatures of a room, so that no statistics of the picture notice them.
_ZERO_CK, _BASE = 29_000, 1000
_LAST_BLOCK = 0xFFFF


def number_of(pixels_ck: NDArray[np.uint16]) -> int:
    """Return the number of a picture."""
    counts = pixels_ck[-1, -2:].astype(int) - _ZERO_CK
    return int(counts[0]) * _BASE + int(counts[1])


class FilmPayloads(PayloadDialect):
    """The film as buffers, at its pace.

    Args:
        pictures: centikelvin, uint16, (pictures, rows, columns).
        begun_s: when picture 0 was taken, on the monotonic clock.
    """

    def __init__(self, pictures: NDArray[np.uint16], begun_s: float) -> None:
        self._pictures = pictures
        self._begun_s = begun_s

    def due(self, after_s: float | None) -> tuple[float, bytes] | None:
        """See `PayloadDialect.due`."""
        number = int((time.monotonic() - self._begun_s) * RATE_HZ)
        if number < 0 or after_s == number:
            return None
        pixels = self._pictures[number % len(self._pictures)].copy()
        pixels[-1, -2:] = _ZERO_CK + number // _BASE, _ZERO_CK + number % _BASE
        return float(number), _HEAD.pack(1 + number % _LAST_BLOCK, 1) + pixels.astype(
            "<u2"
        ).tobytes()


class _Still:
    """What a camera's own sensor would see; only the film is sent."""

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        raise NotImplementedError


def main() -> None:
    """Serve until told to stop."""
    pictures = np.load(Path(sys.argv[1]), mmap_mode="r")
    begun_s = time.monotonic()
    faults = Faults(frozenset())
    wires = WireFaults(faults, reached_by=frozenset())
    told = []
    for _ in range(int(sys.argv[2])):
        camera = ThermalCameraDevice(_Still(), SceneClock(), faults)
        device = FlirGigeDevice("a-series", camera, pictures.shape[1:], faults)
        buffers = PayloadServer(FilmPayloads(pictures, begun_s), faults)
        nodes = TcpServer(Line(GenicamNodes(device), wires), wires)
        told.append({"source": buffers.source, "nodes": nodes.url})
    sys.stdout.write(json.dumps({"begun_s": begun_s, "cameras": told}) + "\n")
    sys.stdout.flush()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()


if __name__ == "__main__":
    main()
