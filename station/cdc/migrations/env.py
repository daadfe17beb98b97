"""Run by Alembic for each command: inside the caller's connection and transaction."""

from alembic import context

from station.cdc.tables import REVISION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=REVISION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
