"""Who stands behind each connection to the station."""

import pwd
import socket
import struct

from station.core.commands import SessionCommand
from station.core.events import SessionChanged
from station.core.people import KIOSK, Person, Role

_PEER = struct.Struct("3i")


class Session:
    """One connection's person.

    Args:
        user: the machine's user at the other end.
        person: who it is until somebody says otherwise; None where people have to sign in.
    """

    def __init__(self, user: str, person: Person | None = KIOSK) -> None:
        self._user = user
        self.person = person

    def obey(self, command: SessionCommand) -> SessionChanged:
        """Carry out a session command and return its answer."""
        self.person = Person(f"cli:{self._user}", Role.TECHNICIAN)
        return SessionChanged(self.person, command.command_id)


def peer_user(sock: socket.socket) -> str:
    """Return the name of the machine's user at the other end of a Unix socket."""
    raw = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    _, user_id, _ = _PEER.unpack(raw)
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return str(user_id)
