"""UDP datagrams to and from one device, with every error of the system wrapped once."""

import ipaddress
import socket
import time

from drivers import wire_tap
from drivers.errors import DeviceDisconnected, OpenFailed
from station.core.closing import Closable

_LARGEST = 65_535


Answer = tuple[str, bytes]
"""Who answered a broadcast, as an address in digits, and with what."""


def ask_all(
    message: bytes, address: str, port: int, *, local_host: str, local_port: int, wait_s: float
) -> list[Answer]:
    """Send one datagram to everybody and return what comes back.

    Args:
        message: the datagram.
        address: a broadcast address of our network, in digits.
        port: the devices' port.
        local_host: our own address, which chooses the network; empty for the default one.
        local_port: our own port; 0 takes a free one.
        wait_s: how long to wait for answers, seconds.

    Raises:
        OpenFailed: if nothing can be sent there, or our port is taken.
    """
    answers: list[Answer] = []
    wire_tap.sent(f"{address}:{port}", message)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as everybody:
        try:
            everybody.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            everybody.bind((local_host, local_port))
            everybody.sendto(message, (address, port))
        except (OSError, OverflowError) as error:
            raise OpenFailed(
                f"Nothing can be sent to {address}:{port} from port {local_port} ({error}): "
                "check the network, and close the program that uses our port."
            ) from error
        until_s = time.monotonic() + wait_s
        while (left_s := until_s - time.monotonic()) > 0:
            everybody.settimeout(left_s)
            try:
                data, sender = everybody.recvfrom(_LARGEST)
            except OSError:
                # Time is up; or some host refuses, which says nothing of the others.
                continue
            wire_tap.heard(f"{sender[0]}:{sender[1]}", data)
            answers.append((sender[0], data))
    return answers


class UdpTransport(Closable):
    """A socket that talks to one device and hears nobody else.

    Args:
        host: the device's address, an IP address in digits.
        port: its port.
        local_host: our own address; empty for any.
        local_port: our own port; 0 takes a free one.

    Raises:
        OpenFailed: if the address is none, or our port is taken.
    """

    def __init__(self, host: str, port: int, *, local_host: str = "", local_port: int = 0) -> None:
        try:
            self._peer = (str(ipaddress.IPv4Address(host)), port)
        except ValueError as error:
            raise OpenFailed(
                f"{host!r} is no IPv4 address: write the device's address in digits."
            ) from error
        self._name = f"{host}:{port}"
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # Frames come in bursts of up to 30 datagrams while the reader is busy.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            self._socket.bind((local_host, local_port))
        except (OSError, OverflowError) as error:
            self._socket.close()
            raise OpenFailed(
                f"UDP port {local_port} cannot be used ({error}): close the program that uses it."
            ) from error

    def send(self, data: bytes) -> None:
        """Send one datagram.

        Raises:
            DeviceDisconnected: if the network is gone.
        """
        try:
            self._socket.sendto(data, self._peer)
        except (OSError, OverflowError) as error:
            raise self._lost(error) from error
        wire_tap.sent(self._name, data)

    def receive(self, timeout_s: float) -> bytes | None:
        """Return the device's next datagram, or None after `timeout_s` seconds.

        Raises:
            DeviceDisconnected: if the device's machine refuses, or the socket is closed.
        """
        until_s = time.monotonic() + timeout_s
        while True:
            left_s = max(0.0, until_s - time.monotonic())
            try:
                self._socket.settimeout(left_s)
                data, sender = self._socket.recvfrom(_LARGEST)
            except (TimeoutError, BlockingIOError):
                return None
            except OSError as error:
                raise self._lost(error) from error
            # Whoever else talks to our port is not the device that was asked for.
            if sender == self._peer:
                wire_tap.heard(self._name, data)
                return data

    def close(self) -> None:
        """Release the socket; safe to call twice."""
        self._socket.close()

    def _lost(self, error: Exception) -> DeviceDisconnected:
        return DeviceDisconnected(
            f"The device at {self._name} cannot be reached ({error}): check its power and network."
        )
