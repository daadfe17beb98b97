"""Identities that stations sealed for the CDC, and the log of who opened them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LOG = "person_opening"


def upgrade() -> None:
    """Create both tables; rows of the log are only added."""
    op.create_table(
        "sealed_person",
        sa.Column("report_id", sa.String(36), primary_key=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False, index=True),
        sa.Column("reported_at", sa.String, nullable=False),
        sa.Column("delete_at", sa.String, nullable=False, index=True),
        sa.Column("jwe", sa.String, nullable=False),
    )
    op.create_table(
        _LOG,
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("report_id", sa.String(36), nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {_LOG}_no_{verb.lower()} BEFORE {verb} ON {_LOG} "
                f"BEGIN SELECT RAISE(ABORT, '{_LOG} is a log: rows are only added'); END"
            )
    else:
        # The function is of the sixth step.
        op.execute(
            f"CREATE TRIGGER {_LOG}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {_LOG} "
            "FOR EACH STATEMENT EXECUTE FUNCTION inbox_refuse_change()"
        )
