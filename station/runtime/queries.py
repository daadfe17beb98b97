"""Questions to the ledger: one thread with a connection of its own answers one after the other."""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from station.core.errors import KnownError
from station.core.events import CommandRefused
from station.core.ports import Clock
from station.core.questions import (
    Answer,
    AskStatistics,
    AuditVerified,
    CancelWork,
    ExportAudit,
    ExportPassages,
    Question,
    SearchPage,
    SearchPassages,
    StatisticsCounted,
    TableFormat,
    VerifyAudit,
    WorkProgress,
    WorkState,
    is_last,
)
from station.core.search import PassageFilter
from station.ledger.reader import Cancelled, LedgerReader
from station.ledger.trail_reading import export_trail, judge_trail
from station.runtime.apart import run_apart
from station.runtime.exports import ExportJob, RunningExport
from station.runtime.queues import ReadingQueue

_Result = TypeVar("_Result")

_WAIT_S = 0.1
_MOST_WAITING = 16
# Screening goes first, also while the ledger is searched.
_NICENESS = 10


class AnswerSink(Protocol):
    """Whoever brings answers to those who asked."""

    def answer(self, answer: Answer | CommandRefused) -> None:
        """Take one answer; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class QueryPlaces:
    """Where the questions look, and where exports go."""

    ledger: Path
    """The ledger's file."""
    export_folder: Path
    """Made if missing."""
    zone: ZoneInfo
    """The station's time zone."""
    is_drill: bool
    """Whether exercises are looked at, and nothing else."""


class QueryWorker:
    """Answers questions without ever delaying screening: `step` runs in a thread of its own.

    Searches and figures are short and run here, in SQLite, at low priority; exports run in a
    process of their own, one at a time.
    """

    def __init__(
        self,
        places: QueryPlaces,
        *,
        clock: Clock,
        answers: AnswerSink,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._places = places
        self._is_ending = is_ending
        self._clock = clock
        self._answers = answers
        self._lock = threading.Lock()
        self._questions: ReadingQueue[Question] = ReadingQueue()
        self._waiting: set[UUID] = set()
        self._cancelled: set[UUID] = set()
        self._current: UUID | None = None
        self._export: RunningExport | None = None
        self._exporting: UUID | None = None
        self._is_nice = False
        self._reader = LedgerReader(
            places.ledger, is_drill=places.is_drill, is_cancelled=self._is_current_cancelled
        )

    def ask(self, command: Question | CancelWork) -> None:
        """Take a question, or the wish to end one; called from any thread, returns at once.

        Raises:
            KnownError: if too many wait, an export runs already, or nothing is left to end.
        """
        with self._lock:
            if isinstance(command, CancelWork):
                self._note_cancelled(command.work_id)
                return
            if len(self._waiting) >= _MOST_WAITING:
                raise KnownError("The station still looks for earlier answers: wait a moment.")
            if isinstance(command, ExportPassages):
                if self._exporting is not None:
                    raise KnownError("Another export is being written: wait, or cancel it.")
                self._exporting = command.command_id
            self._waiting.add(command.command_id)
        self._questions.put(command)

    def step(self) -> None:
        """Answer the next question, and tell how far the export is."""
        self._be_nice()
        question = self._questions.get(_WAIT_S)
        if question is not None:
            self._answer(question)
        self._watch_export()

    def stop(self) -> None:
        """End the export and close the ledger; runs in the worker's thread."""
        if self._export is not None:
            self._export.cancel()
            self._export.close()
        self._reader.close()

    def _note_cancelled(self, work_id: UUID) -> None:
        if work_id not in self._waiting and work_id != self._exporting:
            raise KnownError("This has ended already: there is nothing left to cancel.")
        self._cancelled.add(work_id)

    def _is_current_cancelled(self) -> bool:
        return self._current in self._cancelled or self._is_ending()

    def _answer(self, question: Question) -> None:
        self._current = question.command_id
        answer: Answer | CommandRefused | None
        # Stays only if our own bug escapes, which the worker logs; nobody waits in vain.
        answer = CommandRefused(question.command_id, "Internal error: tell a technician.")
        try:
            if self._is_current_cancelled():
                raise Cancelled
            answer = self._find(question)
        except Cancelled:
            answer = CommandRefused(question.command_id, "Cancelled.")
        except KnownError as error:
            answer = CommandRefused(question.command_id, str(error))
        finally:
            self._forget(question.command_id, is_over=answer is not None)
            if answer is not None:
                self._answers.answer(answer)

    def _forget(self, command_id: UUID, *, is_over: bool) -> None:
        with self._lock:
            self._current = None
            self._waiting.discard(command_id)
            if is_over:
                self._cancelled.discard(command_id)
                if self._exporting == command_id:
                    self._exporting = None

    def _find(self, question: Question) -> Answer | None:
        match question:
            case SearchPassages():
                return self._search(question)
            case AskStatistics():
                until = question.until or self._clock.now()
                found = self._reader.statistics(
                    question.since, until, question.camera_id, self._places.zone
                )
                return StatisticsCounted(question.command_id, found)
            case VerifyAudit():
                verdict = self._apart(judge_trail, self._places.ledger)
                return AuditVerified(question.command_id, verdict)
            case ExportAudit():
                return self._export_trail(question)
            case ExportPassages():
                self._export = RunningExport(self._job(question))
                return None

    def _search(self, question: SearchPassages) -> SearchPage:
        found, after = self._reader.page(question.wanted, question.rows, question.after)
        is_first = question.after is None
        about = self._reader.count_about(question.wanted) if is_first else None
        return SearchPage(question.command_id, found, after, about)

    def _export_trail(self, question: ExportAudit) -> WorkProgress:
        target = self._new_file(self._clock.now(), "audit", TableFormat.CSV)
        zone = self._places.zone.key
        done = self._apart(export_trail, self._places.ledger, question.wanted, target, zone)
        return WorkProgress(question.command_id, WorkState.DONE, done, done, target.name)

    def _apart(self, work: Callable[..., _Result], *arguments: object) -> _Result:
        return run_apart(work, *arguments, is_cancelled=self._is_current_cancelled)

    def _job(self, question: ExportPassages) -> ExportJob:
        now = self._clock.now()
        # What comes while the file is written belongs to the next one.
        wanted = replace(question.wanted, until=_earlier(question.wanted, now))
        return ExportJob(
            replace(question, wanted=wanted),
            self._places.ledger,
            self._new_file(now, "passages", question.form),
            self._places.zone.key,
            self._places.is_drill,
        )

    def _new_file(self, now: datetime, what: str, form: TableFormat) -> Path:
        folder = self._places.export_folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(
                f"The folder {folder} cannot be made ({error.strerror}): name another "
                "export_folder in [station]."
            ) from error
        stem = f"{what}-{now.astimezone(self._places.zone):%Y%m%d-%H%M%S}"
        names = (f"{stem}{number}.{form.value}" for number in ("", "-2", "-3", "-4"))
        free = (folder / name for name in names if not (folder / name).exists())
        file = next(free, None)
        if file is None:
            raise KnownError("So many exports in one second are too many: ask again.")
        return file

    def _watch_export(self) -> None:
        export = self._export
        if export is None:
            return
        if self._exporting in self._cancelled:
            export.cancel()
        for progress in export.progress():
            if is_last(progress):
                export.close()
                self._export = None
                self._forget(progress.command_id, is_over=True)
            self._answers.answer(progress)
            if is_last(progress):
                return

    def _be_nice(self) -> None:
        """Lower this thread's priority; only Linux lets a thread have its own."""
        if not self._is_nice and sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        self._is_nice = True


def _earlier(wanted: PassageFilter, now: datetime) -> datetime:
    until = now if wanted.until is None else min(wanted.until, now)
    # A search for times to come finds nothing, and is no fault.
    return max(until, wanted.since) if wanted.since else until
