"""Opening the inbox with the schema that this program knows."""

from station.cdc.database import Database, Use, Where
from station.cdc.migrate import check, migrate


def open_inbox(where: Where, use: Use) -> Database:
    """Return the inbox; a receiver brings its schema up to date, others only look at it.

    Raises:
        KnownError: if it cannot be used, or its schema is another one.
    """
    database = Database(where, use)
    try:
        if use is Use.RECEIVE:
            with database.writing() as connection:
                migrate(connection, database.name)
        else:
            with database.reading() as connection:
                check(connection, database.name)
    except BaseException:
        database.close()
        raise
    return database
