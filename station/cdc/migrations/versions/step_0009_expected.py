"""How far stations had counted before this inbox was put back to an older state."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; receivers fill it from their own notes."""
    op.create_table(
        "expected_mark",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("highest", _COUNT, nullable=False),
        sa.UniqueConstraint("region", "site", "station", "epoch", "highest"),
    )
