"""`fever-station backup`: a sealed copy of the ledger and the site file, while the station runs."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from config.loader import load_settings
from station.commands.asking import ask, machine_user
from station.core.copying import Copied, CopyDeed, copy_entry
from station.core.errors import KnownError
from station.core.events import Event
from station.core.questions import WorkProgress
from station.core.service_commands import NoteBackup
from station.ledger.migrate import MIGRATIONS
from station.ledger.store import SqlLedger
from station.runtime.bridge_client import BridgeClosed
from station.service import vault
from station.service.backup import BackupJob, write_backup


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "backup", help="write a sealed copy of the ledger and the site file; the station may run"
    )
    parser.add_argument("--config", type=Path, metavar="SITE.toml")
    parser.add_argument("--key", type=Path, metavar="backup.pub", help="who can open it")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="default: STATION-TIME.backup in this folder"
    )
    parser.add_argument(
        "--new-key",
        type=Path,
        metavar="DIR",
        help="instead: make backup.pub for the station and backup.key for a safe elsewhere, in DIR",
    )


def run(args: argparse.Namespace) -> int:
    """Write the backup, or a new pair of keys.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the ledger or a file cannot be used, or the copy is not sound.
    """
    console = Console(highlight=False, soft_wrap=True)
    if args.new_key:
        return _make_keys(args.new_key, console)
    if not (args.config and args.key):
        raise KnownError("Name --config SITE.toml and --key backup.pub (first: --new-key DIR).")
    settings = load_settings(args.config)
    now = datetime.now(UTC)
    station = settings.station
    out = args.out or Path(f"{station.station_id}-{now:%Y%m%d-%H%M%S}.backup")
    job = BackupJob(station.station_id, station.ledger_path, args.config, args.key, out)
    facts = write_backup(job, now)
    rows = sum(facts.rows.values())
    console.print(f"{out}: schema {facts.schema}, {rows} rows", markup=False)
    try:
        _note(args.config, station.ledger_path, facts.schema, rows)
    except KnownError as error:
        console.print(f"The audit trail does not tell of this backup: {error}", markup=False)
    return 0


def _note(config: Path, path: Path, schema: int, rows: int) -> None:
    """Keep in the audit trail that a backup was made; it is good without that."""
    command = NoteBackup(uuid4(), rows)
    try:
        ask(config, command, lambda event: _is_noted(event, command))
    except BridgeClosed:
        if schema != len(MIGRATIONS):
            raise KnownError("the ledger is of an older program, and is left as it is.") from None
        entry = copy_entry(
            datetime.now(UTC), machine_user(), Copied.BACKUP, CopyDeed.MADE, rows=rows
        )
        with SqlLedger(path) as ledger, ledger.changing(entry):
            pass


def _is_noted(event: Event, command: NoteBackup) -> bool:
    return isinstance(event, WorkProgress) and event.command_id == command.command_id


def _make_keys(folder: Path, console: Console) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            f"The folder {folder} cannot be made ({error.strerror}): name another one."
        ) from error
    private, public = vault.make_key()
    with vault.open_private_file(folder / "backup.key") as file:
        file.write(private)
    with vault.open_private_file(folder / "backup.pub") as file:
        file.write(public)
    console.print(
        f"{folder / 'backup.key'} opens the backups: keep it in a safe, not on the station.\n"
        f"{folder / 'backup.pub'} belongs on the station.",
        markup=False,
    )
    return 0
