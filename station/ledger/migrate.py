"""Numbered steps from an empty file to the newest schema; a newer one is refused."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from sqlalchemy import Connection, insert, inspect, select, update

from station.core.errors import KnownError
from station.ledger.case_flow_schema import add_case_flow
from station.ledger.first_schema import FIRST_SCHEMA
from station.ledger.intake import add_flag_intake
from station.ledger.people_tables import add_people
from station.ledger.sharing_schema import add_sharing
from station.ledger.summary import COUNTING
from station.ledger.tables import meta


def _first(connection: Connection) -> None:
    for statement in FIRST_SCHEMA:
        connection.exec_driver_sql(statement)
    for change in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER case_step_no_{change.lower()} BEFORE {change} ON case_step "
            "BEGIN SELECT RAISE(ABORT, 'steps of the audit trail are added, never changed'); END"
        )
    connection.execute(insert(meta).values(id=1, schema_version=0, epoch=uuid4(), is_clean=True))


def _hints(connection: Connection) -> None:
    """Passages carry the crowd's warning and a chilled traveller's rest; older ones have none."""
    for column in (
        "crowd_excess_c FLOAT",
        "crowd_median_c FLOAT",
        "crowd_spread_c FLOAT",
        "crowd_people INTEGER",
        "rest_until VARCHAR(27)",
    ):
        connection.exec_driver_sql(f"ALTER TABLE passage ADD COLUMN {column}")


def _estimates(connection: Connection) -> None:
    """Passages and cases carry an oral estimate beside the measurement; older ones have none."""
    for table in ("passage", "case_"):
        for column in (
            "oral_c FLOAT",
            "oral_u_c FLOAT",
            "oral_is_above BOOLEAN",
            "oral_frames INTEGER",
            "oral_inferred VARCHAR",
            "oral_model VARCHAR",
        ):
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")


def _trust(connection: Connection) -> None:
    """Readings know their kind of thermometer, and the daily checks are kept.

    Every thermometer known before was a forehead gun.
    """
    kinds = "'contact', 'tympanic', 'forehead', 'surface'"
    connection.exec_driver_sql(
        "ALTER TABLE reading ADD COLUMN trust VARCHAR NOT NULL DEFAULT 'forehead' "
        f"CONSTRAINT trust_is_known CHECK (trust IN ({kinds}))"
    )
    connection.exec_driver_sql(
        """
        CREATE TABLE device_check (
            check_id CHAR(32) NOT NULL,
            device_id VARCHAR NOT NULL,
            at VARCHAR(27) NOT NULL,
            actor VARCHAR NOT NULL,
            reference_c FLOAT NOT NULL,
            shown_c VARCHAR NOT NULL,
            limit_c FLOAT NOT NULL,
            verdict VARCHAR NOT NULL,
            PRIMARY KEY (check_id),
            CONSTRAINT verdict_is_known CHECK (verdict IN ('passed', 'failed'))
        )
        """
    )
    connection.exec_driver_sql("CREATE INDEX device_check_latest ON device_check (device_id, at)")


def _messages(connection: Connection) -> None:
    """Cases have a hand-over, and messages a channel; not every message is about a case.

    Passages and cases know whether they are an exercise's.

    SQLite cannot loosen a column, so that the outbox is copied. All messages from before went by
    the one topic that there was.
    """
    connection.exec_driver_sql(
        """
        CREATE TABLE handover (
            case_id CHAR(32) NOT NULL,
            position INTEGER NOT NULL,
            step VARCHAR NOT NULL,
            at VARCHAR(27) NOT NULL,
            destination VARCHAR NOT NULL,
            PRIMARY KEY (case_id, position),
            CONSTRAINT step_is_known CHECK (step IN (
                'requested', 'accepted', 'departed', 'arrived', 'left_without')),
            FOREIGN KEY(case_id) REFERENCES case_ (case_id)
        )
        """
    )
    for table in ("passage", "case_"):
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD COLUMN is_drill BOOLEAN NOT NULL DEFAULT 0"
        )
    for statement in (
        "ALTER TABLE outbox RENAME TO old_outbox",
        "DROP INDEX outbox_set_aside",
        "DROP INDEX outbox_waiting",
        """
        CREATE TABLE outbox (
            position INTEGER NOT NULL,
            report_id CHAR(32) NOT NULL,
            case_id CHAR(32),
            kind VARCHAR NOT NULL,
            channel VARCHAR NOT NULL,
            epoch CHAR(32) NOT NULL,
            sequence INTEGER NOT NULL,
            created_at VARCHAR(27) NOT NULL,
            state VARCHAR NOT NULL,
            settled_at VARCHAR(27),
            reason VARCHAR,
            payload BLOB NOT NULL,
            PRIMARY KEY (position),
            CONSTRAINT state_is_known CHECK (state IN ('waiting', 'delivered', 'rejected')),
            CONSTRAINT channel_is_known CHECK (channel IN ('alert', 'report', 'status',
                'drill/alert', 'drill/report', 'drill/status', 'receipt')),
            CONSTRAINT settled_or_not CHECK ((state = 'waiting') = (settled_at IS NULL)),
            CONSTRAINT sequence_from_one CHECK (sequence >= 1),
            UNIQUE (epoch, sequence),
            UNIQUE (report_id),
            FOREIGN KEY(case_id) REFERENCES case_ (case_id)
        )
        """,
        "INSERT INTO outbox SELECT position, report_id, case_id, kind, 'alert', epoch, sequence, "
        "created_at, state, settled_at, reason, payload FROM old_outbox",
        "DROP TABLE old_outbox",
        "CREATE INDEX outbox_of_kind ON outbox (kind, created_at) WHERE case_id IS NULL",
        "CREATE INDEX outbox_set_aside ON outbox (position) WHERE state = 'rejected'",
        "CREATE INDEX outbox_waiting ON outbox (position) WHERE state = 'waiting'",
    ):
        connection.exec_driver_sql(statement)


def _counts(connection: Connection) -> None:
    """Passages are counted by the hour as they come; those from before are counted once."""
    for statement in COUNTING:
        connection.exec_driver_sql(statement)


Migration = Callable[[Connection], None]
MIGRATIONS: tuple[Migration, ...] = (
    _first,
    _hints,
    _estimates,
    _trust,
    _messages,
    _counts,
    add_people,
    add_case_flow,
    add_sharing,
    add_flag_intake,
)
"""Step number n brings a file from version n-1 to n."""


def migrate(
    connection: Connection, shown_path: str, steps: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring the ledger to the newest schema, inside the caller's transaction.

    Raises:
        KnownError: if the file was written by a newer program, or is not a ledger.
    """
    names = inspect(connection).get_table_names()
    if not names:
        version = 0
    elif meta.name in names:
        version = connection.execute(select(meta.c.schema_version)).scalar_one()
    else:
        raise KnownError(
            f"{shown_path} is a database of another program: name another file as ledger_path."
        )
    if version > len(steps):
        raise KnownError(
            f"The ledger {shown_path} has schema {version}, this program knows up to "
            f"{len(steps)}: install the newer program that wrote it."
        )
    for number in range(version, len(steps)):
        steps[number](connection)
        connection.execute(update(meta).values(schema_version=number + 1))
