"""TCP on loopback: the server that every other one stands on, and serial lines behind it."""

import logging
import select
import socket
import socketserver
import sys
import threading
from contextlib import suppress
from typing import Any, TypeVar

from simulators.faults import Fault, Faults
from simulators.line import Line

LOOPBACK = "127.0.0.1"
SLOW_S = 0.5
"""How late a slow device answers."""
SPLIT_PAUSE_S = 0.005
"""Between two pieces of a message."""
POLL_S = 0.01
"""How often a device looks at its line and its switches."""

_log = logging.getLogger(__name__)


class PortInUse(Exception):
    """A port or link that the simulator was told to use is taken."""


class Server(socketserver.ThreadingTCPServer):
    """A TCP server that can drop its connections, as a pulled plug does."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], handler: type[socketserver.BaseRequestHandler]
    ) -> None:
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Peers that go away are no error; anything else is ours."""
        if not isinstance(sys.exception(), ConnectionError):
            _log.exception("a connection failed")

    def drop_connections(self) -> None:
        """Cut every connection off."""
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class TcpServer:
    """A serial line behind a TCP port, as a serial server gives it.

    Args:
        line: what comes over it; one conversation at a time, like the line itself.
        faults: its switches.
        port: 0 takes a free one.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(self, line: Line, faults: Faults, port: int = 0) -> None:
        self._outbox = Outbox()
        self._server = listen(_handler(line, faults, self._outbox), port)
        self.port = int(self._server.server_address[1])
        self.url = f"socket://{LOOPBACK}:{self.port}"
        self._thread = serve(self._server, "serial server")

    def send(self, pieces: list[bytes]) -> None:
        """Send what nobody asked for; it is lost if nobody is connected."""
        self._outbox.put(pieces)

    def close(self) -> None:
        """Pull the plug: drop every connection and free the port."""
        stop(self._server, self._thread)


class Outbox:
    """Pieces that wait for the thread that writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: list[bytes] = []

    def put(self, pieces: list[bytes]) -> None:
        """Add pieces."""
        with self._lock:
            self._pieces += pieces

    def take(self) -> list[bytes]:
        """Return and forget what waits."""
        with self._lock:
            pieces, self._pieces = self._pieces, []
            return pieces


def _handler(line: Line, faults: Faults, outbox: Outbox) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket
        server: Server

        def handle(self) -> None:
            # Each answer is small and leaves at once.
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            outbox.take()
            while not self.server.stopping.is_set() and not faults.has(Fault.DISCONNECT):
                self._say(outbox.take() + line.due())
                if not select.select([self.request], [], [], POLL_S)[0]:
                    continue
                data = self.request.recv(4096)
                if not data:
                    return
                pieces = line.answer(data)
                if pieces and faults.has(Fault.SLOW):
                    self.server.stopping.wait(SLOW_S)
                self._say(pieces)

        def _say(self, pieces: list[bytes]) -> None:
            for piece in pieces:
                self.request.sendall(piece)
                if len(pieces) > 1:
                    self.server.stopping.wait(SPLIT_PAUSE_S)

    return Handler


_Handler = TypeVar("_Handler", bound=socketserver.BaseRequestHandler)


def listen(handler: type[_Handler], port: int) -> Server:
    """Return a server on loopback.

    Raises:
        PortInUse: if the port is taken.
    """
    try:
        return Server((LOOPBACK, port), handler)
    except (OSError, OverflowError) as error:
        raise PortInUse(f"port {port} cannot be used ({error}): choose another one") from error


def serve(server: Server, name: str) -> threading.Thread:
    """Serve in a thread of that name."""
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), name=name, daemon=True)
    thread.start()
    return thread


def stop(server: Server, thread: threading.Thread) -> None:
    """Stop serving and drop every connection. Safe to call twice."""
    server.stopping.set()
    server.shutdown()
    server.server_close()
    server.drop_connections()
    thread.join(2)
