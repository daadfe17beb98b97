"""A GY-MCU90614 module on a pseudo-terminal."""

from tests.contract.point_bench import PointBench


class GyMcu90614Bench(PointBench):
    name = "gy-mcu90614"
    cannot = PointBench.cannot | {
        "interleaved reply": "every message of the module is a reading",
        "no value": "its pages name no such code",
        "Fahrenheit": "the module is in °C",
    }
