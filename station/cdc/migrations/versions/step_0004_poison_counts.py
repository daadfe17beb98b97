"""How often the same poison came, and when last."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add both columns; what is there already came at least once."""
    op.add_column("poison", sa.Column("times", _COUNT, nullable=False, server_default="1"))
    op.add_column("poison", sa.Column("last_at", sa.String, nullable=False, server_default=""))
    op.execute("UPDATE poison SET last_at = received_at")
