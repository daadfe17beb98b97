"""The kiosk's end of the bridge; of the station's parts it loads none."""

import logging
import socket
from contextlib import suppress
from pathlib import Path
from threading import Lock
from uuid import uuid4

from station.core.commands import Command
from station.core.errors import KnownError
from station.core.events import Event
from station.core.people_commands import ActAsUser, SessionCommand
from station.runtime.bridge_frames import (
    EVENTS,
    FrameError,
    Picture,
    check_hello,
    decode_message,
    decode_picture,
    encode_hello,
    encode_message,
    read_frame,
)

_log = logging.getLogger(__name__)

_HELLO_TIMEOUT_S = 5.0


class BridgeClosed(KnownError):
    """The station ended the connection, or is not there."""


class BridgeClient:
    """The kiosk's end; one thread reads, any thread sends.

    Args:
        path: the socket's file.
        as_user: whether commands come from the machine's user at a command line, not from a kiosk.
    """

    def __init__(self, path: Path, *, as_user: bool = False) -> None:
        self._path = path
        self._as_user = as_user
        self._sock: socket.socket | None = None
        self._send_lock = Lock()

    def connect(self) -> None:
        """Connect and agree on the version.

        Raises:
            BridgeClosed: if no station answers.
            FrameError: if the station is of another version.
        """
        self.close()
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(_HELLO_TIMEOUT_S)
            sock.connect(str(self._path))
            sock.sendall(encode_hello())
            hello = read_frame(sock)
            if hello is None:
                raise BridgeClosed(f"The station at {self._path} is ending: it is tried again.")
            check_hello(*hello)
            sock.settimeout(None)
        except OSError as error:
            sock.close()
            raise BridgeClosed(
                f"No station answers at {self._path}: start it, and check socket_path in [kiosk]."
            ) from error
        except KnownError:
            sock.close()
            raise
        self._sock = sock
        if self._as_user:
            self.send(ActAsUser(uuid4()))

    def read(self) -> Event | Picture:
        """Wait for the next event or picture; one that cannot be read is logged and skipped.

        Raises:
            BridgeClosed: if the station ended the connection, or close() was called.
        """
        while True:
            sock = self._sock
            if sock is None:
                raise BridgeClosed("The bridge to the station is not open.")
            try:
                frame = read_frame(sock)
            except (OSError, FrameError) as error:
                raise BridgeClosed(
                    "The connection to the station is lost: trying again."
                ) from error
            if frame is None:
                raise BridgeClosed("The station ended the connection: trying again.")
            kind, body = frame
            try:
                if kind == b"P":
                    return decode_picture(body)
                event: Event = decode_message(body, EVENTS)
            except FrameError:
                _log.warning("skipped a message of the station", exc_info=True)
            else:
                return event

    def send(self, command: Command | SessionCommand) -> None:
        """Send one command.

        Raises:
            BridgeClosed: if the station is gone; the command may not have arrived.
        """
        sock = self._sock
        if sock is None:
            raise BridgeClosed("The bridge to the station is not open.")
        try:
            with self._send_lock:
                sock.sendall(encode_message(command))
        except OSError as error:
            raise BridgeClosed("The connection to the station is lost: trying again.") from error

    def close(self) -> None:
        """Disconnect, also under a thread that reads; closing twice is safe."""
        sock, self._sock = self._sock, None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
