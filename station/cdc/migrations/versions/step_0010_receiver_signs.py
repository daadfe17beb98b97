"""What receivers say of themselves, so that the page knows whether alerts can come in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table; each receiver has one row."""
    op.create_table(
        "receiver_sign",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("trouble", sa.String(300), nullable=False),
    )
