"""The simulated devices on real wires: HTTP on loopback, a pseudo-terminal, a control port."""

import json
import os
import select
import socketserver
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from simulators.devices.fefd_gun import FefdGunDevice
from simulators.devices.hikvision_camera import HikvisionCameraDevice
from simulators.dialects import fefd, isapi
from simulators.faults import Fault, Faults

_SLOW_S = 0.5
_LOOPBACK = "127.0.0.1"


class PortInUse(Exception):
    """A port that the simulator was told to use is taken."""


class CameraServer:
    """A Hikvision camera on `http://127.0.0.1:port`; port 0 takes a free one."""

    def __init__(
        self,
        device: HikvisionCameraDevice,
        faults: Faults,
        *,
        user: str,
        password: str,
        port: int = 0,
        data_length: int = 4,
    ) -> None:
        handler = _camera_handler(device, faults, isapi.Digest(user, password), data_length)
        self._server = _listen(lambda address: ThreadingHTTPServer(address, handler), port)
        self.url = f"http://{_LOOPBACK}:{self._server.server_address[1]}"
        self._thread = _serve(self._server, "camera")

    def close(self) -> None:
        """Stop answering and free the port."""
        _stop(self._server, self._thread)


def _camera_handler(
    device: HikvisionCameraDevice, faults: Faults, digest: isapi.Digest, data_length: int
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "Webs", ""
        # One write a reply: header and body apart would wait for the peer's delayed ACK.
        wbufsize = -1

        def do_GET(self) -> None:
            if faults.has(Fault.DISCONNECT):
                self.close_connection = True
                return
            while faults.has(Fault.SILENT):
                time.sleep(0.05)
            if faults.has(Fault.SLOW):
                time.sleep(_SLOW_S)
            self._answer()

        def _answer(self) -> None:
            login = self.headers.get("Authorization")
            if faults.has(Fault.UNAUTHORIZED) or not digest.accepts("GET", login):
                self._reply(401, "text/plain", b"", ("WWW-Authenticate", digest.challenge()))
            elif faults.has(Fault.BUSY):
                self._reply(503, "text/plain", b"busy")
            elif match := isapi.MATRIX_PATH.fullmatch(self.path):
                kind, body = isapi.encode_reply(
                    device.picture(),
                    faults,
                    channel=int(match["channel"]),
                    data_length=data_length,
                )
                self._reply(200, kind, body)
            else:
                self._reply(404, "text/plain", b"")

        def _reply(self, code: int, kind: str, body: bytes, *extra: tuple[str, str]) -> None:
            self.send_response(code)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *extra):
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)
                self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the control port tells what matters."""

    return Handler


class GunServer:
    """A forehead gun on a pseudo-terminal behind a stable link."""

    def __init__(self, device: FefdGunDevice, faults: Faults, link: Path) -> None:
        self._device = device
        self._faults = faults
        self._master, self._slave = os.openpty()
        # A cooked terminal swallows 0D and 11 and echoes what it gets.
        tty.setraw(self._slave)
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(self._slave))
        self._link = link
        self.port = str(link)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._answer, name="gun", daemon=True)
        self._thread.start()

    def pull_trigger(self, body_c: float) -> None:
        """Measure a person of this body temperature, °C, and send the result."""
        if self._faults.has(Fault.SILENT):
            return
        message = fefd.encode_result(self._device.pull_trigger(body_c))
        if self._faults.has(Fault.TRUNCATED):
            message = message[:5]
        if self._faults.has(Fault.GARBAGE):
            message = bytes(range(0x20, 0x70)) + message
        if self._faults.has(Fault.DUPLICATE):
            message += message
        pieces = [message[:3], message[3:]] if self._faults.has(Fault.SPLIT) else [message]
        for piece in pieces:
            os.write(self._master, piece)
            time.sleep(0.02)

    def close(self) -> None:
        """Hang up: the terminal and its link vanish."""
        self._stop.set()
        self._thread.join(2)
        self._link.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)

    def _answer(self) -> None:
        """Acknowledge every connect request, unless asleep."""
        received = b""
        while not self._stop.is_set():
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            received = (received + os.read(self._master, 256))[-64:]
            if fefd.CONNECT_REQUEST in received:
                received = b""
                if not self._faults.has(Fault.SILENT):
                    os.write(self._master, fefd.CONNECT_ACKNOWLEDGE)


Command = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a control message and returns the answer."""


class _ControlServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class ControlServer:
    """Newline-delimited JSON on loopback: one command a line, one answer a line."""

    def __init__(self, obey: Command, port: int = 0) -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    try:
                        message = json.loads(line)
                        answer = obey(message)
                    except (ValueError, KeyError, TypeError) as error:
                        answer = {"error": f"{type(error).__name__}: {error}"}
                    self.wfile.write(json.dumps(answer).encode() + b"\n")

        self._server = _listen(lambda address: _ControlServer(address, Handler), port)
        self.address = (_LOOPBACK, int(self._server.server_address[1]))
        self._thread = _serve(self._server, "control")

    def close(self) -> None:
        """Stop listening."""
        _stop(self._server, self._thread)


_Server = TypeVar("_Server", bound=socketserver.TCPServer)


def _listen(make: Callable[[tuple[str, int]], _Server], port: int) -> _Server:
    try:
        return make((_LOOPBACK, port))
    except OSError as error:
        raise PortInUse(
            f"port {port} cannot be used ({error.strerror}): choose another one"
        ) from error


def _serve(server: socketserver.TCPServer, name: str) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=name, daemon=True)
    thread.start()
    return thread


def _stop(server: socketserver.TCPServer, thread: threading.Thread) -> None:
    server.shutdown()
    server.server_close()
    thread.join(2)
