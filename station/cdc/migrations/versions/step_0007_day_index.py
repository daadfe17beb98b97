"""The figures of a day are found without reading those of all years."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the index."""
    op.create_index("daily_report_day", "daily_report", ["day"])
