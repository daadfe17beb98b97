"""A sealed copy of the ledger and the site file, made while the station runs."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from config.reading import read_text
from station.core.errors import KnownError
from station.ledger.copies import CopyFacts, copy_ledger
from station.service import vault

LENGTH_BYTES = 8
"""What is sealed: so many bytes tell the length of a JSON text; it and the ledger follow."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupJob:
    """What is backed up, and where to."""

    station_id: str
    """The station's name."""
    ledger: Path
    """Its ledger."""
    site_file: Path
    """Its site file."""
    key: Path
    """The key that seals: backup.pub."""
    out: Path
    """A new file."""


def write_backup(
    job: BackupJob, now: datetime, on_pages: Callable[[int, int], None] = lambda done, total: None
) -> CopyFacts:
    """Write a backup and return what its ledger says about itself.

    Args:
        job: what and where to.
        now: aware, UTC.
        on_pages: told how many pages of the ledger are copied, of how many.

    Raises:
        KnownError: if the ledger or a file cannot be used, or the copy is not sound.
    """
    try:
        return _write(job, now, on_pages)
    except OSError as error:
        raise KnownError(
            f"The backup cannot be written ({error.strerror or error}): make room on the disks of "
            "the ledger and of the backup, then try again."
        ) from error


def _write(job: BackupJob, now: datetime, on_pages: Callable[[int, int], None]) -> CopyFacts:
    key = vault.load_public(job.key)
    # Beside the ledger: its disk has room for it, and the copy never lies anywhere in the open.
    with (
        TemporaryDirectory(prefix=".backup-", dir=job.ledger.parent) as folder,
        TemporaryFile(dir=job.ledger.parent) as plain,
    ):
        copy = Path(folder) / "ledger.sqlite"
        facts = copy_ledger(job.ledger, copy, on_pages)
        told = {
            "made_at": now.isoformat(timespec="seconds"),
            "station_id": job.station_id,
            "program": version("fever-station"),
            "schema": facts.schema,
            "epoch": str(facts.epoch),
            "rows": facts.rows,
            "site_file": _site_text(job.site_file),
        }
        words = json.dumps(told).encode()
        plain.write(len(words).to_bytes(LENGTH_BYTES, "big") + words)
        with open(copy, "rb") as stream:
            while block := stream.read(_BLOCK):
                plain.write(block)
        plain.seek(0)
        # One that was cut off opens no more than none, and takes the room that is missing.
        with vault.open_private_file(job.out) as sealed, _removed_if_broken(job.out):
            vault.seal(plain, sealed, key)
            sealed.flush()
            os.fsync(sealed.fileno())
    return facts


@contextmanager
def _removed_if_broken(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _site_text(path: Path) -> str:
    try:
        return read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(f"The site file {path} cannot be read ({error}): check it.") from error
