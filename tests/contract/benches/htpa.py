"""Heimann HTPA modules on UDP: one whose datagrams are numbered, and one whose are not."""

import numpy as np

from drivers.registry import DeviceKind
from tests.contract.benches.base import StreamingCameraBench

FIRST_DATAGRAM = (np.arange(32 * 32) < 646).reshape(32, 32)


class Htpa80x64Bench(StreamingCameraBench):
    kind, name = DeviceKind.CAMERA, "htpa-udp"
    simulator = {"array": "80x64d", "rate_hz": 25.0}
    hears_unplugging = False
    tolerance_c = 0.051
    cannot = {
        "split or merged": "a datagram comes whole or not at all",
        "shutter freeze": "it has no shutter",
        "Fahrenheit": "the words are kelvin whatever a viewer shows",
        "clock": "it has no clock",
    }
    unseen = {
        "bit_flip": "UDP's checksum drops it; inside the module nobody sees it but the reference",
    }

    def stay(self, address):
        return {"port": address["port"]}


class Htpa32x32Bench(Htpa80x64Bench):
    simulator = {"array": "32x32d", "rate_hz": 25.0}
    # If the second datagram of a frame and the first of the next are lost, nothing shows it.
    parts = (FIRST_DATAGRAM, ~FIRST_DATAGRAM)
