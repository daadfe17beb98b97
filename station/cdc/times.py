"""Moments as the CDC's tables keep them: ISO 8601 text in UTC, of a fixed width."""

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """Return a moment as the tables keep it, so that text order is time order.

    Args:
        at: aware.
    """
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"


def from_text(text: str) -> datetime:
    """Return a moment that the tables keep, aware, UTC."""
    return datetime.fromisoformat(text)
