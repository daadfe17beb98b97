"""Daily reports, as inboxes of schema 2 hold them, which had no numbered steps yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "daily_report",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("report_id", sa.String(36), nullable=False, unique=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("sequence", _COUNT, nullable=False),
        sa.Column("is_drill", sa.Boolean, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("reported_at", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
    op.create_index(
        "daily_report_order", "daily_report", ["region", "site", "station", "epoch", "sequence"]
    )
