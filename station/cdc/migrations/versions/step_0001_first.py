"""What inboxes of schema 1 hold, which had no numbered steps yet."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of alerts, newer messages and poison."""
    op.create_table(
        "alert",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("report_id", sa.String(36), nullable=False, unique=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("sequence", _COUNT, nullable=False),
        sa.Column("is_drill", sa.Boolean, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False, index=True),
        sa.Column("case_number", _COUNT, nullable=False),
        sa.Column("case_state", sa.String, nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("skin_surface_temperature_c", sa.Float),
        sa.Column("body_temperature_c", sa.Float),
        sa.Column("flagged_at", sa.String, nullable=False),
        sa.Column("reported_at", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
    op.create_index("alert_order", "alert", ["region", "site", "station", "epoch", "sequence"])
    op.create_table(
        "newer",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("report_id", sa.String(36), nullable=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("topic", "report_id"),
    )
    op.create_table(
        "poison",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("report_id", sa.String(36)),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
