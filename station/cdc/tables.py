"""The CDC's own tables: what came, and what the duty officers made of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

REVISION_TABLE = "cdc_schema"
"""Where the number of the last migration is kept; the migrations make exactly these tables."""

metadata = MetaData()

# SQLite numbers rows by itself only in an INTEGER; PostgreSQL's has 32 bits.
_Count = BigInteger().with_variant(Integer, "sqlite")

# Times are ISO 8601 text in UTC with a fixed width: text order is time order.
alert = Table(
    "alert",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("report_id", String(36), nullable=False, unique=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("sequence", _Count, nullable=False),
    Column("is_drill", Boolean, nullable=False),
    Column("kind", String, nullable=False),
    Column("case_id", String(36), nullable=False, index=True),
    Column("case_number", _Count, nullable=False),
    Column("case_state", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("skin_surface_temperature_c", Float),
    Column("body_temperature_c", Float),
    Column("flagged_at", String, nullable=False),
    Column("reported_at", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Index("alert_order", "region", "site", "station", "epoch", "sequence"),
)

daily_report = Table(
    "daily_report",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("report_id", String(36), nullable=False, unique=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("sequence", _Count, nullable=False),
    Column("is_drill", Boolean, nullable=False),
    Column("day", String(10), nullable=False),
    Column("reported_at", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Index("daily_report_order", "region", "site", "station", "epoch", "sequence"),
    Index("daily_report_day", "day"),
)

NUMBERED = (alert, daily_report)
"""What shares a station's count."""

newer = Table(
    "newer",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("report_id", String(36), nullable=False),
    Column("topic", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("signature", String),
    UniqueConstraint("topic", "report_id"),
)

poison = Table(
    "poison",
    metadata,
    Column("position", _Count, primary_key=True),
    # The same bytes come again and again from a faulty station: kept once.
    Column("digest", String(64), nullable=False, unique=True),
    Column("report_id", String(36)),
    Column("topic", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("times", _Count, nullable=False, server_default="1"),
    Column("last_at", String, nullable=False, server_default=""),
)

# How far each station has counted in each of its epochs.
station_mark = Table(
    "station_mark",
    metadata,
    # In the order in which the epochs first came.
    Column("number", _Count, primary_key=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("highest", _Count, nullable=False),
    # The earliest time that a message of the epoch names.
    Column("since", String, nullable=False),
    UniqueConstraint("region", "site", "station", "epoch"),
)

# How far stations had counted by receivers' own notes, which this inbox, put back, did not reach.
expected_mark = Table(
    "expected_mark",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("highest", _Count, nullable=False),
    UniqueConstraint("region", "site", "station", "epoch", "highest"),
)

# Stations that went back, once for each epoch and kind.
station_alarm = Table(
    "station_alarm",
    metadata,
    Column("number", _Count, primary_key=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("epoch", String(36), nullable=False),
    Column("kind", String, nullable=False),
    Column("sequence", _Count, nullable=False),
    Column("received_at", String, nullable=False),
    UniqueConstraint("region", "site", "station", "epoch", "kind"),
)

# The last word of each receiver.
receiver_sign = Table(
    "receiver_sign",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", String, nullable=False),
    Column("state", String(16), nullable=False),
    Column("trouble", String(300), nullable=False),
)

# What stations sealed for the CDC of a traveller: nobody who reads this can open it.
sealed_person = Table(
    "sealed_person",
    metadata,
    # Of the alert that brought it, which is kept without it.
    Column("report_id", String(36), primary_key=True),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("case_id", String(36), nullable=False, index=True),
    Column("reported_at", String, nullable=False),
    Column("delete_at", String, nullable=False, index=True),
    Column("jwe", String, nullable=False),
)

# The duty officers' page. Of the logs, acknowledgement, escalation and opening, the database itself
# refuses to change or delete a row.
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

# Who opened a sealed identity.
person_opening = Table(
    "person_opening",
    metadata,
    Column("position", _Count, primary_key=True),
    Column("report_id", String(36), nullable=False),
    Column("region", String, nullable=False),
    Column("site", String, nullable=False),
    Column("station", String, nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("name", String(40), nullable=False),
    Column("at", String, nullable=False),
)
