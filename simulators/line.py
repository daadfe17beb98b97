"""A device's line: what its dialect says, and what the wire makes of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import numpy as np

from simulators.faults import Fault, Faults

_MOST_DROPPED_SHARE = 1 / 8
_MOST_PIECES = 4
_NOISE_BYTES = 16
# This many messages come as one piece when they are merged.
_MERGED = 2


class Dialect(ABC):
    """A device's side of a line of bytes; no fault of the line is its business."""

    header: bytes = b""
    """What its messages begin with, for noise that looks like one."""
    other_device: bytes = b"+023.4 C\r\n"
    """What another device on the same kind of plug may say."""

    @abstractmethod
    def answer(self, data: bytes) -> list[bytes]:
        """Return the messages that answer these bytes from the host, in any chunking."""

    def due(self) -> list[bytes]:
        """Return the messages that it sends by itself and that are due by now."""
        return []


class Line:
    """Messages on their way to the host, with the faults of the line.

    Args:
        dialect: whose messages.
        faults: its switches.
        seed: for everything random.
    """

    def __init__(self, dialect: Dialect, faults: Faults, *, seed: int = 1) -> None:
        self._dialect = dialect
        self._faults = faults
        self._rng = np.random.default_rng(seed)
        self._held: list[bytes] = []
        self._has_begun = False

    def answer(self, data: bytes) -> list[bytes]:
        """Return the pieces that answer the host, one write each."""
        echo = [data] if self._faults.has(Fault.ECHO) else []
        said = self._dialect.answer(data)
        return echo + self._pieces([b"".join(said)] if self._is_merged and said else said)

    def due(self) -> list[bytes]:
        """Return the pieces that the device sends by itself now."""
        return self.tell(self._dialect.due())

    def tell(self, messages: Iterable[bytes]) -> list[bytes]:
        """Return the pieces in which messages leave that nobody asked for."""
        self._held += messages
        if self._is_merged:
            if len(self._held) < _MERGED:
                return []
            self._held = [b"".join(self._held)]
        messages, self._held = self._held, []
        return self._pieces(messages)

    @property
    def _is_merged(self) -> bool:
        return self._faults.has(Fault.MERGED)

    def _pieces(self, messages: list[bytes]) -> list[bytes]:
        if self._faults.has(Fault.SILENT):
            return []
        return [piece for message in messages for piece in self._split(self._spoil(message))]

    def _spoil(self, message: bytes) -> bytes:
        has = self._faults.has
        if has(Fault.WRONG_DEVICE):
            return self._dialect.other_device
        if has(Fault.DUPLICATE):
            message += message
        if has(Fault.TRUNCATED):
            message = message[: max(1, len(message) * 5 // 8)]
        if has(Fault.DROPPED_BYTES):
            message = self._with_bytes_dropped(message)
        if has(Fault.BIT_FLIP) and message:
            spoiled = bytearray(message)
            spoiled[self._rng.integers(len(message))] ^= 1 << int(self._rng.integers(8))
            message = bytes(spoiled)
        if has(Fault.FALSE_HEADER):
            message = self._dialect.header + self._rng.bytes(_NOISE_BYTES) + message
        return self._with_a_late_start(message)

    def _with_bytes_dropped(self, message: bytes) -> bytes:
        count = int(self._rng.integers(1, max(2, int(len(message) * _MOST_DROPPED_SHARE))))
        at = int(self._rng.integers(max(1, len(message) - count)))
        return message[:at] + message[at + count :]

    def _with_a_late_start(self, message: bytes) -> bytes:
        """Cut the beginning of the first message since the fault was switched on."""
        is_on = self._faults.has(Fault.START_MID_FRAME)
        is_first = is_on and not self._has_begun and len(message) > 1
        self._has_begun = is_on and (self._has_begun or is_first)
        return message[int(self._rng.integers(1, len(message))) :] if is_first else message

    def _split(self, message: bytes) -> list[bytes]:
        if not self._faults.has(Fault.SPLIT) or len(message) < _MOST_PIECES:
            return [message]
        cuts = sorted(
            int(at)
            for at in self._rng.choice(np.arange(1, len(message)), _MOST_PIECES - 1, replace=False)
        )
        return [message[a:b] for a, b in zip([0, *cuts], [*cuts, len(message)], strict=True)]
