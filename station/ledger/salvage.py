"""A damaged ledger is set aside, and a new one begun with everything that can still be read.

The station starts with it, whatever happened to the old one: nobody is screened otherwise. What
must leave for the CDC leaves with its own number. What is gone is told to staff, in the audit trail
and to the CDC, which sees numbers that never come.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from station.core.errors import KnownError
from station.core.ports import LedgerEntry
from station.core.salvage import SalvageExtent, SalvageTold
from station.ledger.carrying import Carried, Carrier, new_ledger
from station.ledger.damage import (
    flush,
    forget_damage,
    is_noted,
    is_sound,
    note_damage,
    set_aside,
    was_begun,
)
from station.ledger.database import LedgerDamaged, known_errors
from station.ledger.file import writing_alone
from station.ledger.intake import read_entry
from station.ledger.missing import Missing, count
from station.ledger.numbers import NumberNote, find_losses
from station.ledger.pages import PageFile
from station.ledger.people_tables import audit
from station.ledger.prepared import driver
from station.ledger.recovering import FoundPages, OnPages, quiet
from station.ledger.salvage_entry import append_entry, unchained_records
from station.ledger.salvage_figures import (
    TIMES,
    lost_cases,
    missing_rows,
    row_counts,
    unfinished_cases,
    waiting_messages,
    whole_until,
)
from station.ledger.tables import outbox
from station.ledger.trail import read_witness, witness_path

logger = logging.getLogger(__name__)


def open_or_salvage(path: Path, begin: Callable[[], None], on_pages: OnPages = quiet) -> bool:
    """Open a ledger, or set it aside and open a new one if it turns out damaged.

    Args:
        path: the ledger.
        begin: opens the file that lies there.
        on_pages: told how far a salvage is.

    Returns:
        Whether another ledger has its place now.

    Raises:
        KnownError: if the ledger cannot be opened, or the disk takes no new one.
    """
    is_new = salvage_if_damaged(path, on_pages)
    try:
        begin()
    except LedgerDamaged:
        salvage(path, on_pages)
        begin()
        return True
    return is_new


def salvage_if_damaged(path: Path, on_pages: OnPages = quiet) -> bool:
    """Salvage a ledger that somebody has found damaged, or that was emptied.

    Returns:
        Whether another ledger has its place now.

    Raises:
        KnownError: if the disk does not let it be set aside, or takes no new one.
    """
    if not was_begun(path) and not _is_emptied(path):
        if not is_noted(path):
            return False
        if is_sound(path):
            logger.warning("the ledger %s was noted as damaged, and is sound", path)
            forget_damage(path)
            return False
    salvage(path, on_pages)
    return True


def salvage(path: Path, on_pages: OnPages = quiet) -> None:
    """Set the ledger aside and begin a new one from it; nobody may write it.

    Raises:
        KnownError: if somebody writes it, the disk does not let it be set aside, or takes no new
            one.
    """
    with writing_alone(path):
        _salvage(path, on_pages)


def _salvage(path: Path, on_pages: OnPages) -> None:
    note_damage(path, "the ledger cannot be used")
    at = datetime.now(UTC)
    kept = set_aside(path, at)
    fresh = path.with_name(f"{path.name}.new")
    told = _begin_with_what_fits(_Old(kept, path, at, on_pages), fresh)
    try:
        fresh.replace(path)
        flush(path.parent)
        forget_damage(path)
    except OSError as error:
        raise KnownError(
            f"No new ledger can take the place of {path} ({error.strerror}): replace the disk."
        ) from error
    logger.error("the ledger was damaged and is kept as %s: %s", kept, told)


class _Old(NamedTuple):
    """The damaged ledger."""

    kept: Path
    path: Path
    at: datetime
    on_pages: OnPages


def _begin_with_what_fits(old: _Old, fresh: Path) -> SalvageTold:
    """Write the new ledger with all that can be read, or with as much as the disk has room for."""
    for extent in SalvageExtent:
        try:
            fresh.unlink(missing_ok=True)
            with known_errors(fresh, notes_damage=False):
                told, noted = _begin_anew(old, fresh, extent)
            note = NumberNote(old.path)
            note.begin(noted)
            note.close()
            return told
        except (KnownError, OSError, sqlite3.Error, SQLAlchemyError) as error:
            logger.error(
                "of the damaged %s, %s is not carried over: %s", old.kept.name, extent, error
            )
            failure = error
    with suppress(OSError):
        fresh.unlink()
    if isinstance(failure, KnownError):
        raise failure
    raise KnownError(f"The new ledger {fresh} cannot be written ({failure}): free space.")


def _begin_anew(
    old: _Old, fresh: Path, extent: SalvageExtent
) -> tuple[SalvageTold, dict[UUID, int]]:
    """Write the new ledger; return what became of the old one, and the numbers it had given."""
    noted = NumberNote(old.path).read()
    with PageFile(old.kept) as pages, new_ledger(fresh) as session:
        connection = driver(session)
        found, is_ordered = FoundPages(pages, old.on_pages), pages.is_log_whole
        carrier = Carrier(found, connection, is_ordered=is_ordered, extent=extent, now=old.at)
        carrier.carry()
        told = _account(session, carrier.done, old, extent, noted)
        noted = _with_ends(connection, noted)
    flush(fresh)
    return told, noted


def _account(
    session: Connection,
    done: Carried,
    old: _Old,
    extent: SalvageExtent,
    noted: Mapping[UUID, int],
) -> SalvageTold:
    """Count what is there and what is not, and let the audit trail tell it."""
    connection = driver(session)
    witness = read_witness(witness_path(old.path))
    ends = {**done.seen}
    if witness is not None:
        ends[audit.name] = max(witness.number, ends.get(audit.name, 0))
    missing = missing_rows(connection, ends)
    gone = {name: count(spans) for name, spans in missing.items()}
    left = _unfiled(connection)
    numbers = _highest(connection)
    for item in (item for entry in left for item in entry.outbox):
        numbers[item.epoch] = max(item.sequence, numbers.get(item.epoch, 0))
    unsent = sum(lost.count for lost in find_losses(noted, numbers))
    gone[outbox.name] += unsent if extent is not SalvageExtent.NOTHING else 0
    told = SalvageTold(
        at=old.at,
        kept_as=old.kept.name,
        extent=extent,
        carried=row_counts(connection),
        gone={name: number for name, number in gone.items() if number},
        waiting=waiting_messages(connection) + sum(len(entry.outbox) for entry in left),
        unfinished=unfinished_cases(connection) + len(left),
        whole_until=whole_until(connection, missing, TIMES),
        messages_until=whole_until(connection, missing, (outbox.name,)),
        lost_cases=lost_cases(connection),
    )
    append_entry(session, told, Missing(missing, unchained_records(connection)), witness)
    return told


def _unfiled(connection: sqlite3.Connection) -> list[LedgerEntry]:
    """Return the flags that are carried over and not yet in their tables."""
    found = connection.execute("SELECT entry FROM flag_intake WHERE reason IS NULL")
    return [read_entry(stored) for (stored,) in found]


def _with_ends(connection: sqlite3.Connection, noted: Mapping[UUID, int]) -> dict[UUID, int]:
    """Return the note of numbers with those of messages that were the last of their epoch.

    Positions count all messages: where more are missing between two than the later one's number
    tells, the earlier one's epoch has lost its end.
    """
    ends = dict(noted)
    query = "SELECT position, epoch, sequence FROM outbox ORDER BY position"
    last: tuple[int, UUID, int] | None = None
    for position, stored, sequence in connection.execute(query):
        epoch = UUID(stored)
        if last is not None and epoch != last[1]:
            lost = position - last[0] - 1 - (sequence - 1)
            if lost > 0:
                ends[last[1]] = max(last[2] + lost, ends.get(last[1], 0))
        last = position, epoch, sequence
    return ends


def _highest(connection: sqlite3.Connection) -> dict[UUID, int]:
    query = "SELECT epoch, max(sequence) FROM outbox GROUP BY epoch"
    return {UUID(epoch): number for epoch, number in connection.execute(query)}


def _is_emptied(path: Path) -> bool:
    """Whether nothing is left of a file that had been a ledger: SQLite would take it for new."""
    try:
        is_empty = path.stat().st_size == 0
    except FileNotFoundError:
        return False
    log = Path(f"{path}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return is_empty and (has_log or read_witness(witness_path(path)) is not None)
