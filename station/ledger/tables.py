"""The ledger's tables. Rows never leave this package."""

from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
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
    text,
)

from station.core.cases import (
    BodySite,
    CaseOutcome,
    CaseState,
    HandoverStep,
    ReadingMode,
    TrustClass,
)
from station.core.handhelds import CheckVerdict
from station.core.identity import IdentityRule
from station.core.report import Channel
from station.core.screening import Outcome
from station.ledger.types import UtcDateTime, UuidText, Words

metadata = MetaData()


class OutboxState(StrEnum):
    """What became of a message; stored values are stable."""

    WAITING = "waiting"
    """No receipt yet."""
    DELIVERED = "delivered"
    """The CDC stored it."""
    REJECTED = "rejected"
    """The CDC refuses it; a technician must look."""


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a text column holds one of these stored values."""
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_is_known")


def _screening_columns() -> tuple[Column[object] | CheckConstraint, ...]:
    return (
        Column("outcome", String, nullable=False),
        Column("skin_c", Float),
        Column("u_c", Float),
        Column("site", String),
        Column("frame_count", Integer),
        Column("mm_per_px", Float),
        Column("is_pre_screen", Boolean),
        Column("reasons", Words, nullable=False),
        Column("policy_id", String, nullable=False),
        one_of("outcome", Outcome),
        # SQLite stores NaN as NULL, so a measurement of NaN is refused here as well.
        CheckConstraint(
            "(outcome = 'not_measured') = (skin_c IS NULL)"
            " AND (skin_c IS NULL) = (u_c IS NULL)"
            " AND (skin_c IS NULL) = (site IS NULL)"
            " AND (skin_c IS NULL) = (frame_count IS NULL)"
            " AND (skin_c IS NULL) = (mm_per_px IS NULL)"
            " AND (skin_c IS NULL) = (is_pre_screen IS NULL)",
            name="measured_or_not",
        ),
        CheckConstraint("(outcome = 'not_measured') = (reasons <> '')", name="doubt_has_a_reason"),
    )


def _estimate_columns() -> tuple[Column[object], ...]:
    """Added by the third step; beside the measurement, never part of it."""
    return (
        Column("oral_c", Float),
        Column("oral_u_c", Float),
        Column("oral_is_above", Boolean),
        Column("oral_frames", Integer),
        Column("oral_inferred", Words),
        Column("oral_model", String),
    )


def _drill_column() -> Column[object]:
    """Added by the fifth step: what an exercise left is never counted or shown as real."""
    return Column("is_drill", Boolean, nullable=False, server_default=text("0"))


def _progress_columns() -> tuple[Column[object] | CheckConstraint, ...]:
    """Added by the eighth step: a case goes on after its verdict."""
    return (
        Column("rest_until", UtcDateTime),
        Column("verdict_at", UtcDateTime),
        Column("cause", String, nullable=False, server_default=text("''")),
        Column("registration", String),
        Column("registered_at", UtcDateTime),
        Column("has_identity", Boolean, nullable=False, server_default=text("0")),
        Column("isolated_at", UtcDateTime),
        Column("outcome_found", String),
        Column("closed_at", UtcDateTime),
        one_of("outcome_found", CaseOutcome),
    )


meta = Table(
    "meta",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("epoch", UuidText, nullable=False),
    Column("is_clean", Boolean, nullable=False),
)

passage = Table(
    "passage",
    metadata,
    Column("passage_id", UuidText, primary_key=True),
    Column("lane", String, nullable=False),
    Column("camera_id", String, nullable=False),
    Column("traveller", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("first_sequence", Integer, nullable=False),
    Column("last_sequence", Integer, nullable=False),
    Column("reference", String, nullable=False),
    Column("facing_frames", Integer, nullable=False),
    *_screening_columns(),
    # Added by the second step; a hint beside the answer, never part of it.
    Column("crowd_excess_c", Float),
    Column("crowd_median_c", Float),
    Column("crowd_spread_c", Float),
    Column("crowd_people", Integer),
    Column("rest_until", UtcDateTime),
    *_estimate_columns(),
    _drill_column(),
)

case = Table(
    "case_",
    metadata,
    Column("case_id", UuidText, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("lane", String, nullable=False),
    Column("traveller", Integer, nullable=False),
    Column("passage_id", UuidText, ForeignKey("passage.passage_id"), nullable=False, index=True),
    Column("point_row", Float),
    Column("point_column", Float),
    Column("state", String, nullable=False),
    *_screening_columns(),
    one_of("state", CaseState),
    CheckConstraint("number >= 1", name="number_from_one"),
    # Added by the sixth step.
    Index("case_opened", "opened_at"),
    Index("case_unfinished", "number", sqlite_where=text("closed_at IS NULL")),
    *_estimate_columns(),
    _drill_column(),
    *_progress_columns(),
)

case_step = Table(
    "case_step",
    metadata,
    Column("step_id", Integer, primary_key=True),
    Column("case_id", UuidText, ForeignKey("case_.case_id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("state", String, nullable=False),
    Column("note", String, nullable=False),
    one_of("state", CaseState),
)

# Added by the fifth step.
handover = Table(
    "handover",
    metadata,
    Column("case_id", UuidText, ForeignKey("case_.case_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("step", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("destination", String, nullable=False),
    one_of("step", HandoverStep),
)

reading = Table(
    "reading",
    metadata,
    Column("reading_id", UuidText, primary_key=True),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("body_c", Float, nullable=False),
    Column("mode", String, nullable=False),
    Column("device_id", String, nullable=False),
    Column("is_plausible", Boolean, nullable=False),
    Column("case_id", UuidText, ForeignKey("case_.case_id")),
    Column("position", Integer),
    # Added by the fourth step; every thermometer known before was a forehead gun.
    Column("trust", String, nullable=False, server_default=text("'forehead'")),
    # Added by the eighth step.
    Column("body_site", String),
    one_of("mode", ReadingMode),
    one_of("trust", TrustClass),
    one_of("body_site", BodySite),
    CheckConstraint("(case_id IS NULL) = (position IS NULL)", name="attached_or_not"),
    Index("reading_of_case", "case_id", "position"),
    Index("reading_unattached", "taken_at", sqlite_where=text("case_id IS NULL")),
)

# Both added by the eighth step. A trigger refuses an identity without the rule that allows it.
collection_order = Table(
    "collection_order",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("legal_basis", String, nullable=False),
    Column("signed_by", String, nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_until", String(10), nullable=False),
    Column("fields", Words, nullable=False),
    Column("keep_days", Integer, nullable=False),
    # Added by the ninth step.
    Column("share_with_cdc", Boolean, nullable=False, server_default=text("0")),
    CheckConstraint("valid_from <= valid_until", name="order_has_an_end"),
    CheckConstraint("keep_days >= 1", name="order_is_kept_some_days"),
)

identity = Table(
    "identity",
    metadata,
    Column("case_id", UuidText, ForeignKey("case_.case_id"), primary_key=True),
    Column("name", String, nullable=False),
    Column("document", String, nullable=False),
    Column("telephone", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("delete_at", UtcDateTime, nullable=False),
    # Added by the ninth step.
    Column("is_shared", Boolean, nullable=False, server_default=text("0")),
    one_of("rule", IdentityRule),
    CheckConstraint("(rule = 'order') = (order_id <> '')", name="order_is_named"),
    CheckConstraint("recorded_at < delete_at", name="identity_has_an_end"),
    Index("identity_ends", "delete_at"),
)

device_check = Table(
    "device_check",
    metadata,
    Column("check_id", UuidText, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("reference_c", Float, nullable=False),
    Column("shown_c", Words, nullable=False),
    Column("limit_c", Float, nullable=False),
    Column("verdict", String, nullable=False),
    one_of("verdict", CheckVerdict),
    Index("device_check_latest", "device_id", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("report_id", UuidText, nullable=False, unique=True),
    # Neither a case nor a channel was certain before the fifth step.
    Column("case_id", UuidText, ForeignKey("case_.case_id")),
    Column("kind", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("epoch", UuidText, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("reason", String),
    Column("payload", LargeBinary, nullable=False),
    one_of("state", OutboxState),
    one_of("channel", Channel),
    CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_or_not"),
    CheckConstraint("sequence >= 1", name="sequence_from_one"),
    UniqueConstraint("epoch", "sequence"),
    Index("outbox_waiting", "position", sqlite_where=text("state = 'waiting'")),
    Index("outbox_of_kind", "kind", "created_at", sqlite_where=text("case_id IS NULL")),
    Index("outbox_set_aside", "position", sqlite_where=text("state = 'rejected'")),
    # Added by the ninth step: the messages that may hold a sealed identity.
    Index("outbox_registered", "case_id", sqlite_where=text("kind = 'registered'")),
)

# Added by the tenth step: what `station.ledger.intake` has still to file.
flag_intake = Table(
    "flag_intake",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("is_drill", Boolean, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("reason", String),
)


def _count_table(name: str, last: Column[object]) -> Table:
    """Return a table of counts by the hour; triggers keep it (`station.ledger.summary`)."""
    return Table(
        name,
        metadata,
        Column("is_drill", Boolean, primary_key=True),
        # Whole hours since 1970, UTC.
        Column("hour", Integer, primary_key=True),
        Column("camera_id", String, primary_key=True),
        Column("lane", String, primary_key=True),
        Column("outcome", String, primary_key=True),
        last,
        Column("number", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


# Added by the eighth step.
passage_count = _count_table("passage_count", Column("reason", String, primary_key=True))
skin_count = _count_table("skin_count", Column("tenths", Integer, primary_key=True))
