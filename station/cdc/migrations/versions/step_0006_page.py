"""The duty officers' page: accounts and logs, which SQLite inboxes with a page have already."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LOGS = ("acknowledgement", "escalation")
_REFUSED = "is a log: rows are only added"


def upgrade() -> None:
    """Create the tables, or take them over as the page before numbered steps made them."""
    if sa.inspect(op.get_bind()).has_table("inbox_schema"):
        op.drop_table("inbox_schema")
        return
    _create_accounts()
    _create_logs()
    if op.get_bind().dialect.name == "sqlite":
        _guard_in_sqlite()
    else:
        _guard_in_postgresql()


def _create_accounts() -> None:
    op.create_table(
        "inbox_account",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("is_blocked", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.String, nullable=False),
    )
    op.create_table(
        "inbox_session",
        sa.Column("token_digest", sa.String(64), primary_key=True),
        sa.Column(
            "name", sa.String(40), sa.ForeignKey("inbox_account.name"), nullable=False, index=True
        ),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("expires_at", sa.String, nullable=False),
    )
    op.create_table(
        "inbox_failed_sign_in",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("at", sa.String, nullable=False, index=True),
    )


def _create_logs() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("report_id", sa.String(36), nullable=False, unique=True),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False, index=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_table(
        "escalation",
        sa.Column("position", _COUNT, primary_key=True),
        sa.Column("report_id", sa.String(36), nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("site", sa.String, nullable=False),
        sa.Column("station", sa.String, nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False, index=True),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("due_at", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
        sa.UniqueConstraint("report_id", "level"),
    )
    op.create_index("escalation_at", "escalation", ["at"])


def _guard_in_sqlite() -> None:
    for log in _LOGS:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {log}_no_{verb.lower()} BEFORE {verb} ON {log} "
                f"BEGIN SELECT RAISE(ABORT, '{log} {_REFUSED}'); END"
            )


def _guard_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION inbox_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '% {_REFUSED}', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for log in _LOGS:
        op.execute(
            f"CREATE TRIGGER {log}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {log} "
            "FOR EACH STATEMENT EXECUTE FUNCTION inbox_refuse_change()"
        )
