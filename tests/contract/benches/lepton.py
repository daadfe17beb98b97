"""A FLIR Lepton 3.5 whose USB cable is a TCP stream."""

from tests.contract.video_bench import VideoBench


class LeptonBench(VideoBench):
    name = "lepton"
    step_s = 0.12
    rounding_c = 0.0051
