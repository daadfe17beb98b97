"""`fever-station backup`: a sealed copy of the ledger and the site file, while the station runs."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from config.loader import load_settings
from station.core.errors import KnownError
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
    station_id = settings.station.station_id
    out = args.out or Path(f"{station_id}-{now:%Y%m%d-%H%M%S}.backup")
    job = BackupJob(station_id, settings.station.ledger_path, args.config, args.key, out)
    facts = write_backup(job, now)
    console.print(f"{out}: schema {facts.schema}, {sum(facts.rows.values())} rows", markup=False)
    return 0


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
