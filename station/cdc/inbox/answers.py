"""Acknowledgements and escalations: rows that are added and never changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from station.cdc.database import is_one_of
from station.cdc.inbox import escalation as rules
from station.cdc.inbox.cases import CaseKey, CdcCase
from station.cdc.inbox.queries import case_of
from station.cdc.tables import acknowledgement, escalation
from station.cdc.times import to_text


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
    ids = [case.waiting.report_id for case in waiting if case.waiting]
    query = select(escalation.c.report_id, escalation.c.level).where(
        is_one_of(connection, escalation.c.report_id, ids)
    )
    known = {(row.report_id, row.level) for row in connection.execute(query)}
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
