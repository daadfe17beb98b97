"""A Calex PyroMiniBus on a pseudo-terminal."""

from tests.contract.point_bench import PointBench


class CalexModbusBench(PointBench):
    name = "calex-modbus"
    options = PointBench.options | {"poll_s": 0.03}
    cannot = PointBench.cannot | {
        "interleaved reply": "it speaks only when asked",
        "Fahrenheit": "its registers are in °C",
    }
