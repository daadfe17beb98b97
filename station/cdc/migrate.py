"""Bringing the inbox to the newest schema; a newer one, or somebody else's, is refused."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from station.cdc.tables import REVISION_TABLE, alert
from station.core.errors import KnownError

_FOLDER = Path(__file__).with_name("migrations")
# Inboxes from before the numbered steps: SQLite's user_version, and the step that made the same.
_UNNUMBERED = {1: "0001", 2: "0002"}
# Programs from before the numbered steps look only here, and refuse what is beyond 2.
_USER_VERSION = 1000


def migrate(connection: Connection, name: str) -> None:
    """Bring the inbox to the newest schema, inside the caller's transaction.

    Raises:
        KnownError: if a newer program wrote it, or another program owns it.
    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if (step := _unnumbered(connection, name)) is not None:
        command.stamp(config, step)
    else:
        _refuse_newer(connection, name)
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {_USER_VERSION}")


def check(connection: Connection, name: str) -> None:
    """Raise if the inbox has not exactly the newest schema; for those who only read.

    Raises:
        KnownError: with what to do.
    """
    _refuse_newer(connection, name)
    if _revision(connection) != ScriptDirectory(str(_FOLDER)).get_current_head():
        raise KnownError(
            f"{name} has an older schema, or none: run `fever-station cdc serve` on it once."
        )


def _refuse_newer(connection: Connection, name: str) -> None:
    known = [step.revision for step in ScriptDirectory(str(_FOLDER)).walk_revisions()]
    revision = _revision(connection)
    if revision is not None and revision not in known:
        raise KnownError(
            f"{name} has schema {revision}, this program knows up to {max(known)}: "
            "install the newer program that wrote it."
        )


def _revision(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE})
    return context.get_current_revision()


def _unnumbered(connection: Connection, name: str) -> str | None:
    """Return the step that an inbox from before the numbered steps corresponds to, or None."""
    tables = inspect(connection).get_table_names()
    if REVISION_TABLE in tables or not tables:
        return None
    if connection.dialect.name == "sqlite":
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if alert.name in tables and version in _UNNUMBERED:
            return _UNNUMBERED[version]
    elif alert.name not in tables:
        # A PostgreSQL database may be shared with tables of others.
        return None
    raise KnownError(f"{name} is a database of another program: name another one with --db.")
