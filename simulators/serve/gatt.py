"""Bluetooth devices as lines of text over TCP; radio, pairing and discovery are not exercised.

The lines: `AWAKE name`, `CONNECTED`, `NOTIFY characteristic hex` and `GONE reason` go to the host;
`CONNECT`, `WRITE characteristic hex` and `DISCONNECT` come from it.
"""

import select
import socket
import socketserver
import threading
from collections.abc import Callable

from simulators.faults import Fault, Faults
from simulators.gatt import GattDialect, Value
from simulators.line import Dialect, Line
from simulators.serve.tcp import LOOPBACK, POLL_S, SLOW_S, Server, listen, serve, stop

_FOREIGN_NAME = "TAIDOC TD4277"
# It shows itself again and again as long as it has something to tell.
_SHOWN_EVERY_S = 0.1
_SHOWN_TIMES = 20


class _Values(Dialect):
    """Lends a value's bytes the faults of a line."""

    other_device = b"+36.6 C\r\n" * 8

    def answer(self, data: bytes) -> list[bytes]:
        return []


class GattServer:
    """One device in reach of one host.

    Args:
        dialect: the device.
        faults: its switches.
        seed: for everything random.
        port: 0 takes a free one.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(
        self, dialect: GattDialect, faults: Faults, *, seed: int = 1, port: int = 0
    ) -> None:
        self.faults = faults
        """Its switches."""
        self._device = _Device(dialect, faults, seed)
        self._server = listen(_handler(self._device, faults), port)
        self.port = int(self._server.server_address[1])
        self.url = f"tcp://{LOOPBACK}:{self.port}"
        self._thread = serve(self._server, "bluetooth")

    def measure(self, body_c: float) -> None:
        """Measure a person of this body temperature, °C."""
        self._device.measure(body_c)

    def close(self) -> None:
        """Pull the radio out."""
        stop(self._server, self._thread)


class _Device:
    """What the host's lines do, one connection at a time."""

    def __init__(self, dialect: GattDialect, faults: Faults, seed: int) -> None:
        self._dialect = dialect
        self._faults = faults
        self._line = Line(_Values(), faults, seed=seed)
        self._lock = threading.Lock()
        self._is_connected = False
        self._shown = 0
        self._lines: list[str] = []

    def measure(self, body_c: float) -> None:
        with self._lock:
            values = self._dialect.measured(body_c)
            # Whoever does not get it now is told as soon as the device is free again.
            self._shown = _SHOWN_TIMES
            if self._is_connected:
                self._tell(values)

    def left(self) -> None:
        """The host is out of reach."""
        with self._lock:
            self._is_connected, self._lines = False, []

    def show(self) -> None:
        """Show itself once, if it has something to tell."""
        with self._lock:
            if self._shown and not self._is_connected and not self._faults.has(Fault.SILENT):
                self._shown -= 1
                is_other = self._faults.has(Fault.WRONG_DEVICE)
                self._lines.append(f"AWAKE {_FOREIGN_NAME if is_other else self._dialect.name}")

    def hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        with self._lock:
            if word == "CONNECT" and not self._is_connected:
                self._is_connected, self._shown = True, 0
                self._lines.append("CONNECTED")
                self._tell(self._dialect.connected())
            elif word == "WRITE" and self._is_connected:
                characteristic, _, value = rest.partition(" ")
                self._tell(self._dialect.written(characteristic, bytes.fromhex(value)))
            elif word == "DISCONNECT" and self._is_connected:
                self._hang_up()

    def take(self) -> list[str]:
        with self._lock:
            if self._is_connected and self._dialect.hangs_up:
                self._hang_up()
            lines, self._lines = self._lines, []
            return lines

    def _tell(self, values: list[Value]) -> None:
        for characteristic, value in values:
            self._lines += [
                f"NOTIFY {characteristic} {piece.hex()}" for piece in self._line.tell([value])
            ]

    def _hang_up(self) -> None:
        self._is_connected = False
        self._lines.append("GONE ")


def _handler(device: _Device, faults: Faults) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket
        server: Server

        def handle(self) -> None:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            heard, next_show_s = bytearray(), 0.0
            device.left()
            while not self.server.stopping.is_set() and not faults.has(Fault.DISCONNECT):
                next_show_s += POLL_S
                if next_show_s >= _SHOWN_EVERY_S:
                    next_show_s = 0.0
                    device.show()
                self._say(device.take)
                if not select.select([self.request], [], [], POLL_S)[0]:
                    continue
                data = self.request.recv(4096)
                if not data:
                    return
                heard += data
                while (end := heard.find(b"\n")) >= 0:
                    device.hear(heard[:end].decode("ascii", "replace").strip())
                    del heard[: end + 1]

        def _say(self, take: Callable[[], list[str]]) -> None:
            lines = take()
            if lines and faults.has(Fault.SLOW):
                self.server.stopping.wait(SLOW_S)
            if lines:
                self.request.sendall("".join(f"{line}\n" for line in lines).encode())

    return Handler
