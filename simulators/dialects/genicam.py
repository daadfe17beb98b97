"""A stand-in for a GenTL producer: a camera's nodes as lines of JSON, its buffers as payloads.

This is no GigE Vision: packets, resends, discovery and heartbeats are not here. A question is
`{"node": NAME}`, or with `"value": TEXT` to set it; the answer repeats the node with its value, or
an error. A buffer is u64 little-endian block number, u8 whether it is complete, then the pixels.
"""

import json
import struct

from simulators.devices.flir_gige import FlirGigeDevice
from simulators.devices.thermal_camera import Picture, ThermalCameraDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect
from simulators.payloads import CameraPayloads

_HEAD = struct.Struct("<QB")
_LAST_BLOCK = 0xFFFF
_LONGEST_LINE = 1000
# The packets that are missing from an incomplete buffer leave zeros.
_HOLE = slice(2000, 6000)


class GenicamNodes(Dialect):
    """The camera's nodes."""

    def __init__(self, device: FlirGigeDevice) -> None:
        self._device = device
        self._received = b""

    def answer(self, data: bytes) -> list[bytes]:
        """Answer each whole line."""
        *lines, self._received = (self._received + data).split(b"\n")
        self._received = self._received[-_LONGEST_LINE:]
        return [json.dumps(self._obey(line)).encode() + b"\n" for line in lines if line.strip()]

    def _obey(self, line: bytes) -> dict[str, str]:
        try:
            question = json.loads(line)
            node = str(question["node"])
        except (ValueError, KeyError, TypeError):
            return {"node": "", "error": "a question names a node"}
        try:
            if "value" in question:
                self._device.take(node, str(question["value"]))
                return {"node": node, "value": str(question["value"])}
            return {"node": node, "value": self._device.tell(node)}
        except KeyError:
            return {"node": node, "error": "no such node"}
        except ValueError as error:
            return {"node": node, "error": str(error)}


class GenicamBuffers(CameraPayloads):
    """The camera's buffers; their block numbers have 16 bits, and none is 0.

    Args:
        camera: its sensor.
        device: its nodes.
        faults: its switches.
        rate_hz: its pictures a second.
    """

    def __init__(
        self, camera: ThermalCameraDevice, device: FlirGigeDevice, faults: Faults, rate_hz: float
    ) -> None:
        super().__init__(camera)
        self._gige = device
        self._faults = faults
        self._rate_hz = rate_hz

    def encode(self, picture: Picture) -> bytes:
        """Return a picture as a buffer."""
        # Blocks count what the sensor took, also what nobody fetched.
        block = 1 + round(picture.taken_s * self._rate_hz) % _LAST_BLOCK
        data = bytearray(self._gige.pixels(picture.temperature_c).astype("<u2").tobytes())
        is_complete = not (self._faults.has(Fault.INCOMPLETE) and picture.number % 2)
        if not is_complete:
            data[_HOLE] = bytes(len(data[_HOLE]))
        return _HEAD.pack(block, is_complete) + bytes(data)
