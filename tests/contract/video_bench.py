"""What the benches of USB video cameras share."""

import numpy as np

from drivers.registry import DeviceKind
from station.core.frames import FrameStatus
from tests.contract.benches.base import Bench


class VideoBench(Bench):
    """A video camera whose cable is a TCP stream of its payloads."""

    kind = DeviceKind.CAMERA
    options = {"camera_id": "under-test"}
    # A little more than one picture of its sensor, and half a count.
    step_s = 0.05
    rounding_c = 0.01
    shown = ()

    cannot = {
        "bit flip": "each packet of USB has a checksum",
        "false header": "USB marks where a picture begins",
        "interleaved reply": "nothing else comes on the video pipe",
        "Fahrenheit": "its counts are kelvin",
    }

    def is_value(self, frame):
        return frame.status is FrameStatus.LIVE

    def provoke(self):
        self.clock.step(self.step_s)
        self.shown = (*self.shown[-4:], self.plugged.device.picture().temperature_c)

    def check(self, frame):
        # One may have waited in the line; each of them is true.
        assert any(
            np.allclose(frame.temperature_c, seen_c, rtol=0, atol=self.rounding_c)
            for seen_c in self.shown
        )
        assert frame.camera_id == "under-test"
        assert frame.captured_at.tzinfo is not None
