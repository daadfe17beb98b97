"""The page's own tables; alerts are the receiver's and only read."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
)

SCHEMA_VERSION = 1
"""Kept in `inbox_schema`."""

metadata = MetaData()

# SQLite numbers rows by itself only in an INTEGER; PostgreSQL's has 32 bits.
_Count = BigInteger().with_variant(Integer, "sqlite")

# Times are ISO 8601 text in UTC with a fixed width, as in the receiver's tables.
inbox_schema = Table("inbox_schema", metadata, Column("version", Integer, nullable=False))

account = Table(
    "inbox_account",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("is_blocked", Boolean, nullable=False),
    Column("created_at", String, nullable=False),
)

session = Table(
    "inbox_session",
    metadata,
    # Only the digest: who reads the database cannot take over a session.
    Column("token_digest", String(64), primary_key=True),
    Column("name", ForeignKey("inbox_account.name"), nullable=False, index=True),
    Column("created_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
)

failed_sign_in = Table(
    "inbox_failed_sign_in",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("client", String(64), nullable=False),
    Column("at", String, nullable=False, index=True),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("position", _Count, primary_key=True),
    # One answer for each message: the first one counts.
    Column("report_id", String(36), nullable=False, unique=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("case_id", String(36), nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("at", String, nullable=False),
)

escalation = Table(
    "escalation",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("report_id", String(36), nullable=False),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("case_id", String(36), nullable=False, index=True),
    Column("level", Integer, nullable=False),
    Column("contact", String(200), nullable=False),
    Column("due_at", String, nullable=False),
    Column("at", String, nullable=False),
    UniqueConstraint("report_id", "level"),
    Index("escalation_at", "at"),
)

for _log in (acknowledgement, escalation):
    for _verb in ("UPDATE", "DELETE"):
        _guard = DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER {_log.name}_no_{_verb.lower()} BEFORE {_verb} ON {_log.name} "
            f"BEGIN SELECT RAISE(ABORT, '{_log.name} is a log: rows are only added'); END"
        )
        event.listen(_log, "after_create", _guard.execute_if(dialect="sqlite"))
