"""A device that speaks in datagrams: what its dialect says, and what the network makes of it."""

from abc import ABC, abstractmethod

import numpy as np

from simulators.faults import Fault, Faults

Host = tuple[str, int]
"""Where a datagram comes from or goes to: an address in digits and a port."""
Datagram = tuple[bytes, Host]
"""What is sent, and where to."""

_LOST_SHARE = 1 / 8
_NOISE_BYTES = 16


class DatagramDialect(ABC):
    """A device's side of the network; no fault of the network is its business."""

    header: bytes = b""
    """What its datagrams begin with, for noise that looks like one."""
    other_device: bytes = b"M-SEARCH * HTTP/1.1\r\nST: upnp:rootdevice\r\n\r\n"
    """What another device at the same address may say."""

    @abstractmethod
    def answer(self, data: bytes, host: Host) -> list[Datagram]:
        """Return what one datagram from a host makes it send."""

    def due(self) -> list[Datagram]:
        """Return what it sends by itself and that is due by now, in order."""
        return []


class DatagramLine:
    """Datagrams on their way to the hosts, with the faults of the network.

    Args:
        dialect: whose datagrams.
        faults: its switches.
        seed: for everything random.
    """

    def __init__(self, dialect: DatagramDialect, faults: Faults, *, seed: int = 1) -> None:
        self._dialect = dialect
        self._faults = faults
        self._rng = np.random.default_rng(seed)
        self._has_begun = False

    def answer(self, data: bytes, host: Host) -> list[Datagram]:
        """Return the datagrams that answer one."""
        return self._carry(self._dialect.answer(data, host))

    def due(self) -> list[Datagram]:
        """Return the datagrams that the device sends by itself now."""
        return self._carry(self._dialect.due())

    def _carry(self, sent: list[Datagram]) -> list[Datagram]:
        has = self._faults.has
        if has(Fault.SILENT):
            return []
        if has(Fault.WRONG_DEVICE):
            return [(self._dialect.other_device, host) for _, host in sent]
        sent = self._with_a_late_start(sent)
        if has(Fault.DROPPED_BYTES):
            sent = [one for one in sent if self._rng.random() >= _LOST_SHARE]
        if has(Fault.REORDERED) and len(sent) > 1:
            at = int(self._rng.integers(len(sent) - 1))
            sent[at : at + 2] = reversed(sent[at : at + 2])
        if has(Fault.DUPLICATE):
            sent = [one for one in sent for _ in range(2)]
        return [one for data, host in sent for one in self._spoil(data, host)]

    def _spoil(self, data: bytes, host: Host) -> list[Datagram]:
        has = self._faults.has
        if has(Fault.TRUNCATED):
            data = data[: max(1, len(data) * 5 // 8)]
        if has(Fault.BIT_FLIP) and data:
            spoiled = bytearray(data)
            spoiled[self._rng.integers(len(data))] ^= 1 << int(self._rng.integers(8))
            data = bytes(spoiled)
        if has(Fault.FALSE_HEADER):
            return [(self._dialect.header + self._rng.bytes(_NOISE_BYTES), host), (data, host)]
        return [(data, host)]

    def _with_a_late_start(self, sent: list[Datagram]) -> list[Datagram]:
        """Lose the beginning of the first group since the fault was switched on."""
        is_on = self._faults.has(Fault.START_MID_FRAME)
        is_first = is_on and not self._has_begun and len(sent) > 1
        self._has_begun = is_on and (self._has_begun or is_first)
        return sent[int(self._rng.integers(1, len(sent))) :] if is_first else sent
