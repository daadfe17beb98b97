"""What the campaign itself knows of a station, on a disk that no fault touches.

One line for each fact, in the order in which they happened:

    O 17                         flag 17 is about to be handed to the station ("offered"),
                                 synced to the disk before the station sees it
    D 17 REPORT EPOCH SEQUENCE SECONDS
                                 the station has told its screens that flag 17 is durable and
                                 waits for the CDC under this number ("acknowledged"), and when
    F WORDS                      the station has told its staff that its ledger cannot write
    L 12                         it has told its staff that the disk lost 12 messages

A flag that was offered and not acknowledged died at the door, together with its process: nobody
was told that it was safe. It may be stored all the same, when the process died between the two.
"""

import os
from dataclasses import dataclass, field
from typing import NamedTuple


class Promise(NamedTuple):
    """What the station said when it acknowledged a flag."""

    report_id: str
    epoch: str
    sequence: int
    at_s: float
    """When it said so, on the monotonic clock, which no fault touches."""


@dataclass
class Told:
    """A journal, read."""

    offered: set = field(default_factory=set)
    acknowledged: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    losses: list = field(default_factory=list)


class Journal:
    """Written by a station's process; one line is one write, so that a kill tears none."""

    def __init__(self, path):
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def offer(self, flag):
        self._write(f"O {flag}")
        os.fdatasync(self._file)

    def acknowledge(self, flag, promise):
        self._write(f"D {flag} {' '.join(map(str, promise))}")

    def fault(self, text):
        self._write(f"F {text}")

    def loss(self, messages):
        self._write(f"L {messages}")

    def _write(self, line):
        os.write(self._file, f"{line}\n".encode())


def read_journal(path):
    """Return what a journal tells; one that was never begun tells nothing."""
    told = Told()
    if not path.exists():
        return told
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        match kind:
            case "O":
                told.offered.add(int(rest))
            case "D":
                flag, report_id, epoch, sequence, at_s = rest.split()
                promise = Promise(report_id, epoch, int(sequence), float(at_s))
                told.acknowledged[int(flag)] = promise
            case "F":
                told.faults.append(rest)
            case "L":
                told.losses.append(int(rest))
    return told
