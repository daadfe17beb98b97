"""The control port of simulated devices: one JSON line there, one back."""

import json
import socket
from contextlib import ExitStack
from typing import IO, Any, Self

from station.core.errors import KnownError


class SimulatorsEnded(KnownError):
    """The simulators have gone while somebody talked to them."""

    def __init__(self) -> None:
        super().__init__("The simulators have ended: start again.")


class ControlLine:
    """A connection to the control port, open until it is closed.

    Args:
        host: where it listens.
        port: its port.
        timeout_s: longest wait for the connection and for each answer.

    Raises:
        KnownError: if nobody listens there.
    """

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        try:
            with ExitStack() as parts:
                self._socket = parts.enter_context(
                    socket.create_connection((host, port), timeout_s)
                )
                self._stream: IO[str] = parts.enter_context(self._socket.makefile("rw"))
                self._parts = parts.pop_all()
        except OSError as error:
            raise KnownError(
                f"No simulators answer at {host}:{port} ({error.strerror or error}): start them "
                "(fever-station simulate), or take [simulators] out of the site file."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. Safe to call twice."""
        self._parts.close()

    def fileno(self) -> int:
        """Return what becomes readable when the simulators end, for `select`."""
        return self._socket.fileno()

    def ask(self, **message: Any) -> dict[str, Any]:
        """Send one command and return the answer, which may hold `error`.

        Raises:
            SimulatorsEnded: if they have ended.
            KnownError: if they do not answer.
        """
        try:
            self._stream.write(json.dumps(message) + "\n")
            self._stream.flush()
            line = self._stream.readline()
        except TimeoutError as error:
            raise KnownError("The simulators do not answer: end them and start again.") from error
        except OSError as error:
            raise SimulatorsEnded from error
        if not line:
            raise SimulatorsEnded
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise KnownError("What answers there is no simulator: check [simulators].") from error
        return answer
