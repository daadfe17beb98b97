"""Changes of a site file's text that leave its comments and all else as they are."""

import re
import tomllib
from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[")

Region = tuple[float, float, float, float]
"""(top, left, bottom, right) as fractions of the picture."""
Radii = tuple[float, float]
"""Smallest and largest radius as fractions of the picture's longer side."""


def with_regions(text: str, regions: Sequence[Region], radii: Radii | None = None) -> str:
    """Return a site file's text with other regions of the reference source.

    Args:
        text: the file's text.
        regions: where the source may be.
        radii: how large its disc may be; None leaves that as it is.

    Raises:
        ValueError: if the file is laid out in a way in which only they cannot be changed.
    """
    boxes = f"[{', '.join(_listed(region, 3) for region in regions)}]"
    changed = _with_value(text, "reference", "regions", boxes)
    if radii is None:
        return changed
    return _with_value(changed, "reference", "radius_fraction", _listed(radii, 4))


def with_swept_place(text: str, region: Region, radii: Radii) -> str:
    """Return a site file's text with another place of the source that cameras are certified with.

    Raises:
        ValueError: as in `with_regions`.
    """
    changed = _with_value(text, "swept_source", "region", _listed(region, 3))
    return _with_value(changed, "swept_source", "radius_fraction", _listed(radii, 4))


def _listed(values: Sequence[float], digits: int) -> str:
    return f"[{', '.join(f'{value:.{digits}f}' for value in values)}]"


def _with_value(text: str, table: str, key: str, value: str) -> str:
    """Return a file's text with one list of a table changed, or added."""
    line = f"{key} = {value}"
    header = re.compile(rf"\s*\[\s*{table}\s*\]\s*(#.*)?$")
    named = re.compile(rf"\s*{key}\s*=")
    lines = text.splitlines()
    start = next((i for i, one in enumerate(lines) if header.match(one)), None)
    if start is None:
        lines += ["", f"[{table}]", line]
    else:
        rest = range(start + 1, len(lines))
        end = next((i for i in rest if _HEADER.match(lines[i])), len(lines))
        found = next((i for i in range(start + 1, end) if named.match(lines[i])), None)
        if found is None:
            lines.insert(start + 1, line)
        else:
            lines[found : _end_of_value(lines, found)] = [line]
    changed = "\n".join(lines) + "\n"
    wanted = tomllib.loads(text)
    wanted.setdefault(table, {})[key] = tomllib.loads(line)[key]
    try:
        is_right = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ValueError(f"[{table}] is laid out so that {key} must be changed by hand")
    return changed


def _end_of_value(lines: Sequence[str], key: int) -> int:
    """Return the line after a list that begins in line `key`, and may go on over several."""
    for end in range(key + 1, len(lines) + 1):
        piece = "\n".join(lines[key:end])
        try:
            tomllib.loads(piece)
        except tomllib.TOMLDecodeError:
            continue
        return end
    return key + 1
