"""`fever-station backup`: a sealed copy of the ledger and the site file, while the station runs."""

import argparse
import json
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from rich.console import Console

from config.loader import load_settings
from station.core.errors import KnownError
from station.ledger.copies import copy_ledger
from station.service import vault

LENGTH_BYTES = 8
"""What is sealed: so many bytes tell the length of a JSON text; it and the ledger follow."""
_BLOCK = 1 << 20


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
        help="instead: make backup.pub for the station and backup.key for a safe elsewhere",
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
    key = vault.load_public(args.key)
    now = datetime.now(UTC)
    out = args.out or Path(f"{settings.station.station_id}-{now:%Y%m%d-%H%M%S}.backup")
    ledger = settings.station.ledger_path
    # Beside the ledger: its disk has room for it, and the copy never lies anywhere in the open.
    with TemporaryDirectory(prefix=".backup-", dir=ledger.parent) as folder, ExitStack() as files:
        copy = Path(folder) / "ledger.sqlite"
        facts = copy_ledger(ledger, copy)
        told = {
            "made_at": now.isoformat(timespec="seconds"),
            "station_id": settings.station.station_id,
            "program": version("fever-station"),
            "schema": facts.schema,
            "epoch": str(facts.epoch),
            "rows": facts.rows,
            "site_file": args.config.read_text("utf-8"),
        }
        words = json.dumps(told).encode()
        plain = files.enter_context(TemporaryFile(dir=folder))
        plain.write(len(words).to_bytes(LENGTH_BYTES, "big") + words)
        with open(copy, "rb") as stream:
            while block := stream.read(_BLOCK):
                plain.write(block)
        plain.seek(0)
        sealed = files.enter_context(vault.open_private_file(out))
        vault.seal(plain, sealed, key)
    console.print(f"{out}: schema {facts.schema}, {sum(facts.rows.values())} rows", markup=False)
    return 0


def _make_keys(folder: Path, console: Console) -> int:
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
