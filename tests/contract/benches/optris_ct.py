"""An Optris CT on a pseudo-terminal."""

from tests.contract.point_bench import PointBench


class OptrisCtBench(PointBench):
    name = "optris-ct"
    options = PointBench.options | {"poll_s": 0.03}
    cannot = PointBench.cannot | {
        "interleaved reply": "it speaks only when asked",
        "Fahrenheit": "the binary protocol is in °C",
    }
