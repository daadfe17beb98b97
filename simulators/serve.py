"""The simulated devices on real wires: HTTP on loopback, a pseudo-terminal, a control port."""

import json
import logging
import os
import select
import socket
import socketserver
import sys
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, TypeVar

from simulators.devices.fefd_gun import FefdGunDevice
from simulators.devices.hikvision_camera import HikvisionCameraDevice
from simulators.dialects.fefd import FefdDialect
from simulators.dialects.fluke418x import Fluke418xDialect
from simulators.dialects.isapi import Digest, IsapiDialect
from simulators.faults import Fault, Faults

_LOOPBACK = "127.0.0.1"
_SLOW_S = 0.5
_DRIP_PIECES, _DRIP_PAUSE_S = 40, 0.1
_SPLIT_PAUSE_S = 0.02
_POLL_S = 0.02

_log = logging.getLogger(__name__)


class PortInUse(Exception):
    """A port or link that the simulator was told to use is taken."""


class _Server(socketserver.ThreadingTCPServer):
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
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Peers that go away are no error; anything else is ours."""
        if not isinstance(sys.exception(), ConnectionError):
            _log.exception("a connection failed")

    def drop_connections(self) -> None:
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class CameraServer:
    """A Hikvision camera on `http://127.0.0.1:port`.

    Args:
        device: the camera.
        faults: its switches.
        user: its account.
        password: the account's password.
        port: 0 takes a free one.
        channel: the thermal channel.
        data_length: bytes of one temperature, 4 or 2.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(
        self,
        device: HikvisionCameraDevice,
        faults: Faults,
        *,
        user: str,
        password: str,
        port: int = 0,
        channel: int = 1,
        data_length: int = 4,
    ) -> None:
        self.digest = Digest(user, password, faults=faults)
        dialect = IsapiDialect(
            device, self.digest, faults, channel=channel, data_length=data_length
        )
        self._server = _listen(_camera_handler(dialect, faults), port)
        self.port = int(self._server.server_address[1])
        self.url = f"http://{_LOOPBACK}:{self.port}"
        self._thread = _serve(self._server, "camera")

    def close(self) -> None:
        """Pull the plug: drop every connection and free the port."""
        _stop(self._server, self._thread)


def _camera_handler(dialect: IsapiDialect, faults: Faults) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server: _Server
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "Webs", ""
        # One write a reply: header and body apart would wait for the peer's delayed ACK.
        wbufsize = -1

        def do_GET(self) -> None:
            stopping = self.server.stopping
            while faults.has(Fault.SILENT) and not stopping.wait(_POLL_S):
                pass
            if faults.has(Fault.SLOW):
                stopping.wait(_SLOW_S)
            if faults.has(Fault.DISCONNECT) or stopping.is_set():
                self.close_connection = True
                return
            reply = dialect.answer("GET", self.path, self.headers.get("Authorization"))
            self.send_response(reply.code)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.challenge is not None:
                self.send_header("WWW-Authenticate", reply.challenge)
            self.end_headers()
            self._send(reply.body)

        def _send(self, body: bytes) -> None:
            if not faults.has(Fault.DRIP):
                self.wfile.write(body)
                self.wfile.flush()
                return
            size = len(body) // _DRIP_PIECES + 1
            for start in range(0, len(body), size):
                self.wfile.write(body[start : start + size])
                self.wfile.flush()
                self.server.stopping.wait(_DRIP_PAUSE_S)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the control port tells what matters."""

    return Handler


class GunServer:
    """A forehead gun on a pseudo-terminal behind a stable link.

    Args:
        device: the gun.
        faults: its switches.
        link: where the port appears; a link that is there is replaced.

    Raises:
        PortInUse: if something that is no link is there, or no link can be made.
    """

    def __init__(self, device: FefdGunDevice, faults: Faults, link: Path) -> None:
        if link.exists() and not link.is_symlink():
            raise PortInUse(f"{link} exists and is no link: choose another place for the gun")
        self._dialect = FefdDialect(device, faults)
        self._faults = faults
        self._link = link
        self.port = str(link)
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._plug_in()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gun", daemon=True)
        self._thread.start()

    def pull_trigger(self, body_c: float) -> None:
        """Measure a person of this body temperature, °C, and send the result."""
        if self._faults.has(Fault.SLOW):
            time.sleep(_SLOW_S)
        for piece in self._dialect.measure(body_c):
            self._send(piece)
            time.sleep(_SPLIT_PAUSE_S)

    def close(self) -> None:
        """Hang up: the terminal and its link vanish. Safe to call twice."""
        self._stop.set()
        self._thread.join(2)
        self._hang_up()

    def _plug_in(self) -> None:
        master, slave = os.openpty()
        # A cooked terminal swallows 0D and 11 and echoes what it gets.
        tty.setraw(slave)
        # When nobody reads, bytes are lost, as on a real line; they must not block us.
        os.set_blocking(master, False)
        new = self._link.with_name(f"{self._link.name}.{os.getpid()}")
        try:
            new.symlink_to(os.ttyname(slave))
            new.replace(self._link)
        except OSError as error:
            os.close(slave)
            os.close(master)
            raise PortInUse(f"{self._link} cannot be made ({error.strerror})") from error
        with self._lock:
            self._ends = master, slave

    def _hang_up(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, None
            if ends is None:
                return
            self._link.unlink(missing_ok=True)
            for end in ends:
                os.close(end)

    def _send(self, data: bytes) -> None:
        with self._lock:
            if self._ends is not None:
                with suppress(BlockingIOError):
                    os.write(self._ends[0], data)

    def _receive(self) -> bytes:
        with self._lock:
            if self._ends is None or not select.select([self._ends[0]], [], [], 0)[0]:
                return b""
            return os.read(self._ends[0], 256)

    def _run(self) -> None:
        """Answer the host, and follow the plug."""
        while not self._stop.wait(_POLL_S):
            is_pulled = self._faults.has(Fault.DISCONNECT)
            if is_pulled and self._ends is not None:
                self._hang_up()
            elif not is_pulled and self._ends is None:
                self._plug_in()
            if data := self._receive():
                self._send(self._dialect.answer(data))


class SourceServer:
    """A reference source's serial line behind a TCP port, as a serial server gives it.

    Args:
        dialect: what it says; one conversation at a time, like the line itself.
        faults: its switches.
        port: 0 takes a free one.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(self, dialect: Fluke418xDialect, faults: Faults, port: int = 0) -> None:
        self._faults = faults
        self._server = _listen(_source_handler(dialect, faults), port)
        number = int(self._server.server_address[1])
        self.port = number
        self.url = f"socket://{_LOOPBACK}:{number}"
        self._thread = _serve(self._server, "source")

    def close(self) -> None:
        """Pull the plug: drop every connection and free the port."""
        _stop(self._server, self._thread)


def _source_handler(
    dialect: Fluke418xDialect, faults: Faults
) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        request: socket.socket
        server: _Server

        def handle(self) -> None:
            # Each answer is small and leaves at once.
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self.server.stopping.is_set() and not faults.has(Fault.DISCONNECT):
                if not select.select([self.request], [], [], _POLL_S)[0]:
                    continue
                data = self.request.recv(256)
                if not data:
                    return
                self._say(dialect.answer(data))

        def _say(self, said: bytes) -> None:
            if said and faults.has(Fault.SLOW):
                self.server.stopping.wait(_SLOW_S)
            middle = len(said) // 2 if faults.has(Fault.SPLIT) else 0
            for piece in (said[:middle], said[middle:]):
                self.request.sendall(piece)
                if middle:
                    self.server.stopping.wait(_SPLIT_PAUSE_S)

    return Handler


Command = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a control message and returns the answer."""


class ControlServer:
    """Newline-delimited JSON on loopback: one command a line, one answer a line.

    Args:
        obey: carries out a command; its KeyError, TypeError and ValueError become answers.
        port: 0 takes a free one.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(self, obey: Command, port: int = 0) -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    self.wfile.write(json.dumps(_answer(obey, line)).encode() + b"\n")

        self._server = _listen(Handler, port)
        self.address = (_LOOPBACK, int(self._server.server_address[1]))
        self._thread = _serve(self._server, "control")

    def close(self) -> None:
        """Stop listening and drop every connection."""
        _stop(self._server, self._thread)


def _answer(obey: Command, line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
        if not isinstance(message, dict):
            return {"error": "a command is a JSON object"}
        return obey(message)
    except KeyError as error:
        return {"error": f"{error} is missing or unknown"}
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        return {"error": str(error)}


_Handler = TypeVar("_Handler", bound=socketserver.BaseRequestHandler)


def _listen(handler: type[_Handler], port: int) -> _Server:
    try:
        return _Server((_LOOPBACK, port), handler)
    except (OSError, OverflowError) as error:
        raise PortInUse(f"port {port} cannot be used ({error}): choose another one") from error


def _serve(server: _Server, name: str) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), name=name, daemon=True)
    thread.start()
    return thread


def _stop(server: _Server, thread: threading.Thread) -> None:
    server.stopping.set()
    server.shutdown()
    server.server_close()
    server.drop_connections()
    thread.join(2)
