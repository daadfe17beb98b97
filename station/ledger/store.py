"""The station's durable record in one SQLite file."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, select, update

from station.core.audit import AuditEntry
from station.core.closing import Closable
from station.core.errors import KnownError
from station.core.identity import CollectionOrder
from station.core.ports import LedgerEntry, LostNumbers
from station.ledger.damage import was_begun
from station.ledger.database import known_errors
from station.ledger.file import LedgerFile
from station.ledger.identities import delete_identities, load_orders
from station.ledger.intake import FlagIntake, is_new_flag
from station.ledger.lookups import Lookups
from station.ledger.migrate import migrate
from station.ledger.numbers import NumberNote, Numbers, find_losses
from station.ledger.recovering import OnPages, quiet
from station.ledger.salvage import open_or_salvage
from station.ledger.tables import OutboxState, case, identity, meta, outbox
from station.ledger.trail import Trail
from station.ledger.types import stored_time
from station.ledger.writing import Entered, write_entry

# One list for all: a statement for each would hand the interpreter over and back each time.
_DELIVERED = (
    "UPDATE outbox SET state = 'delivered', settled_at = ?, reason = NULL "
    "WHERE report_id IN (SELECT value FROM json_each(?)) AND state <> 'delivered'"
)


# Of about 27 pages each with their receipts; at 1,000 pages SQLite empties its log by itself.
_RECORDED_IN_LOG = 25


class SqlLedger(Lookups, Closable):
    """The writer. One at a time for each file; any thread may call, one call at a time.

    Args:
        path: the file.
        is_drill: whether this is an exercise. What it leaves is seen by exercises alone.
        salvages: whether a damaged file is set aside and a new one begun with what is left of it.
        on_pages: told meanwhile how many of its pages are done, of how many.

    Raises:
        KnownError: from every method, when the file or its disk cannot be used; nothing of the
            call is written then, and the same call may be made again.
    """

    def __init__(
        self,
        path: Path,
        *,
        is_drill: bool = False,
        salvages: bool = False,
        on_pages: OnPages = quiet,
    ) -> None:
        super().__init__(is_drill=is_drill)
        self._path = path
        self._on_pages = on_pages
        self._lock = RLock()
        self._recorded = 0
        if salvages:
            open_or_salvage(path, self._begin, on_pages)
        elif was_begun(path):
            raise KnownError(f"The ledger {path} is being set aside: start the station.")
        else:
            self._begin()

    def _begin(self) -> None:
        """Open the file that lies there now."""
        path = self._path
        self._intake = FlagIntake()
        self._file = LedgerFile(path)
        self._note = NumberNote(path)
        self._trail = Trail(path)
        try:
            with known_errors(path):
                self._open()
        except BaseException:
            self._close()
            raise

    def renew(self) -> bool:
        """Go on with a new file if this one is noted as damaged; return whether it was.

        Raises:
            KnownError: if the disk does not let it be set aside, or takes no new one. Nothing but
                the same call is possible then.
        """
        with self._lock:
            if not self._file.is_closed:
                self._close()
            return open_or_salvage(self._path, self._begin, self._on_pages)

    def _open(self) -> None:
        with self._committed() as connection:
            migrate(connection, str(self._path))
            self._trail.begin(connection)
            self._intake.find_left(connection)
            self._intake.file(connection, self._write_filed)
            self._trail.compare(connection)
            row = connection.execute(select(meta.c.epoch, meta.c.is_clean)).one()
            noted = self._note.read()
            unsent = _highest_numbers(connection, _unsent_epochs(connection))
            held = _highest_numbers(connection, {row.epoch, *noted})
            self._losses = find_losses(noted, held)
            is_whole = row.is_clean and not self._losses
            epoch: UUID = row.epoch if is_whole else uuid4()
            connection.execute(update(meta).values(epoch=epoch, is_clean=False))
            self._numbers = Numbers(epoch, held.get(epoch, 0), self._losses, self._note)
            self._case_number = connection.scalar(select(func.max(case.c.number))) or 0
        self._intake.clear()
        # Into the file itself: a torn WAL must not bring the clean flag back.
        self._file.empty_log()
        # A whole file may go: what has not left of an earlier epoch must show then as well.
        self._note.begin({**unsent, **{loss.epoch: loss.last for loss in self._losses}})

    @property
    def epoch(self) -> UUID:
        """The epoch of the next outbox item: a new one after any unclean end.

        After a loss the first item still belongs to the epoch that has lost something.
        """
        return self._numbers.epoch

    @property
    def losses(self) -> tuple[LostNumbers, ...]:
        """What the disk has lost since it was written, as found at the start."""
        return self._losses

    def next_sequence(self) -> int:
        """Return the sequence number for the next outbox item; it advances with record()."""
        return self._numbers.next

    def next_case_number(self) -> int:
        """Return the short number for the next case; it advances with record()."""
        return self._case_number + 1

    def record(self, entry: LedgerEntry, on_durable: Callable[[], None] = lambda: None) -> None:
        """Make the entry durable in one transaction with one disk sync, or nothing of it.

        Args:
            entry: what to write.
            on_durable: called as soon as it is. A new flag is filed in its tables after that; if
                the disk does not take this, by whatever is asked of the ledger next.

        Raises:
            KnownError: if the disk does not take it.
            CaseRefused: if a reading belongs to another case already.
            ValueError: if outbox items are not numbered as `epoch` and `next_sequence` say.
        """
        with self._lock:
            numbers = self._numbers
            expected = [(numbers.epoch, numbers.next + i) for i in range(len(entry.outbox))]
            if [(item.epoch, item.sequence) for item in entry.outbox] != expected:
                raise ValueError("outbox items must carry the next numbers of this epoch")
            with known_errors(self._path):
                if is_new_flag(entry, self._case_number):
                    self._intake.add(self._file.driver, entry, is_drill=self._is_drill)
                else:
                    self._write_at_once(entry)
            self._recorded += 1
            # Only now: a number given to a failed write is given again, so that there is no gap.
            numbers.given(len(entry.outbox))
            if entry.case is not None:
                self._case_number = max(self._case_number, entry.case.number)
            on_durable()
            with suppress(KnownError):
                self.file_flags()

    def file_flags(self) -> None:
        """Put flags that are durable and not yet in their tables there; wait for no disk.

        Raises:
            KnownError: if the disk does not take them; they stay durable.
        """
        with self._lock, known_errors(self._path):
            if not self._intake.is_empty:
                with self._file.unsynced(), self._committed() as connection:
                    self._intake.file(connection, self._write_filed)
                self._intake.clear()

    def _write_at_once(self, entry: LedgerEntry) -> None:
        is_new = entry.case is not None and entry.case.number > self._case_number
        with self._transaction() as connection:
            done = self._write(connection, entry, is_drill=self._is_drill, is_new=is_new)
        if done.is_erased:
            self._file.empty_log()

    def _write_filed(self, connection: Connection, entry: LedgerEntry, is_drill: bool) -> None:
        self._write(connection, entry, is_drill=is_drill, is_new=True)

    def _write(
        self, connection: Connection, entry: LedgerEntry, *, is_drill: bool, is_new: bool
    ) -> Entered:
        done = write_entry(connection, entry, is_drill=is_drill, is_new=is_new)
        self._trail.append(connection, entry.audit)
        self._trail.append_records(connection, done.records)
        return done

    def load_orders(self, orders: Sequence[CollectionOrder]) -> None:
        """Load collection orders; what is loaded stays, also after its last day.

        Raises:
            KnownError: if an order of the same name was loaded with another content.
        """
        with self._lock, known_errors(self._path), self._transaction() as connection:
            load_orders(connection, orders)

    def delete_expired(self, now: datetime) -> int:
        """Delete every identity whose time is over from the disk, and return how many.

        The bytes are overwritten in the file, and the write-ahead log is emptied.
        """
        with self._lock, known_errors(self._path):
            with self._transaction() as connection:
                count = delete_identities(connection, identity.c.delete_at <= now)
            if count:
                self._file.empty_log()
            return count

    def mark_delivered(self, report_ids: Sequence[UUID], at: datetime) -> None:
        """Record the CDC's receipt; ids already marked, or unknown, are no error."""
        if not report_ids:
            return
        listed = json.dumps([one.hex for one in report_ids])
        with self._lock, known_errors(self._path), self._transaction() as connection:
            connection.exec_driver_sql(_DELIVERED, (stored_time(at), listed)).close()
        self._empty_log_between_flags()

    def mark_rejected(self, report_id: UUID, reason: str, at: datetime) -> None:
        """Set a message aside that the CDC refuses, with its reason."""
        change = update(outbox).values(
            state=OutboxState.REJECTED.value, settled_at=at, reason=reason
        )
        with self._lock, known_errors(self._path), self._transaction() as connection:
            connection.execute(
                change.where(
                    outbox.c.report_id == report_id, outbox.c.state == OutboxState.WAITING.value
                )
            )

    def close(self) -> None:
        """Note the clean end and close; closing twice is safe.

        Raises:
            KnownError: if the note cannot be written; the next start then takes a new epoch.
        """
        with self._lock:
            if self._file.is_closed:
                return
            try:
                with known_errors(self._path):
                    with self._transaction() as connection:
                        connection.execute(update(meta).values(is_clean=True))
                    self._file.empty_log()
            finally:
                self._close()

    @contextmanager
    def changing(self, *entries: AuditEntry) -> Iterator[Connection]:
        """Give a transaction for a change that is not of a case, with its steps of the trail."""
        with self._lock, known_errors(self._path), self._transaction() as connection:
            yield connection
            self._trail.append(connection, entries)

    def note(self, connection: Connection, entry: AuditEntry) -> None:
        """Add a step to the audit trail, inside a transaction of `changing`."""
        self._trail.append(connection, [entry])

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @contextmanager
    def reading_rows(self) -> Iterator[Connection]:
        """Give the connection for looking something up."""
        with self._lock, known_errors(self._path):
            self.file_flags()
            with self._file.looking() as connection:
                yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Give a transaction in which all flags are filed."""
        self.file_flags()
        with self._committed() as connection:
            yield connection

    @contextmanager
    def _committed(self) -> Iterator[Connection]:
        try:
            with self._file.committed() as connection:
                yield connection
        except BaseException:
            self._trail.forget()
            raise
        self._trail.settle()

    def _empty_log_between_flags(self) -> None:
        """Empty the log while nobody waits; SQLite would do it in the middle of a flag."""
        if self._recorded < _RECORDED_IN_LOG:
            return
        with self._lock:
            self._file.empty_log(is_patient=False)
        self._recorded = 0

    def _close(self) -> None:
        self._file.close()
        self._note.close()
        self._trail.close()


def _highest_numbers(connection: Connection, epochs: Iterable[UUID]) -> dict[UUID, int]:
    query = select(func.max(outbox.c.sequence))
    found = ((one, connection.scalar(query.where(outbox.c.epoch == one))) for one in epochs)
    return {epoch: number for epoch, number in found if number is not None}


def _unsent_epochs(connection: Connection) -> list[UUID]:
    is_waiting = outbox.c.state == OutboxState.WAITING.value
    return list(connection.scalars(select(outbox.c.epoch).where(is_waiting).distinct()))
