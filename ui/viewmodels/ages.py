"""How long ago something was, in words."""

from datetime import datetime


def age_text(now: datetime, then: datetime) -> str:
    """Return how long ago something was, in minutes and seconds."""
    return span_text((now - then).total_seconds())


def span_text(seconds: float) -> str:
    """Return a time in minutes and seconds; what lies ahead is no time ago."""
    seconds = max(0, round(seconds))
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
