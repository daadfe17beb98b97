"""Versions of a site file: each is kept, judged before it is taken over, and can be taken back."""

import difflib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from config.loader import ConfigError, load_settings
from config.reading import read_text
from config.settings import Settings

_MOST_KEPT = 100


class VersionWhy(StrEnum):
    """How a version came about; stored values are stable."""

    FOUND = "found"
    """It was there when the station started: somebody wrote the file."""
    ADDED = "added"
    """Somebody added a file and did not take it over yet."""
    REGIONS = "regions"
    """Somebody drew on the picture, or pointed at, where a source is."""


class VersionError(Exception):
    """Versions cannot be kept or changed. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a site file."""

    number: int
    """Counts from 1 and is never used again."""
    at: str
    """When it was added, ISO 8601, UTC."""
    actor: str
    """Who added it."""
    why: str
    """A VersionWhy's stored value."""
    sha256: str
    """Of its text."""


@dataclass(frozen=True, slots=True)
class _Index:
    versions: tuple[Version, ...] = ()
    current: int | None = None
    """What the site file holds."""
    proven: int | None = None
    """The last one with which the station ran well."""
    taken_by: str = ""
    """Who took the current one over; empty if it was found so, or fell back."""
    tries: int = 0
    """How often the station has started with the current one before it was proven."""


class SiteVersions:
    """The versions of one site file, in a folder beside it.

    Args:
        site: the site file.
        also: what else is wrong with settings that are correct by themselves.
    """

    def __init__(
        self, site: Path, also: Callable[[Settings], list[str]] = lambda _settings: []
    ) -> None:
        self._site = site
        self._also = also
        self._folder = site.with_name(f"{site.name}.versions")

    def versions(self) -> list[Version]:
        """Return all versions, the newest first."""
        return list(self._read().versions)[::-1]

    def current(self) -> int | None:
        """Return the number of the version in use."""
        return self._read().current

    def taken_by(self) -> str:
        """Return who took over the version in use; empty if nobody did here."""
        return self._read().taken_by

    def is_proven(self) -> bool:
        """Whether the station has run well with the version in use."""
        index = self._read()
        return index.current == index.proven

    def text(self, number: int) -> str:
        """Return a version's text.

        Raises:
            VersionError: if there is none.
        """
        try:
            return self._file(number).read_text("utf-8")
        except FileNotFoundError as error:
            raise VersionError(f"There is no version {number}: choose one of the list.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise VersionError(f"{self._file(number)} cannot be read: {error}.") from error

    def changes(self, number: int) -> list[str]:
        """Return the lines in which the version in use differs from another: `-` it, `+` that one.

        Raises:
            VersionError: if there is no such version.
        """
        current = self._read().current
        before = self.text(current).splitlines() if current is not None else []
        told = difflib.unified_diff(before, self.text(number).splitlines(), lineterm="", n=0)
        return [line for line in told if not line.startswith(("---", "+++", "@@"))]

    def note_file(self, now: datetime) -> None:
        """Keep what somebody wrote into the site file by hand, as the version in use.

        Raises:
            VersionError: if the folder cannot be written.
        """
        text, index = self._site_text(), self._read()
        known = {version.number: version.sha256 for version in index.versions}
        if index.current is not None and known.get(index.current) == _digest(text):
            return
        number = self._store(text, "", VersionWhy.FOUND, now)
        # Whoever writes by hand looks after it: only what is taken over here falls back by itself.
        self._write(current=number, proven=number, taken_by="", tries=0)

    def add(self, text: str, actor: str, why: VersionWhy, now: datetime) -> int:
        """Judge a text and keep it as a version that is not in use yet; return its number.

        Raises:
            ConfigError: naming each fault, if it is no good site file.
            VersionError: if the folder cannot be written.
        """
        self.note_file(now)
        self._judge(text)
        return self._store(text, actor, why, now)

    def take(self, number: int, actor: str, now: datetime) -> None:
        """Judge a version again and make it the site file; a start of the station uses it.

        Raises:
            ConfigError: naming each fault, if it does not fit this program any more.
            VersionError: if there is none, or the site file cannot be written.
        """
        self.note_file(now)
        text = self.text(number)
        self._judge(text)
        _replace(self._site, text)
        self._write(current=number, taken_by=actor, tries=0)

    def begin(self, now: datetime) -> int | None:
        """Note that the station starts; fall back if its last start did not come far.

        Returns:
            The version that was given up, or None.

        Raises:
            VersionError: if the folder cannot be written.
        """
        self.note_file(now)
        index = self._read()
        if index.current == index.proven:
            return None
        if index.tries == 0:
            self._write(tries=1)
            return None
        return self.fall_back()

    def fall_back(self) -> int | None:
        """Bring the last proven version back; return the one that was given up, or None."""
        index = self._read()
        if index.proven is None or index.current == index.proven:
            return None
        _replace(self._site, self.text(index.proven))
        self._write(current=index.proven, taken_by="", tries=0)
        return index.current

    def prove(self) -> None:
        """Note that the station runs well with the version in use."""
        current = self._read().current
        if current is not None:
            self._write(proven=current, tries=0)

    def _judge(self, text: str) -> None:
        # Beside the site file, so that what it names is looked for where it will be.
        try:
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", suffix=".toml", dir=self._folder
            ) as file:
                file.write(text)
                file.flush()
                faults = self._also(load_settings(Path(file.name)))
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        except ConfigError as error:
            told = [fault.replace(file.name, self._site.name) for fault in error.faults]
            raise ConfigError(told) from error
        if faults:
            raise ConfigError([f"{self._site.name}: {fault}" for fault in faults])

    def _site_text(self) -> str:
        try:
            return read_text(self._site)
        except (OSError, UnicodeDecodeError) as error:
            raise VersionError(f"{self._site} cannot be read: {error}.") from error

    def _store(self, text: str, actor: str, why: VersionWhy, now: datetime) -> int:
        index = self._read()
        number = max((version.number for version in index.versions), default=0) + 1
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        version = Version(number, at, actor, why.value, _digest(text))
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        _replace(self._file(number), text)
        needed = {index.current, index.proven}
        kept = [*index.versions, version]
        spare = [old for old in kept[:-_MOST_KEPT] if old.number not in needed]
        self._write(versions=tuple(one for one in kept if one not in spare))
        for old in spare:
            self._file(old.number).unlink(missing_ok=True)
        return number

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:04d}.toml"

    def _read(self) -> _Index:
        try:
            raw = json.loads((self._folder / "index.json").read_text("utf-8"))
            versions = tuple(Version(**one) for one in raw.pop("versions"))
            return _Index(versions=versions, **raw)
        except FileNotFoundError:
            return _Index()
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise VersionError(
                f"{self._folder} cannot be read ({error}): move that folder away, and versions "
                "are kept anew."
            ) from error

    def _write(self, **changed: object) -> None:
        raw = asdict(self._read()) | changed
        raw["versions"] = [
            asdict(one) if isinstance(one, Version) else one for one in raw["versions"]
        ]
        _replace(self._folder / "index.json", json.dumps(raw, indent=1))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _unwritable(path: Path, error: OSError) -> VersionError:
    return VersionError(
        f"{path} cannot be written ({error.strerror}): give the station's user that folder."
    )


def _replace(path: Path, text: str) -> None:
    """Write a file so that at any moment the old or the new one is there, whole."""
    try:
        # A site file that is a link stays one.
        path = path.resolve()
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        fd, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fchmod(fd, mode)
                os.fsync(fd)
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error
