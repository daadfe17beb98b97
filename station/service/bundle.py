"""The support bundle: what whoever helps from afar needs, and nothing about anybody."""

import json
import platform
import sqlite3
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from config.reading import read_text
from config.settings import Settings
from station.core.errors import KnownError
from station.core.scrubbing import HIDDEN, is_secret_name, scrub
from station.service.logfile import kiosk_log, log_files, station_log

# Staff as tables call them.
_PEOPLE_COLUMNS = ("actor", "name", "person", "given_by", "approved_by")


def versions() -> dict[str, Any]:
    """Return what runs here: the system, Python, and every package with its version."""
    packages = {dist.name: dist.version for dist in distributions() if dist.name}
    return {
        "system": platform.platform(),
        "python": sys.version,
        "sqlite": sqlite3.sqlite_version,
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].lower())),
    }


def redacted(settings: Settings) -> dict[str, Any]:
    """Return all settings, with whatever opens a door taken out."""
    return {name: _redacted(name, value) for name, value in asdict(settings).items()}


def secrets_of(settings: Settings) -> Iterator[str]:
    """Yield every secret that the settings hold or point to: it may stand in a log."""
    for options in _options(settings):
        for name, value in options.items():
            if not is_secret_name(name):
                continue
            if name.endswith("_file"):
                try:
                    yield read_text(Path(str(value))).strip()
                except (OSError, UnicodeDecodeError):
                    continue
            else:
                yield str(value)


def ledger_facts(path: Path) -> dict[str, Any]:
    """Return the ledger's size and how many rows its tables hold; no row of any."""
    if not path.exists():
        return {"is_there": False}
    try:
        with closing(_read_only(path)) as connection:
            tables = _tables(connection)
            (schema,) = connection.execute("SELECT schema_version FROM meta").fetchone()
            rows = {name: _count(connection, name) for name in tables}
            states = connection.execute("SELECT state, count(*) FROM outbox GROUP BY state")
            waiting = dict(states.fetchall())
    except sqlite3.Error as error:
        return {"is_there": True, "error": str(error)}
    size = path.stat().st_size
    return {"is_there": True, "bytes": size, "schema": schema, "rows": rows, "outbox": waiting}


def people_of(path: Path) -> set[str]:
    """Return the names of staff that the ledger knows, so that no log tells them."""
    if not path.exists():
        return set()
    found: set[str] = set()
    try:
        with closing(_read_only(path)) as connection:
            for table in _tables(connection):
                columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
                for column in columns.intersection(_PEOPLE_COLUMNS):
                    query = f'SELECT DISTINCT "{column}" FROM "{table}"'  # noqa: S608 - own names
                    found |= {str(value) for (value,) in connection.execute(query) if value}
    except sqlite3.Error:
        return found
    return found


def write_bundle(
    path: Path, settings: Settings, states: Mapping[str, Any], *, own_words: Iterable[str] = ()
) -> list[str]:
    """Write the bundle and return the names of what is in it.

    Args:
        path: a new zip file.
        settings: the station's settings.
        states: what a running station tells of its devices.
        own_words: names that stay although somebody may be called so: `kiosk`, `station`.

    Raises:
        KnownError: if it cannot be written.
    """
    ledger = settings.station.ledger_path
    hidden = {*secrets_of(settings), *people_of(ledger)} - set(own_words)
    parts = {
        "versions.json": versions(),
        "settings.json": redacted(settings),
        "states.json": states,
        "ledger.json": ledger_facts(ledger),
    }
    texts = {
        name: scrub(json.dumps(part, indent=2, default=str, ensure_ascii=False), hidden)
        for name, part in parts.items()
    }
    for log in (station_log(ledger), kiosk_log(settings.kiosk.socket_path)):
        for file in log_files(log):
            # One may be turned over just now.
            with suppress(OSError):
                texts[f"logs/{file.name}"] = scrub(file.read_text("utf-8", "replace"), hidden)
    try:
        file_there = path.open("xb")
    except OSError as error:
        raise KnownError(f"{path} cannot be written ({error.strerror or error}).") from error
    try:
        with file_there, zipfile.ZipFile(file_there, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in texts.items():
                bundle.writestr(name, text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise KnownError(f"{path} cannot be written ({error.strerror or error}).") from error
    return list(texts)


def _redacted(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(name, inner) for inner in value]
    # A file's name opens nothing; what is in it is never read here.
    if is_secret_name(name) and not name.endswith("_file"):
        return HIDDEN
    return str(value) if isinstance(value, Path) else value


def _options(settings: Settings) -> Iterator[Mapping[str, Any]]:
    sections: tuple[Any, ...] = (
        *settings.cameras,
        *settings.thermometers,
        *settings.sources,
        *settings.room_sensors,
        settings.swept_source,
    )
    for section in sections:
        yield section.options


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return sorted(name for (name,) in names if not name.startswith("sqlite_"))


def _count(connection: sqlite3.Connection, table: str) -> int:
    query = f'SELECT count(*) FROM "{table}"'  # noqa: S608 - names of the file's own tables
    count: int = connection.execute(query).fetchone()[0]
    return count
