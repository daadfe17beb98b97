"""A Raytek MI3 on a pseudo-terminal."""

from tests.contract.point_bench import PointBench


class RaytekMi3Bench(PointBench):
    name = "raytek-mi3"
    options = PointBench.options | {"poll_s": 0.03}
