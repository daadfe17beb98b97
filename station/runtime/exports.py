"""Exports in a process of their own: however long they take, no frame waits for them."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

from station.core.errors import KnownError
from station.core.questions import ExportPassages, WorkProgress, WorkState
from station.ledger.reader import Cancelled, LedgerReader

# Screening goes first: the export takes what is left of the machine.
_NICENESS = 10
_TELL_EVERY_S = 0.25
_END_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What the exporting process is to do."""

    question: ExportPassages
    """What was asked for."""
    ledger: Path
    """The ledger's file."""
    target: Path
    """The file to write."""
    time_zone: str
    """The zone of the times in it: a name of the IANA database."""
    is_drill: bool
    """Whether exercises are exported, and nothing else."""


class RunningExport:
    """One export under way; it ends with the station.

    Args:
        job: what to do; its process starts at once.
    """

    def __init__(self, job: ExportJob) -> None:
        self._job = job
        self._last = WorkProgress(job.question.command_id, WorkState.RUNNING, 0, 0)
        self._is_cancelled = False
        # A fresh process: a fork of many threads may inherit locks that nobody frees.
        context = get_context("spawn")
        self._told, child = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(job, child), daemon=True)
        self._process.start()
        child.close()

    def progress(self) -> Iterator[WorkProgress]:
        """Yield what was told since the last call; the last of all says how it ended."""
        try:
            while self._told.poll():
                self._last = self._told.recv()
                yield self._last
        except (EOFError, OSError):
            yield self._ended()

    def cancel(self) -> None:
        """End it; `progress` then tells how it ended."""
        # Once: a second signal would break off the removing of the half-written file.
        if not self._is_cancelled:
            self._is_cancelled = True
            self._process.terminate()

    def close(self) -> None:
        """Wait for the end of the process."""
        self._process.join(_END_TIMEOUT_S)
        if self._process.is_alive():
            self._process.kill()
        self._told.close()

    def _ended(self) -> WorkProgress:
        """Return the end of a process that told none: it was cancelled, or it was killed."""
        last = self._last
        if self._is_cancelled:
            return WorkProgress(last.command_id, WorkState.CANCELLED, last.done, last.about)
        text = "The export ended before its time: is there memory left? Ask for it again."
        return WorkProgress(last.command_id, WorkState.FAILED, last.done, last.about, text=text)


def _run(job: ExportJob, told: Connection) -> None:
    """Write the file and tell how far it is; runs in the exporting process."""
    # The station itself starts sooner without what writes spreadsheets.
    from station.ledger.exporting import export_passages  # noqa: PLC0415

    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As an exception, so that what is half written is removed.
    signal.signal(signal.SIGTERM, _cancel)
    command_id = job.question.command_id
    done = about = 0
    spoke_s = float("-inf")

    def tell(rows: int) -> None:
        nonlocal done, spoke_s
        done = rows
        if time.monotonic() - spoke_s >= _TELL_EVERY_S:
            spoke_s = time.monotonic()
            # A pipe that nobody reads any more ends the work: the station has gone.
            told.send(WorkProgress(command_id, WorkState.RUNNING, done, max(about, done)))

    with suppress(Cancelled, BrokenPipeError):
        try:
            with LedgerReader(job.ledger, is_drill=job.is_drill) as reader:
                about = reader.count_about(job.question.wanted)
                tell(0)
                done = export_passages(
                    reader,
                    job.question.wanted,
                    job.question.form,
                    job.target,
                    zone=ZoneInfo(job.time_zone),
                    on_rows=tell,
                )
        except KnownError as error:
            end = WorkProgress(command_id, WorkState.FAILED, done, about, text=str(error))
        else:
            end = WorkProgress(command_id, WorkState.DONE, done, done, file=job.target.name)
        told.send(end)


def _cancel(number: int, frame: object) -> None:
    raise Cancelled
