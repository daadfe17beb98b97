"""Where a value stands in a site file: its keys, its dotted name and its line."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")

Place = tuple[str | int, ...]
"""Keys and list positions from the top of the file to one value."""


def dotted(place: Place) -> str:
    """Return a place as a technician writes it: list positions count from 1."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def line_numbers(text: str) -> dict[Place, int]:
    """Map tables and keys to their line, for the plain layout of a site file."""
    lines: dict[Place, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = tuple(name.strip(" \"'") for name in header[2].split("."))
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = ()
            for depth, name in enumerate(names, 1):
                table = (*table, name)
                if names[:depth] in counts:
                    lines.setdefault(table, number)
                    table = (*table, counts[names[:depth]])
            lines[table] = number
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1]), number)
    return lines
