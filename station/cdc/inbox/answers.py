"""Acknowledgements and escalations: rows that are added and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, literal, select, union_all

from station.cdc.inbox import escalation as rules
from station.cdc.inbox.cases import CaseKey, CdcCase
from station.cdc.inbox.database import from_text, to_text
from station.cdc.inbox.queries import case_of
from station.cdc.inbox.tables import acknowledgement, escalation


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the event log."""

    at: datetime
    """When it was written, aware."""
    key: CaseKey
    """Whose case."""
    level: int
    """The level that was reached; 0 for an acknowledgement."""
    name: str
    """Who acknowledged, or whom to call; may be empty."""


def acknowledge(
    connection: Connection, key: CaseKey, *, name: str, at: datetime, seen_position: int
) -> int:
    """Note who answers the messages of a case that the page showed.

    What came after the page was made stays unanswered; what somebody answered already stays
    theirs.

    Args:
        connection: inside a writing transaction.
        key: which case.
        name: of the officer.
        at: aware.
        seen_position: place of the last message that the page showed.

    Returns:
        How many messages were answered.
    """
    case = case_of(connection, key)
    if case is None:
        return 0
    rows = [
        {
            "report_id": update.report_id,
            **key._asdict(),
            "name": name,
            "at": to_text(at),
        }
        for update in case.updates
        if update.position <= seen_position and update.acknowledged_at is None
    ]
    if rows:
        connection.execute(insert(acknowledgement), rows)
    return len(rows)


def unnoted_steps(
    connection: Connection,
    waiting: Sequence[CdcCase],
    *,
    now: datetime,
    after: Sequence[timedelta],
    contacts: Sequence[str],
) -> list[dict[str, object]]:
    """Return the rows of levels that waiting cases have reached and the log does not have yet."""
    known = {
        (row.report_id, row.level)
        for row in connection.execute(
            select(escalation.c.report_id, escalation.c.level).where(
                escalation.c.report_id.in_([c.waiting.report_id for c in waiting if c.waiting])
            )
        )
    }
    return [
        {
            "report_id": case.waiting.report_id,
            **case.key._asdict(),
            "level": step.level,
            "contact": rules.contact_for(contacts, step.level),
            "due_at": to_text(step.due_at),
            "at": to_text(now),
        }
        for case in waiting
        if case.waiting
        for step in rules.steps(case.waiting.received_at, now, None, after)
        if (case.waiting.report_id, step.level) not in known
    ]


def note_steps(
    connection: Connection,
    waiting: Sequence[CdcCase],
    *,
    now: datetime,
    after: Sequence[timedelta],
    contacts: Sequence[str],
) -> int:
    """Write the levels that waiting cases have reached, each once, whichever process sees it.

    Args:
        connection: inside a writing transaction.
        waiting: cases that wait.
        now: by the CDC's clock, aware.
        after: the levels.
        contacts: whom to call, in order.

    Returns:
        How many were new.
    """
    rows = unnoted_steps(connection, waiting, now=now, after=after, contacts=contacts)
    if rows:
        connection.execute(insert(escalation), rows)
    return len(rows)


def newest_entries(connection: Connection) -> tuple[int, int]:
    """Return the places of the newest acknowledgement and escalation; 0 if there is none."""
    return (
        connection.scalar(select(func.max(acknowledgement.c.position))) or 0,
        connection.scalar(select(func.max(escalation.c.position))) or 0,
    )


def log_lines(connection: Connection, limit: int) -> list[LogLine]:
    """Return the newest lines of the event log, newest first."""
    given = select(
        func.min(acknowledgement.c.at).label("at"),
        acknowledgement.c.region,
        acknowledgement.c.site,
        acknowledgement.c.station,
        acknowledgement.c.case_id,
        literal(0).label("level"),
        acknowledgement.c.name,
    ).group_by(
        acknowledgement.c.at,
        acknowledgement.c.region,
        acknowledgement.c.site,
        acknowledgement.c.station,
        acknowledgement.c.case_id,
        acknowledgement.c.name,
    )
    reached = select(
        escalation.c.at,
        escalation.c.region,
        escalation.c.site,
        escalation.c.station,
        escalation.c.case_id,
        escalation.c.level,
        escalation.c.contact.label("name"),
    )
    both = union_all(given, reached).subquery()
    query = select(both).order_by(both.c.at.desc()).limit(limit)
    return [
        LogLine(
            from_text(row.at),
            CaseKey(row.region, row.site, row.station, row.case_id),
            row.level,
            row.name,
        )
        for row in connection.execute(query)
    ]
