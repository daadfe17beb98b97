"""Where a video camera's raw pictures come from: a USB device, or a TCP stream of the same bytes.

A driver decodes the payload and does not know which of the two carries it. The stream is a
sequence of frames, each u32 little-endian length, u64 little-endian nanoseconds of the sender's
clock, then the payload.
"""

import select
import socket
import struct
import time
from datetime import UTC, datetime

from drivers import wire_tap
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport.payloads import FrameTransport, Payload, VideoMode

_HEAD = struct.Struct("<IQ")
_CONNECT_TIMEOUT_S = 3.0
_LEAST_BUFFER = 1 << 18
STREAM_SCHEME = "tcp://"
"""Addresses that begin so are streams; any other is a video device."""


class StreamTransport:
    """Payloads over TCP.

    Args:
        address: `tcp://host:port`.
        largest: bytes of the largest payload of this camera.

    Raises:
        OpenFailed: if nobody answers there.
    """

    def __init__(self, address: str, largest: int) -> None:
        self._address = address
        self._largest = largest
        # Kept, and filled anew: a camera's pictures are the larger part of a station's traffic.
        self._buffer = bytearray(_LEAST_BUFFER)
        self._filled = 0
        host, _, port = address.removeprefix(STREAM_SCHEME).rpartition(":")
        try:
            self._socket = socket.create_connection((host, int(port)), _CONNECT_TIMEOUT_S)
        except (OSError, ValueError, OverflowError) as error:
            raise OpenFailed(
                f"The frame stream at {address} cannot be opened ({error}): check the address."
            ) from error
        self._socket.setblocking(False)

    def read(self, timeout_s: float) -> Payload:
        """See `FrameTransport.read`; frames that wait are skipped for the newest."""
        until_s = time.monotonic() + timeout_s
        newest = self._take()
        while newest is None:
            self._fill(until_s)
            newest = self._take()
        while self._is_more_waiting():
            self._fill(until_s)
            newest = self._take() or newest
        wire_tap.heard(self._address, newest.data)
        return newest

    def close(self) -> None:
        """Release the connection."""
        self._socket.close()

    def _is_more_waiting(self) -> bool:
        return bool(select.select([self._socket], [], [], 0)[0])

    def _fill(self, until_s: float) -> None:
        left_s = max(0.0, until_s - time.monotonic())
        if self._filled == len(self._buffer):
            self._buffer += bytes(len(self._buffer))
        try:
            is_ready = select.select([self._socket], [], [], left_s)[0]
            # No name for the view: whoever holds one, in a traceback too, keeps it from growing.
            count = (
                self._socket.recv_into(memoryview(self._buffer)[self._filled :])
                if is_ready
                else None
            )
        except (OSError, ValueError) as error:
            raise self._lost(str(error)) from error
        if count is None:
            raise DeviceTimeout(
                f"The frame stream at {self._address} has stopped: check the camera's cable."
            )
        if not count:
            raise self._lost("the other side closed it")
        self._filled += count

    def _take(self) -> Payload | None:
        """Return the newest whole payload in the buffer."""
        newest, start = None, 0
        while self._filled - start >= _HEAD.size:
            length, _ = _HEAD.unpack_from(self._buffer, start)
            if length > self._largest:
                seen = bytes(self._buffer[start : min(start + 32, self._filled)])
                self._filled = 0
                self.close()
                raise ProtocolError(
                    f"{self._address} is no frame stream of this camera: choose another address "
                    "or driver",
                    seen,
                )
            begin, end = start + _HEAD.size, start + _HEAD.size + length
            if self._filled < end:
                break
            data = bytes(memoryview(self._buffer)[begin:end])
            newest = Payload(data, datetime.now(UTC), time.monotonic())
            start = end
        if start:
            left = self._filled - start
            self._buffer[:left] = self._buffer[start : self._filled]
            self._filled = left
        return newest

    def _lost(self, why: str) -> DeviceDisconnected:
        return DeviceDisconnected(
            f"The frame stream at {self._address} is gone ({why}): plug the camera in again."
        )


def open_frames(source: str, modes: tuple[VideoMode, ...]) -> FrameTransport:
    """Open a camera's payloads.

    Args:
        source: a stable device path such as `/dev/v4l/by-id/usb-...-video-index0`, or `tcp://...`.
        modes: how this camera may send, the wished first.

    Raises:
        OpenFailed: if it cannot be opened or offers none of the modes.
    """
    if source.startswith(STREAM_SCHEME):
        return StreamTransport(source, max(mode.byte_count for mode in modes))
    # OpenCV is only needed for real video devices.
    from drivers.transport.v4l2 import V4l2Transport  # noqa: PLC0415

    return V4l2Transport(source, modes)
