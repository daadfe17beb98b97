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


def with_masks(text: str, camera: int, masks: Sequence[Region]) -> str:
    """Return a site file's text with other masked areas of one camera.

    Args:
        text: the file's text.
        camera: which of its cameras, from 0 on.
        masks: the areas that are never searched for faces.

    Raises:
        ValueError: as in `with_regions`.
    """
    boxes = f"[{', '.join(_listed(mask, 3) for mask in masks)}]"
    return _with_value(text, "cameras", "masks", boxes, one_of=camera)


def _listed(values: Sequence[float], digits: int) -> str:
    return f"[{', '.join(f'{value:.{digits}f}' for value in values)}]"


def _with_value(text: str, table: str, key: str, value: str, *, one_of: int | None = None) -> str:
    """Return a file's text with one list of a table changed, or added.

    Args:
        text: the file's text.
        table: the table's name.
        key: the list's.
        value: the list.
        one_of: which one, where there are several tables of this name.
    """
    line = f"{key} = {value}"
    name = rf"\[\s*{table}\s*\]" if one_of is None else rf"\[\[\s*{table}\s*\]\]"
    header = re.compile(rf"\s*{name}\s*(#.*)?$")
    named = re.compile(rf"\s*{key}\s*=")
    lines = text.splitlines()
    starts = [i for i, one in enumerate(lines) if header.match(one)]
    start = next(iter(starts[one_of or 0 :]), None)
    if start is None and one_of is None:
        lines += ["", f"[{table}]", line]
    elif start is not None:
        rest = range(start + 1, len(lines))
        end = next((i for i in rest if _HEADER.match(lines[i])), len(lines))
        found = next((i for i in range(start + 1, end) if named.match(lines[i])), None)
        if found is None:
            lines.insert(start + 1, line)
        else:
            lines[found : _end_of_value(lines, found)] = [line]
    changed = "\n".join(lines) + "\n"
    wanted = tomllib.loads(text)
    tables = wanted.setdefault(table, {})
    (tables if one_of is None else tables[one_of])[key] = tomllib.loads(line)[key]
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
