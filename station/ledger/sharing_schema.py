"""The step to a ledger whose rules say whether the CDC is told who somebody is."""

from sqlalchemy import Connection

_STATEMENTS = (
    "ALTER TABLE collection_order ADD COLUMN share_with_cdc BOOLEAN NOT NULL DEFAULT 0",
    "ALTER TABLE identity ADD COLUMN is_shared BOOLEAN NOT NULL DEFAULT 0",
    "CREATE INDEX outbox_registered ON outbox (case_id) WHERE kind = 'registered'",
    # A confirmed fever's rule is in the settings alone; an order is here and must say it.
    """
    CREATE TRIGGER sharing_needs_its_order BEFORE INSERT ON identity
    WHEN NEW.is_shared AND NEW.rule = 'order' AND NOT EXISTS (
        SELECT 1 FROM collection_order WHERE order_id = NEW.order_id AND share_with_cdc)
    BEGIN SELECT RAISE(ABORT, 'the order does not let the CDC be told'); END
    """,
)


def add_sharing(connection: Connection) -> None:
    """Orders and identities from before are shared with nobody."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
