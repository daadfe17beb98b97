"""The signature that a message of a newer version came with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; what is there already has come without, or its signature was not kept."""
    op.add_column("newer", sa.Column("signature", sa.String))
