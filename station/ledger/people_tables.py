"""Tables about people: accounts and the audit trail. Added by one migration."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    text,
)

from station.core.people import Role
from station.ledger.tables import metadata, one_of
from station.ledger.types import UtcDateTime

account = Table(
    "account",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("pin_hash", String, nullable=False),
    Column("card_hash", String),
    Column("is_blocked", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failed_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("role", Role),
    Index("account_card", "card_hash", unique=True),
)

card_salt = Table(
    "card_salt",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True),
    Column("salt", String, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("role", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("details", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
    Index("audit_kind", "kind", "number"),
)

_SCHEMA = (
    """
    CREATE TABLE account (
        name VARCHAR NOT NULL,
        role VARCHAR NOT NULL,
        pin_hash VARCHAR NOT NULL,
        card_hash VARCHAR,
        is_blocked BOOLEAN NOT NULL,
        failures INTEGER NOT NULL,
        failed_at VARCHAR(27),
        created_at VARCHAR(27) NOT NULL,
        PRIMARY KEY (name),
        CONSTRAINT role_is_known CHECK (role IN (
            'auditor', 'operator', 'shift_lead', 'technician'))
    )
    """,
    "CREATE UNIQUE INDEX account_card ON account (card_hash)",
    """
    CREATE TABLE card_salt (
        id INTEGER NOT NULL,
        salt VARCHAR NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT one_row CHECK (id = 1)
    )
    """,
    "INSERT INTO card_salt VALUES (1, lower(hex(randomblob(16))))",
    """
    CREATE TABLE audit (
        number INTEGER NOT NULL,
        at VARCHAR(27) NOT NULL,
        actor VARCHAR NOT NULL,
        role VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        details VARCHAR NOT NULL,
        previous VARCHAR NOT NULL,
        digest VARCHAR NOT NULL,
        PRIMARY KEY (number)
    )
    """,
    "CREATE INDEX audit_kind ON audit (kind, number)",
)


def add_people(connection: Connection) -> None:
    """Accounts, and the audit trail's chain; what was recorded before is not in the chain."""
    for statement in _SCHEMA:
        connection.execute(text(statement))
    for change in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'rows of the audit trail are added, never changed'); END"
        )
