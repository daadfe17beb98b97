"""How long ago something was, in words."""

from datetime import datetime


def age_text(now: datetime, then: datetime) -> str:
    """Return how long ago something was, in minutes and seconds."""
    seconds = max(0, round((now - then).total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
