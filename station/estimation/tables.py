"""Clinical tables: CSV files of faces measured beside an oral thermometer."""

import csv
from dataclasses import dataclass
from pathlib import Path

from station.core.errors import KnownError
from station.core.estimation import Sites, Surroundings

ROUNDS = ("r1", "r2", "r3")
"""Rounds of images that are used; in the fourth the mouth is open, which no lane sees."""

# Neither the second thermometer, nor what a station cannot know, is read at all.
_NEEDED = ("subject_id", "irt", "ambient_c", "rel_humidity_pct", "distance_m")
_BLACKBODY = "bb_offset_c"


@dataclass(frozen=True, slots=True)
class Session:
    """One person on one camera."""

    subject_id: str
    """Who; the same on every camera."""
    irt: str
    """Which camera."""
    ambient_group: str
    """Which series of rooms; empty if the table does not say."""
    oral_c: float | None
    """Reference: oral thermometer in monitor mode, °C; None if the table does not say."""
    surroundings: Surroundings
    """The room and the distance."""
    frames: tuple[Sites | None, ...]
    """Sites of each of `ROUNDS`, °C by name; None where a round is blank."""


def read_sessions(paths: list[Path]) -> list[Session]:
    """Read one table or several.

    Raises:
        KnownError: naming the file and the line that cannot be read, and what is wrong.
    """
    return [session for path in paths for session in _read(path)]


def _read(path: Path) -> list[Session]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise KnownError(
                    f"{path} has no column {missing[0]!r}: give a clinical table with the columns "
                    "of its README."
                )
            sessions = [_session(path, reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise KnownError(f"{path} cannot be read ({error}): give a clinical table.") from error
    if not sessions:
        raise KnownError(f"{path} has no rows: give a clinical table with at least one person.")
    return sessions


def _session(path: Path, line: int, row: dict[str, str | None]) -> Session:
    def number(column: str) -> float | None:
        text = (row.get(column) or "").strip()
        try:
            return float(text) if text else None
        except ValueError:
            raise KnownError(
                f"{path}, line {line}: {column} is {text!r}, which is no number: correct it or "
                "leave it blank."
            ) from None

    def frame(prefix: str) -> Sites | None:
        names = [name for name in row if name and name.startswith(f"{prefix}_")]
        sites = {name.removeprefix(f"{prefix}_"): number(name) for name in names}
        sites.pop(_BLACKBODY, None)
        return sites if any(value is not None for value in sites.values()) else None

    if not (row["subject_id"] or "").strip():
        raise KnownError(f"{path}, line {line}: subject_id is blank: name the person.")
    return Session(
        subject_id=(row["subject_id"] or "").strip(),
        irt=(row["irt"] or "").strip(),
        ambient_group=(row.get("ambient_group") or "").strip(),
        oral_c=number("oral_monitor_c"),
        surroundings=Surroundings(
            number("ambient_c"), number("rel_humidity_pct"), number("distance_m")
        ),
        frames=tuple(frame(prefix) for prefix in ROUNDS),
    )
