"""Identities and the orders that allow them; the schema's triggers refuse what no rule allows.

The outbox may hold an identity sealed for the CDC. It goes with the identity itself, whether its
message was delivered or still waits: what is sent, or sent again, afterwards is without it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from station.core.cases import Case
from station.core.errors import KnownError
from station.core.identity import CollectionOrder, IdentityEntry
from station.core.report import ReportKind, without_person
from station.ledger import rows
from station.ledger.tables import case, collection_order, identity, outbox


def load_orders(connection: Connection, orders: Sequence[CollectionOrder]) -> None:
    """Add the orders that are not there yet.

    Raises:
        KnownError: if one is there with another content.
    """
    for order in orders:
        values = rows.order_values(order)
        known = select(collection_order).where(collection_order.c.order_id == order.order_id)
        row = connection.execute(known).mappings().one_or_none()
        if row is None:
            connection.execute(insert(collection_order).values(values))
        elif dict(row) != values:
            raise KnownError(
                f"The order {order.order_id} was loaded before with another content: give the "
                "changed order another order_id."
            )


def write_identity(connection: Connection, changed: Case, entry: IdentityEntry | None) -> bool:
    """Record an identity, or delete the one that its case does not hold any more.

    Returns:
        Whether one was deleted, so that the write-ahead log must be emptied, too.
    """
    if entry is None and changed.progress.has_identity:
        return False
    gone = connection.execute(delete(identity).where(identity.c.case_id == changed.case_id))
    if gone.rowcount:
        _delete_sealed(connection, [changed.case_id])
    if entry is not None:
        connection.execute(insert(identity).values(rows.identity_values(entry)))
    return bool(gone.rowcount)


def delete_identities(connection: Connection, condition: ColumnElement[bool]) -> int:
    """Delete identities and the note in their cases that there is one; return how many."""
    found = select(identity.c.case_id).where(condition)
    cases = connection.execute(found).scalars().all()
    if cases:
        connection.execute(delete(identity).where(identity.c.case_id.in_(cases)))
        connection.execute(update(case).where(case.c.case_id.in_(cases)).values(has_identity=False))
        _delete_sealed(connection, cases)
    return len(cases)


def _delete_sealed(connection: Connection, cases: Sequence[UUID]) -> None:
    """Take the sealed identities of these cases out of the messages."""
    query = select(outbox.c.position, outbox.c.payload).where(
        outbox.c.case_id.in_(cases), outbox.c.kind == ReportKind.REGISTERED.value
    )
    for position, payload in connection.execute(query).all():
        if (bare := without_person(payload)) != payload:
            place = outbox.c.position == position
            connection.execute(update(outbox).where(place).values(payload=bare))
