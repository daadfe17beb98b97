"""What an InfiRay P2 Pro sends: a coloured picture in YUYV, and below it words of 1/64 K.

Source: the open viewers P2Pro-Viewer and PyThermalCamera, facts of the frame.
"""

import numpy as np

from simulators.devices.thermal_camera import Picture, ThermalCameraDevice
from simulators.faults import Fault, Faults
from simulators.payloads import CameraPayloads

SHAPE = (192, 256)
"""Rows and columns of the sensor."""
RATE_HZ = 25.0
"""Pictures a second."""
_NO_COLOUR = 128


class P2ProPayloads(CameraPayloads):
    """The camera's side of its USB cable."""

    def __init__(self, device: ThermalCameraDevice, faults: Faults) -> None:
        super().__init__(device)
        self._faults = faults

    def encode(self, picture: Picture) -> bytes:
        """Return a picture as the camera sends it."""
        temperature_c = picture.temperature_c.astype(np.float64)
        raw = np.rint((temperature_c + 273.15) * 64).clip(0, 65535).astype("<u2")
        if self._faults.has(Fault.SENTINEL):
            # As in its first pictures after the start.
            raw[:] = 0
        colours = np.full((*SHAPE, 2), _NO_COLOUR, dtype=np.uint8)
        colours[..., 0] = np.clip((temperature_c - 15) * 10, 0, 255)
        return colours.tobytes() + raw.tobytes()
