"""A video camera's payloads on TCP, in place of the USB cable.

Each frame is u32 little-endian length, u64 little-endian nanoseconds of a clock that never jumps,
then the payload: the very bytes that a video device gives to its reader. Only the carrier differs,
so a driver's decoding runs in full. What a USB camera and its host agree on beforehand, pixel
format, size and rate (UVC negotiation), is not exercised here, and neither are UVC controls.
"""

import select
import socket
import socketserver
import struct
import time

from simulators.faults import Fault, Faults
from simulators.payloads import PayloadDialect, PayloadStream
from simulators.serve.tcp import (
    LOOPBACK,
    SLOW_S,
    SPLIT_PAUSE_S,
    Server,
    listen,
    serve,
    stop,
)

_HEAD = struct.Struct("<IQ")
_PIECES = 4
# How often the camera looks whether a payload is due: a small part of a video camera's period.
_LOOK_S = 0.004


class PayloadServer:
    """A video camera at `tcp://127.0.0.1:port`; each host that connects gets every payload.

    Args:
        frames: gives the payloads, paced by scene time; a host gets the newest at once.
        faults: its switches.
        port: 0 takes a free one.
        seed: for everything random.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(
        self, frames: PayloadDialect, faults: Faults, port: int = 0, *, seed: int = 1
    ) -> None:
        self._server = listen(_handler(frames, faults, seed), port)
        self.port = int(self._server.server_address[1])
        self.source = f"tcp://{LOOPBACK}:{self.port}"
        self._thread = serve(self._server, "video server")

    def close(self) -> None:
        """Pull the plug: drop every connection and free the port. Safe to call twice."""
        stop(self._server, self._thread)


def _handler(
    frames: PayloadDialect, faults: Faults, seed: int
) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket
        server: Server

        def handle(self) -> None:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = PayloadStream(frames, faults, seed=seed)
            while not self.server.stopping.is_set() and not faults.has(Fault.DISCONNECT):
                # Who does not keep up loses whole frames, as on USB, but not the newest.
                payloads = stream.due() if self._is_keeping_up() else []
                if payloads and faults.has(Fault.SLOW):
                    self.server.stopping.wait(SLOW_S)
                for payload in payloads:
                    self._send(payload)
                # A host says nothing on this line: if there is something to read, it has left.
                if select.select([self.request], [], [], _LOOK_S)[0]:
                    return

        def _is_keeping_up(self) -> bool:
            return bool(select.select([], [self.request], [], 0)[1])

        def _send(self, payload: bytes) -> None:
            message = _HEAD.pack(len(payload), time.monotonic_ns()) + payload
            if not faults.has(Fault.SPLIT):
                self.request.sendall(message)
                return
            size = len(message) // _PIECES + 1
            for start in range(0, len(message), size):
                self.request.sendall(message[start : start + size])
                self.server.stopping.wait(SPLIT_PAUSE_S)

    return Handler
