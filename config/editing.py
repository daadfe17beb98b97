"""Changes of a site file's text that leave its comments and all else as they are."""

import re
import tomllib
from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[")
_REFERENCE = re.compile(r"\s*\[\s*reference\s*\]\s*(#.*)?$")
_KEY = re.compile(r"\s*regions\s*=")

Region = tuple[float, float, float, float]
"""(top, left, bottom, right) as fractions of the picture."""


def with_regions(text: str, regions: Sequence[Region]) -> str:
    """Return a site file's text with other regions of the reference source.

    Raises:
        ValueError: if the file is laid out in a way in which only they cannot be changed.
    """
    boxes = ", ".join(f"[{', '.join(f'{value:.3f}' for value in region)}]" for region in regions)
    line = f"regions = [{boxes}]"
    lines = text.splitlines()
    start = next((i for i, one in enumerate(lines) if _REFERENCE.match(one)), None)
    if start is None:
        lines += ["", "[reference]", line]
    else:
        rest = range(start + 1, len(lines))
        end = next((i for i in rest if _HEADER.match(lines[i])), len(lines))
        key = next((i for i in range(start + 1, end) if _KEY.match(lines[i])), None)
        if key is None:
            lines.insert(start + 1, line)
        else:
            lines[key : _end_of_value(lines, key)] = [line]
    changed = "\n".join(lines) + "\n"
    wanted = tomllib.loads(text)
    rounded = [[round(value, 3) for value in region] for region in regions]
    wanted.setdefault("reference", {})["regions"] = rounded
    try:
        is_right = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ValueError("[reference] is laid out so that regions must be changed by hand")
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
