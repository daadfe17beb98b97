"""What a table's cells may hold, and how none of it can run in a spreadsheet."""

from datetime import datetime

Cell = str | int | float | bool | datetime | None
"""What a cell may hold."""

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def cell_text(value: Cell) -> str:
    """Return a cell as a CSV file holds it.

    Text that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236).
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case str() if value.startswith(_RUNS):
            return f"'{value}"
        case _:
            return str(value)
