"""A GY-MCU90640 on a pseudo-terminal."""

import numpy as np

from drivers.registry import DeviceKind
from tests.contract.benches.base import StreamingCameraBench

HALVES = np.indices((24, 32)).sum(axis=0) % 2 == 0


class Mcu90640Bench(StreamingCameraBench):
    kind, name = DeviceKind.CAMERA, "gy-mcu90640"
    simulator = {"baud": 460_800, "rate_hz": 8.0}
    tolerance_c = 0.0051
    # The sensor measures one half of a chess board after the other.
    parts = (HALVES, ~HALVES)
    cannot = {
        "shutter freeze": "it has no shutter",
        "no value": "its manual names no such code",
        "Fahrenheit": "it knows no other unit",
        "clock": "it has no clock",
    }
