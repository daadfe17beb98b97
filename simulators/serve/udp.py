"""Devices that speak in datagrams, on a loopback address of their own."""

import select
import socket
import threading
from contextlib import ExitStack, suppress

from simulators.datagrams import Datagram, DatagramLine
from simulators.faults import Fault, Faults
from simulators.serve.tcp import LOOPBACK, POLL_S, SLOW_S, PortInUse

_LARGEST = 65_535
_EVERYBODY = "127.255.255.255"


class UdpServer:
    """A device at a UDP port; it hears broadcasts on loopback (127.255.255.255) as well.

    Args:
        line: what it says.
        faults: its switches.
        host: its address; Linux knows all of 127.0.0.0/8, so that each device may have its own.
        port: 0 takes a free one; it stays the same when the plug was pulled and put back.

    Raises:
        PortInUse: if the port is taken.
    """

    def __init__(
        self, line: DatagramLine, faults: Faults, *, host: str = LOOPBACK, port: int = 0
    ) -> None:
        self._line = line
        self._faults = faults
        self.host = host
        self.port = port
        self._sockets: list[socket.socket] = []
        self._plug_in()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"udp {host}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Pull the plug for good and free the port. Safe to call twice."""
        self._stop.set()
        self._thread.join(2)
        self._pull()

    def _plug_in(self) -> None:
        with ExitStack() as opened:
            own = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            try:
                own.bind((self.host, self.port))
            except (OSError, OverflowError) as error:
                raise PortInUse(
                    f"UDP {self.host}:{self.port} cannot be used ({error}): choose another one"
                ) from error
            self.port = int(own.getsockname()[1])
            self._sockets = [own]
            # Several devices share the broadcast address; elsewhere than on Linux there is none.
            ear = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                ear.bind((_EVERYBODY, self.port))
                self._sockets.append(ear)
            self._plug = opened.pop_all()

    def _pull(self) -> None:
        self._sockets = []
        self._plug.close()

    def _run(self) -> None:
        """Talk to the hosts, and follow the plug; this thread alone touches the sockets."""
        while not self._stop.is_set():
            is_pulled = self._faults.has(Fault.DISCONNECT)
            if is_pulled and self._sockets:
                self._pull()
            elif not is_pulled and not self._sockets:
                self._plug_in()
            if self._sockets:
                self._exchange()
            else:
                self._stop.wait(POLL_S)

    def _exchange(self) -> None:
        self._send(self._line.due())
        for ready in select.select(self._sockets, [], [], POLL_S)[0]:
            data, host = ready.recvfrom(_LARGEST)
            self._send(self._line.answer(data, host))

    def _send(self, sent: list[Datagram]) -> None:
        if sent and self._faults.has(Fault.SLOW):
            self._stop.wait(SLOW_S)
        for data, host in sent:
            # A host that is gone refuses; a datagram's sender does not care.
            with suppress(OSError):
                self._sockets[0].sendto(data, host)
