"""How many times faster than the device its bytes are decoded, in time of one core, no I/O.

Recordings of the wire are replayed and judged so; and a decoder that is slow takes a lane's time.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from drivers.cameras.htpa_codec import FrameAssembler, array_named
from drivers.cameras.mcu90640_codec import Mcu90640Parser
from simulators.clock import SceneClock
from simulators.devices.htpa_module import ARRAY_TYPES, HtpaModuleDevice
from simulators.devices.mcu90640_module import Mcu90640Device, Settings
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.htpa import HtpaDialect
from simulators.dialects.mcu90640 import Mcu90640Dialect
from simulators.faults import Faults
from simulators.site import Site

Decode = Callable[[bytes], object]
# The fastest rates that are told (protocol page 08: 27 and 41 Hz); for 160x120, of which none is
# told, the fastest of them.
_HTPA_HZ = {"32x32d": 27.0, "80x64d": 41.0, "160x120d": 41.0}
_MCU90640_HZ = 8.0
# What one read of a serial port brings while a frame comes.
_CHUNK = 64
_HOST = ("127.0.0.1", 30444)
_FILMED, _MEASURED_S, _ROUNDS = 40, 0.5, 5


def decoders() -> dict[str, dict[str, float]]:
    """Return for each wire the frames decoded a second, and how many times real time that is."""
    with TemporaryDirectory() as folder:
        site = Site(Path(folder), clock=SceneClock(0.0))
        figures = {}
        for name, rate_hz in _HTPA_HZ.items():
            pieces = list(_htpa_datagrams(site, name))
            assembler = FrameAssembler(array_named(name))
            figures[f"HTPA {name}"] = _figures(pieces, assembler.feed, rate_hz)
        parser = Mcu90640Parser()
        chunks = list(_mcu90640_chunks(site))
        figures["GY-MCU90640"] = _figures(chunks, parser.feed, _MCU90640_HZ)
        return figures


def _htpa_datagrams(site: Site, name: str) -> Iterator[bytes]:
    array = ARRAY_TYPES[name]
    camera = ThermalCameraDevice(site.view((array.rows, array.columns)), site.clock, Faults())
    device = HtpaModuleDevice(array, camera, site.clock, Faults())
    dialect = HtpaDialect(device, site.clock, Faults())
    for _ in range(_FILMED):
        site.clock.step(0.1)
        yield from dialect.frame()


def _mcu90640_chunks(site: Site) -> Iterator[bytes]:
    camera = ThermalCameraDevice(site.view((24, 32)), site.clock, Faults())
    device = Mcu90640Device(camera, site.clock, Faults(), settings=Settings(rate_hz=8.0))
    dialect = Mcu90640Dialect(device, site.clock, Faults())
    for _ in range(_FILMED):
        site.clock.step(0.125)
        frame = dialect.frame()
        yield from (frame[at : at + _CHUNK] for at in range(0, len(frame), _CHUNK))


def _figures(pieces: list[bytes], feed: Decode, rate_hz: float) -> dict[str, float]:
    """Feed the film again and again; the median of some rounds counts."""
    rounds = []
    for _ in range(_ROUNDS):
        frames, begun_s = 0, time.process_time()
        while (took_s := time.process_time() - begun_s) < _MEASURED_S:
            frames += sum(bool(feed(piece)) for piece in pieces)
        rounds.append(frames / took_s)
    frames_per_s = float(np.median(rounds))
    return {
        "frames_per_s": round(frames_per_s),
        "real_time_hz": rate_hz,
        "times_real_time": round(frames_per_s / rate_hz),
    }


if __name__ == "__main__":
    for name, figures in decoders().items():
        sys.stdout.write(f"{name}: {figures}\n")
