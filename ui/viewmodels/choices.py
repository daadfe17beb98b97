"""What one answer of a question shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer."""

    key: object
    """What a touch is about."""
    words: str
    """What stands on it."""
    is_chosen: bool | None = None
    """Whether it is chosen; None for one that does something instead."""
    role: str = ""
    """Of the button, as in TouchButton."""
    is_enabled: bool = True
    """Whether it can be touched."""
    mark: str = "✓"
    """Stands before the words while it is chosen: colour alone would not tell."""
