"""The control port: commands that reach into running devices."""

import json
import socketserver
from collections.abc import Callable
from typing import Any

from simulators.serve.tcp import LOOPBACK, listen, serve, stop

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

        self._server = listen(Handler, port)
        self.address = (LOOPBACK, int(self._server.server_address[1]))
        self._thread = serve(self._server, "control")

    def close(self) -> None:
        """Stop listening and drop every connection."""
        stop(self._server, self._thread)


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
