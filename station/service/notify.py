"""Telling whoever started a process how it is: systemd's datagrams.

Source: sd_notify(3) of systemd 252; a name that begins with `@` is an abstract socket.
"""

import logging
import os
import socket
import sys
from typing import NoReturn

logger = logging.getLogger(__name__)

VARIABLE = "NOTIFY_SOCKET"
"""The environment variable that names the socket."""


class Notifier:
    """Tells the service manager how this process is; without one it tells nobody.

    A manager that does not listen is no reason to stop: what cannot be told is dropped.

    Args:
        address: the socket's path, as NOTIFY_SOCKET holds it; empty for no manager.
    """

    def __init__(self, address: str) -> None:
        self._named = address
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._status = ""

    @classmethod
    def of_environment(cls) -> "Notifier":
        """Return the one for the manager of this process; its children get none."""
        return cls(os.environ.pop(VARIABLE, ""))

    def start_anew(self) -> NoReturn:
        """Run this process' command line again in its place, under the same manager."""
        if self._named:
            os.environ[VARIABLE] = self._named
        command = [sys.executable, "-m", "station", *sys.argv[1:]]
        os.execv(sys.executable, command)  # noqa: S606 - our own module

    def ready(self) -> None:
        """The process has started and does its work."""
        self._tell("READY=1")

    def starting(self, patience_s: float) -> None:
        """The start takes longer; told again and again, or the process counts as hung."""
        self._tell(f"EXTEND_TIMEOUT_USEC={patience_s * 1e6:.0f}")

    def alive(self) -> None:
        """The process still does its work; told again and again, or it is restarted."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The process ends in order."""
        self._tell("STOPPING=1")

    def status(self, text: str) -> None:
        """Tell in one line how things stand, if it is news; never who anybody is."""
        if text != self._status:
            self._status = text
            self._tell(f"STATUS={' '.join(text.split())}")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
                sock.setblocking(False)
                sock.sendto(message.encode(), self._address)
        except OSError as error:
            logger.debug("the service manager does not listen: %s", error)
