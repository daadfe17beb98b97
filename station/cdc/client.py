"""paho's client for thousands of messages a second: it reads and acknowledges many at a time."""

import socket
import struct
from collections.abc import Iterable
from threading import Lock
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import MessageType, MQTTErrorCode

_READ_AHEAD_BYTES = 262_144
# Then it is the turn of what waits to be written.
_MOST_READ_AT_ONCE = 500
_PUBACK = struct.Struct("!BBH")


class BulkClient(Client):
    """Asks the system once for many messages, and once for the acknowledgements of a batch.

    paho 2.2 asks four times for each message and once more for each acknowledgement. At every such
    call another thread may take over, and keeps the interpreter for up to 5 ms.

    What another thread says goes out when that thread calls flush(): the one that runs
    loop_forever() may wait 5 ms for the interpreter. What the network does not take at once is left
    to that one. It is woken for it, which paho 2.2 does after loop_start() alone; else it would
    wait for up to a second.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Two at once would cut into each other's packets.
        self._writing = Lock()
        # Its presence keeps paho from writing in the midst of what another thread says.
        self.on_socket_register_write = lambda *_: None

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Acknowledge these messages of QoS 1 with success."""
        packets = b"".join(_PUBACK.pack(MessageType.PUBACK, 2, mid) for mid in mids)
        if packets:
            self._packet_queue(MessageType.PUBACK, packets, 0, 1)

    def flush(self) -> None:
        """Send what was said, from the thread that calls, as far as the network takes it.

        Whatever is wrong with the connection is left to the thread that reads: its callbacks may
        wait for the one that calls this.
        """
        with self._writing:
            if self.is_connected():
                self._packet_write()

    def loop_write(self) -> MQTTErrorCode:
        """Send what waits, as far as the network takes it."""
        with self._writing:
            return super().loop_write()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read what has come, up to a bound."""
        for _ in range(_MOST_READ_AT_ONCE):
            code = super().loop_read(max_packets)
            # Another thread may have closed it meanwhile.
            link = self._sock
            if code or link is None or not link.pending():  # type: ignore[attr-defined]
                break
        return code

    def _create_socket(self) -> Any:
        if self._sockpairR is None:
            self._sockpairR, self._sockpairW = socket.socketpair()
            self._sockpairR.setblocking(False)
            self._sockpairW.setblocking(False)
        return _ReadAhead(super()._create_socket())


class _ReadAhead:
    """A socket that reads more than it is asked for, and keeps the rest for the next time.

    One thread may read while another one writes.
    """

    def __init__(self, link: Any) -> None:
        self._link = link
        # OpenSSL allows no two calls on one connection.
        self._lock = Lock()
        self._ahead = b""
        self._at = 0
        self.fileno = link.fileno
        self.close = link.close
        self.setblocking = link.setblocking
        self.setsockopt = link.setsockopt

    def recv(self, size: int) -> bytes:
        """Return at most so many bytes; none at the end."""
        if self._at == len(self._ahead):
            with self._lock:
                self._ahead, self._at = self._link.recv(_READ_AHEAD_BYTES), 0
        start, self._at = self._at, min(self._at + size, len(self._ahead))
        return self._ahead[start : self._at]

    def send(self, data: bytes) -> int:
        """Send as much as the network takes, and return how much that is."""
        with self._lock:
            sent: int = self._link.send(data)
            return sent

    def pending(self) -> int:
        """Return how many bytes can be read although the system has none."""
        with self._lock:
            inside = self._link.pending() if hasattr(self._link, "pending") else 0
        return len(self._ahead) - self._at + inside
