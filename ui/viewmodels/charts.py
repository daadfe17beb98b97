"""What a chart shows, as plain values: every bar also has its words and its number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One upright bar of a chart over time or temperature."""

    label: str
    """What stands below it; empty where the neighbours say it."""
    value: float
    """Its height."""
    marked: float = 0.0
    """How much of it is drawn hatched, on top."""


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """A chart of upright bars."""

    title: str
    """What is counted."""
    columns: tuple[Column, ...]
    """From left to right."""
    top: float
    """What the chart's upper edge stands for."""
    top_text: str
    """That in words."""
    summary: str
    """The chart in one sentence, shown below it and told to screen readers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One lying bar with its words and its number."""

    words: str
    """What it stands for."""
    number: str
    """How much, in figures."""
    share: float
    """Its length, 0 to 1."""


@dataclass(frozen=True, slots=True)
class LineChart:
    """A list of lying bars."""

    title: str
    """What is counted."""
    lines: tuple[Line, ...]
    """From top to bottom."""
    summary: str
    """Said when there is no line, or below the last one; may be empty."""
