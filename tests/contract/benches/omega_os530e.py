"""An Omega OS530E on a pseudo-terminal."""

from tests.contract.point_bench import PointBench


class OmegaOs530eBench(PointBench):
    name = "omega-os530e"
    # It tells its interval, 1 s: within the contract's short reads it may well be silent.
    is_silence_a_fault = False
    options = PointBench.options | {"interval_s": 1}
    # It shows whole degrees, and what lies half way between two, by its noise, as either.
    tolerance_c = 0.6
    cannot = PointBench.cannot | {
        "interleaved reply": "it confirms settings only while its stream is stopped",
        "no value": "its manual names no such code",
    }

    def __init__(self, folder):
        super().__init__(folder)
        # A record in 0.05 s.
        self.clock.set_speed(20.0)
