"""Where a GenICam camera's nodes and buffers come from: a GenTL producer, or a stand-in for it.

The stand-in carries the same buffers and node values over TCP, so everything behind this module
runs without a camera. What it cannot show: discovery, packets and resends, and the producer itself.
"""

import json
import struct
import time

from drivers.cameras.genicam_source import CameraBuffer, GenicamSource, NodeRefused
from drivers.errors import DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport.frames import STREAM_SCHEME, StreamTransport
from drivers.transport.payloads import FrameTransport
from drivers.transport.serial_port import SerialTransport

_ANSWER_S = 1.0
_CHUNK = 4096
_BAUD = 115_200
_LARGEST_BUFFER = 16_000_000
# Stand-in: u64 block number, u8 whether the buffer is complete.
_HEAD = struct.Struct("<QB")


class StandInSource:
    """Buffers from `tcp://`, nodes from a line of JSON: `{"node": N}` or with `"value"` to set it.

    Args:
        source: `tcp://host:port` of the buffers.
        nodes: `socket://host:port` of the nodes.

    Raises:
        OpenFailed: if nobody answers there.
    """

    def __init__(self, source: str, nodes: str) -> None:
        self._nodes_at = nodes
        self._source = source
        self._line = SerialTransport(nodes, _BAUD)
        self._received = b""
        self._buffers: FrameTransport | None = None

    def identity(self) -> tuple[str, str]:
        """See `GenicamSource.identity`."""
        return self.get("DeviceModelName") or "", self.get("DeviceSerialNumber") or ""

    def get(self, node: str) -> str | None:
        """See `GenicamSource.get`."""
        answer = self._ask({"node": node})
        return None if "error" in answer else str(answer["value"])

    def set(self, node: str, value: str) -> None:
        """See `GenicamSource.set`."""
        answer = self._ask({"node": node, "value": value})
        if "error" in answer:
            raise NodeRefused(f"The camera does not take {node} {value!r}: {answer['error']}.")

    def start(self) -> None:
        """See `GenicamSource.start`."""
        if self._buffers is None:
            self.set("AcquisitionStart", "1")
            self._buffers = StreamTransport(self._source, _LARGEST_BUFFER)

    def stop(self) -> None:
        """See `GenicamSource.stop`."""
        if self._buffers is not None:
            self._buffers.close()
            self._buffers = None
        self.set("AcquisitionStop", "1")

    def fetch(self, timeout_s: float) -> CameraBuffer:
        """See `GenicamSource.fetch`."""
        if self._buffers is None:
            raise DeviceTimeout("the camera was not started")
        data = self._buffers.read(timeout_s).data
        if len(data) < _HEAD.size or data[_HEAD.size - 1] > 1:
            raise ProtocolError(f"{self._source} sends no GenICam buffers", data)
        block, is_complete = _HEAD.unpack_from(data)
        return CameraBuffer(data[_HEAD.size :], block, bool(is_complete))

    def close(self) -> None:
        """See `GenicamSource.close`."""
        self._line.close()
        if self._buffers is not None:
            self._buffers.close()

    def _ask(self, question: dict[str, str]) -> dict[str, object]:
        """Return the answer to a question; late answers to others are thrown away."""
        self._line.write(json.dumps(question).encode() + b"\n")
        until_s = time.monotonic() + _ANSWER_S
        while (left_s := until_s - time.monotonic()) > 0:
            self._received += self._line.read(_CHUNK, left_s)
            while b"\n" in self._received:
                line, _, self._received = self._received.partition(b"\n")
                answer = self._understand(line)
                if answer["node"] == question["node"]:
                    return answer
        if self._received:
            raise self._no_nodes(self._received)
        raise DeviceTimeout(
            f"The camera's nodes at {self._nodes_at} do not answer: check its cable."
        )

    def _understand(self, line: bytes) -> dict[str, object]:
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise self._no_nodes(line) from error
        if (
            not isinstance(answer, dict)
            or "node" not in answer
            or answer.keys().isdisjoint(("value", "error"))
        ):
            raise self._no_nodes(line)
        return answer

    def _no_nodes(self, seen: bytes) -> ProtocolError:
        return ProtocolError(f"{self._nodes_at} tells no GenICam nodes", seen)


def open_source(source: str, nodes: str, serial_number: str) -> GenicamSource:
    """Open a camera.

    Args:
        source: a GenTL producer's file (`.cti`), or `tcp://host:port` of a stand-in.
        nodes: the stand-in's nodes, `socket://host:port`.
        serial_number: which camera of the producer; empty for its only one.

    Raises:
        DriverUnavailable: if the library for producers is not installed.
        OpenFailed: if there is no such camera, or it is in use.
    """
    if source.startswith(STREAM_SCHEME):
        if not nodes:
            raise OpenFailed(f"{source} needs the option nodes: the address of the camera's nodes.")
        return StandInSource(source, nodes)
    # The library for producers is an extra.
    from drivers.cameras.genicam_harvesters import HarvestersSource  # noqa: PLC0415

    return HarvestersSource(source, serial_number)
