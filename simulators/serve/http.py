"""A Hikvision camera on HTTP."""

from http.server import BaseHTTPRequestHandler
from typing import Any

from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.isapi import Digest, IsapiDialect
from simulators.faults import Fault, Faults
from simulators.serve.tcp import LOOPBACK, POLL_S, SLOW_S, Server, listen, serve, stop

_EVENT_EVERY_S = 0.2
_DRIP_PIECES, _DRIP_PAUSE_S = 40, 0.1


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
        device: ThermalCameraDevice,
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
        self._server = listen(_camera_handler(dialect, faults), port)
        self.port = int(self._server.server_address[1])
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._thread = serve(self._server, "camera")

    def close(self) -> None:
        """Pull the plug: drop every connection and free the port."""
        stop(self._server, self._thread)


def _camera_handler(dialect: IsapiDialect, faults: Faults) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server: Server
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "Webs", ""
        # One write a reply: header and body apart would wait for the peer's delayed ACK.
        wbufsize = -1

        def do_GET(self) -> None:
            stopping = self.server.stopping
            while faults.has(Fault.SILENT) and not stopping.wait(POLL_S):
                pass
            if faults.has(Fault.SLOW):
                stopping.wait(SLOW_S)
            if faults.has(Fault.DISCONNECT) or stopping.is_set():
                self.close_connection = True
                return
            reply = dialect.answer("GET", self.path, self.headers.get("Authorization"))
            self.send_response(reply.code)
            self.send_header("Content-Type", reply.kind)
            if reply.is_endless:
                self.close_connection = True
            else:
                self.send_header("Content-Length", str(len(reply.body)))
            if reply.challenge is not None:
                self.send_header("WWW-Authenticate", reply.challenge)
            self.end_headers()
            if reply.is_endless:
                self._send_events()
            else:
                self._send(reply.body)

        def _send_events(self) -> None:
            """Tell what happens until either side goes away."""
            stopping = self.server.stopping
            while not stopping.wait(_EVENT_EVERY_S) and not faults.has(Fault.DISCONNECT):
                if not faults.has(Fault.SILENT):
                    event = dialect.event()
                    is_cut = faults.has(Fault.TRUNCATED)
                    self.wfile.write(event[: len(event) // 2] if is_cut else event)
                    self.wfile.flush()

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
