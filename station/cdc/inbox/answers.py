"""Acknowledgements and escalations: rows that are added and never changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from station.cdc.inbox import escalation as rules
from station.cdc.inbox.cases import CaseKey, CdcCase
from station.cdc.inbox.database import to_text
from station.cdc.inbox.queries import case_of
from station.cdc.inbox.tables import acknowledgement, escalation


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
