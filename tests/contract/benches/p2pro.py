"""A P2 Pro whose USB cable is a TCP stream."""

from tests.contract.video_bench import VideoBench


class P2ProBench(VideoBench):
    name = "p2pro"
    step_s = 0.05
    rounding_c = 0.0079
    cannot = VideoBench.cannot | {"clock": "its pictures carry no time"}
