"""A FLIR Boson on two wires: video over TCP, control on a pseudo-terminal."""

import numpy as np

from drivers.registry import DeviceKind
from station.core.frames import FrameStatus
from tests.contract.benches.base import Bench

SHAPE = (256, 320)


class BosonBench(Bench):
    kind, name = DeviceKind.CAMERA, "boson"
    options = {"camera_id": "under-test"}

    cannot = {
        "Fahrenheit": "its pixels are kelvin whatever else is set",
        "clock": "it tells no time that the driver reads",
    }
    # The reference source in view corrects it; hour-long drift is what it is for.
    unseen = {
        "drift": "the reference source in view",
        "offset_step": "the reference source in view",
    }

    def is_value(self, frame):
        return frame.status is FrameStatus.LIVE

    def provoke(self):
        self.clock.step(0.2)

    def check(self, frame):
        assert frame.shape == SHAPE
        assert frame.camera_id == "under-test"
        assert frame.captured_at.tzinfo is not None
        if self.is_value(frame):
            truth_c = self.plugged.view.render(self.clock.now_s())
            # Half a centikelvin of rounding, and float32.
            assert np.abs(frame.temperature_c - truth_c).max() < 0.0055
