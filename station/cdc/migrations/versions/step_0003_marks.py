"""How far each station has counted, and which of them went back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATION = ("region", "site", "station", "epoch")


def upgrade() -> None:
    """Create both tables; what is stored already sets the marks."""
    op.create_table(
        "station_mark",
        sa.Column("number", _COUNT, primary_key=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("highest", _COUNT, nullable=False),
        sa.Column("since", sa.String, nullable=False),
        sa.UniqueConstraint(*_STATION),
    )
    op.create_table(
        "station_alarm",
        sa.Column("number", _COUNT, primary_key=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sequence", _COUNT, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.UniqueConstraint(*_STATION, "kind"),
    )
    op.execute(
        "INSERT INTO station_mark (region, site, station, epoch, highest, since) "
        "SELECT region, site, station, epoch, max(sequence), min(reported_at) FROM ("
        "SELECT region, site, station, epoch, sequence, reported_at, received_at FROM alert "
        "UNION ALL "
        "SELECT region, site, station, epoch, sequence, reported_at, received_at FROM daily_report"
        ") AS come GROUP BY region, site, station, epoch ORDER BY min(received_at)"
    )
