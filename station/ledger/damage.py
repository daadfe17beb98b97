"""A note beside a ledger that SQLite could not use: whoever opens it for writing sets it aside."""

import json
import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from station.core.errors import KnownError

_SIDES = ("-wal", "-shm", "")
# Chosen: a disk that spoils every new file would fill up with them.
_MOST_IN_AN_HOUR = 20
_STAMP = "%Y%m%d-%H%M%S"
_STAMPED = re.compile(r"\.damaged-(\d{8}-\d{6})(-\d+)?$")


def note_damage(path: Path, why: str) -> None:
    """Note that the ledger is damaged, once; a disk that refuses the note is no reason to stop.

    Args:
        path: the ledger.
        why: SQLite's words.
    """
    told = json.dumps({"at": datetime.now(UTC).isoformat(), "why": why}).encode()
    with suppress(OSError):
        descriptor = os.open(damage_path(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, told)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def damage_path(path: Path) -> Path:
    """Return where the note lies."""
    return Path(f"{path}.damaged")


def is_noted(path: Path) -> bool:
    """Whether the ledger is noted as damaged, or was being set aside when its process ended."""
    return damage_path(path).exists()


def was_begun(path: Path) -> bool:
    """Whether somebody has begun to set it aside."""
    return _begun(path) is not None


def forget_damage(path: Path) -> None:
    """Take the note away: another ledger has the damaged one's place."""
    damage_path(path).unlink(missing_ok=True)
    flush(path.parent)


def set_aside(path: Path, at: datetime) -> Path:
    """Give the damaged ledger and its log another name; go on with it if that was begun before.

    Whoever dies in between leaves a note that says where the file went, so that the next start
    goes on there.

    Args:
        path: the ledger; its lock is held.
        at: now, for the new name.

    Returns:
        The new name.

    Raises:
        KnownError: if the disk does not let it be renamed, or ledgers are damaged again and again.
    """
    begun = _begun(path)
    if begun is None:
        _refuse_endless(path, at)
        begun = _free_name(path, at)
    try:
        _remember(path, begun)
        for side in _SIDES:
            old, kept = Path(f"{path}{side}"), Path(f"{begun}{side}")
            # What lies there after the file itself went is the new ledger's.
            if old.exists() and not kept.exists() and not (side and begun.exists()):
                old.rename(kept)
                kept.chmod(0o600)
        flush(path.parent)
    except OSError as error:
        raise KnownError(
            f"The damaged ledger {path} cannot be set aside ({error.strerror}): replace the disk."
        ) from error
    return begun


def is_sound(path: Path) -> bool:
    """Whether SQLite can read all of the file; a note may be of one that is gone already."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    return False


def kept_files(path: Path) -> list[Path]:
    """Return the damaged ledgers that lie beside the ledger, the oldest first."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    return sorted(one for one in found if _STAMPED.search(one.name))


def flush(path: Path) -> None:
    """Make a file, or the names in a folder, durable.

    Raises:
        OSError: if the disk does not take it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _begun(path: Path) -> Path | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return path.with_name(json.loads(damage_path(path).read_bytes())["kept_as"])
    return None


def _remember(path: Path, kept: Path) -> None:
    fresh = Path(f"{damage_path(path)}.new")
    fresh.write_text(json.dumps({"kept_as": kept.name}))
    fresh.chmod(0o600)
    flush(fresh)
    fresh.replace(damage_path(path))
    flush(path.parent)


def _free_name(path: Path, at: datetime) -> Path:
    """Return a name that nothing has, of file or log."""
    name, number = f"{path.name}.damaged-{at:{_STAMP}}", 1
    kept = path.with_name(name)
    while any(Path(f"{kept}{side}").exists() for side in _SIDES):
        number += 1
        kept = path.with_name(f"{name}-{number}")
    return kept


def _refuse_endless(path: Path, at: datetime) -> None:
    latest = 0
    for kept in kept_files(path):
        if stamped := _STAMPED.search(kept.name):
            then = datetime.strptime(stamped[1], _STAMP).replace(tzinfo=UTC)
            latest += abs(at - then) < timedelta(hours=1)
    if latest >= _MOST_IN_AN_HOUR:
        raise KnownError(
            f"The ledger {path} was damaged {latest} times within an hour: replace the disk."
        )
