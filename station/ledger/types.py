"""Column types: what goes into SQLite comes out as the same value."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_LENGTH = len("2026-11-24T12:00:00.000000Z")
_LENGTH_WITHOUT_ZONE = _LENGTH - 1
_NO_OFFSET = timedelta()


def stored_time(value: datetime) -> str:
    """Return the stored text of a time.

    Raises:
        ValueError: if the time has no zone or is not UTC.
    """
    if value.tzinfo is not UTC and (value.tzinfo is None or value.utcoffset() != _NO_OFFSET):
        raise ValueError(f"not an aware UTC time: {value!r}")
    return f"{value.isoformat(timespec='microseconds')[:_LENGTH_WITHOUT_ZONE]}Z"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time, stored as ISO 8601 text of fixed width, so that text order is time order.

    SQLite returns naive times even where the column asks for a zone.
    """

    impl = String(_LENGTH)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the stored text.

        Raises:
            ValueError: if the time has no zone or is not UTC.
        """
        return None if value is None else stored_time(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the aware time."""
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


class Words(TypeDecorator[tuple[str, ...]]):
    """A tuple of stored enum values, in one text column."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Return the words, separated by spaces."""
        return None if value is None else " ".join(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Return the words."""
        return None if value is None else tuple(value.split())


UuidText = Uuid(as_uuid=True, native_uuid=False)
"""A UUID as 32 hexadecimal digits."""
