"""The CDC's own book of checkpoints: what each is called, where it lies, whom to telephone there.

It is the office's, and no message's: a station only gives its name, and whoever took over one could
not lead an officer to another telephone.
"""

import csv
import io
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from station.cdc.inbox.degrees import is_on_earth
from station.core.errors import KnownError
from station.reporting.topics import StationIdentity
from station.reporting.watching import FileWatch

_log = logging.getLogger(__name__)

COLUMNS = ("region", "site", "station", "name", "phone", "latitude", "longitude")
"""The book's first line."""

MOST_BYTES = 4_000_000
"""The largest file that is read."""
MOST_ROWS = 20_000
"""The longest book."""
_LONGEST = 90
_TOLD_FAULTS = 10

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the office knows of a checkpoint."""

    name: str = ""
    """What people call it; empty if the book does not say."""
    phone: str = ""
    """Its duty desk; empty if the book does not say."""
    at: tuple[float, float] | None = None
    """Latitude and longitude, degrees; None if the book does not say."""


NOT_IN_BOOK = Checkpoint()
"""Nothing is known."""


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Every checkpoint in the book."""

    stations: Mapping[StationIdentity, Checkpoint]
    """Single stations."""
    sites: Mapping[tuple[str, str], Checkpoint]
    """Sites, by region and site: for those of their stations that have no line of their own."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.stations or self.sites)

    def of(self, station: StationIdentity) -> Checkpoint:
        """Return what the book says of a station, its site's line where it has none itself."""
        site = self.sites.get((station.region, station.site), NOT_IN_BOOK)
        own = self.stations.get(station)
        if own is None:
            return site
        return Checkpoint(own.name or site.name, own.phone or site.phone, own.at or site.at)

    def named(self, word: str) -> Iterator[tuple[str, str, str]]:
        """Yield region, site and station ("" for all of the site) of what is called so."""
        wanted = word.casefold()
        for station, one in self.stations.items():
            if wanted in one.name.casefold():
                yield station.region, station.site, station.station
        for (region, site), one in self.sites.items():
            if wanted in one.name.casefold():
                yield region, site, ""


def read_checkpoints(content: bytes) -> Checkpoints:
    """Return what a book says: CSV as a spreadsheet writes it, in UTF-8 or GB 18030.

    Raises:
        KnownError: naming its faults with their lines.
    """
    if len(content) > MOST_BYTES:
        raise KnownError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
    stations: dict[StationIdentity, Checkpoint] = {}
    sites: dict[tuple[str, str], Checkpoint] = {}
    faults: list[str] = []
    try:
        names = tuple(name.strip() for name in reader.fieldnames or ())
        if not {"region", "site"} <= set(names) <= set(COLUMNS) or len(set(names)) < len(names):
            raise KnownError(f"its first line must be {','.join(COLUMNS)}")
        reader.fieldnames = list(names)
        for row in reader:
            if len(stations) + len(sites) >= MOST_ROWS:
                raise KnownError(f"it has more than {MOST_ROWS} lines")
            try:
                _put(row, stations, sites)
            except ValueError as error:
                faults.append(f"line {reader.line_num}: {error}")
    except csv.Error as error:
        raise KnownError(f"it is no CSV file (line {reader.line_num}: {error})") from error
    if faults:
        more = len(faults) - _TOLD_FAULTS
        told = [*faults[:_TOLD_FAULTS], *([f"and {more} more"] if more > 0 else [])]
        raise KnownError("; ".join(told))
    return Checkpoints(stations, sites)


NO_CHECKPOINTS = Checkpoints({}, {})
"""Nothing is known."""


class CheckpointBook:
    """The book in its file, read anew when the file changes: no restart for a new telephone number.

    Args:
        path: the file; None has no checkpoint in it.

    Raises:
        KnownError: if the file cannot be read at the start.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._watch = FileWatch(path) if path is not None else None
        self.checkpoints = NO_CHECKPOINTS
        """As read last."""
        self.changes = 0
        """Counts how often the file has changed, so that others see that there is news."""
        self.trouble = ""
        """Why the newest book is not in use; empty if it is."""
        if path is not None:
            self.checkpoints = load(path, read_checkpoints)

    def look(self) -> None:
        """Read the book anew if its file has changed; a faulty one leaves the old one in use."""
        if self._path is None or self._watch is None or not self._watch.has_changed():
            return
        self.changes += 1
        try:
            self.checkpoints = load(self._path, read_checkpoints)
        except KnownError as error:
            self.trouble = str(error)
            _log.warning("%s The one before stays in use.", error)
        else:
            self.trouble = ""


def load(path: Path, read: Callable[[bytes], _Read]) -> _Read:
    """Return what a file that the settings name says.

    Args:
        path: the file.
        read: makes it of the bytes, or raises KnownError with what is wrong.

    Raises:
        KnownError: in one sentence that names the file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}): name another file.") from error
    try:
        return read(content)
    except KnownError as error:
        raise KnownError(f"{path} has faults ({error}): correct them.") from error


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KnownError("it is text neither in UTF-8 nor in GB 18030")


def _put(
    row: Mapping[str | None, object],
    stations: dict[StationIdentity, Checkpoint],
    sites: dict[tuple[str, str], Checkpoint],
) -> None:
    if None in row:
        raise ValueError("it has more fields than the first line")
    field = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if not any(field.values()):
        return
    for name in ("name", "phone"):
        if len(field[name]) > _LONGEST or not field[name].isprintable():
            raise ValueError(f"its {name} is longer than {_LONGEST} signs, or no plain text")
    one = Checkpoint(field["name"], field["phone"], _position(field))
    try:
        station = StationIdentity(field["region"], field["site"], field["station"] or "-")
    except KnownError:
        raise ValueError("write region, site and station as in the station's site file") from None
    if field["station"]:
        is_new = stations.setdefault(station, one) is one
    else:
        is_new = sites.setdefault((station.region, station.site), one) is one
    if not is_new:
        raise ValueError("it stands there twice")


def _position(field: Mapping[str, str]) -> tuple[float, float] | None:
    texts = (field["latitude"], field["longitude"])
    if not any(texts):
        return None
    try:
        latitude, longitude = (float(text) for text in texts)
    except ValueError:
        raise ValueError("give latitude and longitude both, in degrees") from None
    if not is_on_earth(latitude, longitude):
        raise ValueError("latitude or longitude is outside the world, or they are exchanged")
    return latitude, longitude
