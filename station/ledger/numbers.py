"""How far a ledger had numbered its messages, noted beside it: what a damaged disk took shows."""

import os
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from station.core.ports import LostNumbers

_DIGITS = 19
_LINE_BYTES = 36 + 1 + _DIGITS + 1


class NumberNote:
    """`<ledger>.numbers`: a line for each epoch with its highest number.

    Written after each commit and never synced, so it can only be behind the ledger, unless the
    disk has lost what it had promised to keep. Without it, or with a damaged one, less shows.
    """

    def __init__(self, ledger_path: Path) -> None:
        self._path = Path(f"{ledger_path}.numbers")
        self._file: int | None = None
        self._places: dict[UUID, int] = {}

    def read(self) -> dict[UUID, int]:
        """Return the highest number of each epoch; lines that cannot be read are passed over."""
        highest: dict[UUID, int] = {}
        with suppress(OSError):
            for line in self._path.read_bytes().splitlines():
                with suppress(ValueError):
                    name, number = line.decode("ascii").split()
                    epoch = UUID(name)
                    highest[epoch] = max(int(number), highest.get(epoch, 0))
        return highest

    def begin(self, highest: Mapping[UUID, int]) -> None:
        """Keep these lines alone, and go on from there.

        What was written before the ledger's last checkpoint does not get lost with its log.
        """
        self.close()
        lines = (_line(epoch, number) for epoch, number in highest.items())
        fresh = Path(f"{self._path}.new")
        # A full disk only means that less shows.
        with suppress(OSError):
            fresh.write_bytes(b"".join(lines))
            fresh.replace(self._path)
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
            self._places = {epoch: at * _LINE_BYTES for at, epoch in enumerate(highest)}

    def note(self, epoch: UUID, number: int) -> None:
        """Note the highest number of an epoch."""
        if self._file is None:
            return
        with suppress(OSError):
            place = self._places.get(epoch, len(self._places) * _LINE_BYTES)
            os.pwrite(self._file, _line(epoch, number), place)
            self._places[epoch] = place

    def close(self) -> None:
        """Close the file; closing twice is safe."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Numbers:
    """Gives a ledger's messages their numbers.

    After a loss the first message carries the number after the last one lost, in the epoch that
    lost it: the CDC sees exactly what is missing, and asks in vain. Then the new epoch begins.
    """

    def __init__(
        self, epoch: UUID, highest: int, losses: Iterable[LostNumbers], note: NumberNote
    ) -> None:
        self._counts = deque([(loss.epoch, loss.last) for loss in losses])
        self._counts.append((epoch, highest))
        self._note = note

    @property
    def epoch(self) -> UUID:
        """The epoch of the next message."""
        return self._counts[0][0]

    @property
    def next(self) -> int:
        """The number of the next message."""
        return self._counts[0][1] + 1

    def given(self, count: int) -> None:
        """Take note that so many messages are durable under the next numbers."""
        if count == 0:
            return
        epoch, highest = self._counts.popleft()
        self._note.note(epoch, highest + count)
        if not self._counts:
            self._counts.append((epoch, highest + count))


def find_losses(noted: Mapping[UUID, int], held: Mapping[UUID, int]) -> tuple[LostNumbers, ...]:
    """Return what is noted and not held.

    Args:
        noted: the highest number of each epoch by the note.
        held: the same by the ledger; an epoch without messages may be missing.
    """
    return tuple(
        LostNumbers(epoch, held.get(epoch, 0) + 1, number)
        for epoch, number in noted.items()
        if number > held.get(epoch, 0)
    )


def _line(epoch: UUID, number: int) -> bytes:
    return f"{epoch} {number:0{_DIGITS}d}\n".encode("ascii")
