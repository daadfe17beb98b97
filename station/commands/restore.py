"""`fever-station restore`: put a backup's ledger in place; the station must be stopped."""

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from rich.console import Console

from config.loader import load_settings
from station.commands.asking import machine_user
from station.core.copying import Copied, CopyDeed, copy_entry
from station.core.errors import KnownError
from station.ledger.copies import check_copy, put_in_place
from station.reporting.keyfiles import load_private
from station.service import vault
from station.service.backup import LENGTH_BYTES

_BLOCK = 1 << 20


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("restore", help="put a backup's ledger in place, or only check it")
    parser.add_argument("backup", type=Path)
    parser.add_argument("--key", type=Path, required=True, metavar="backup.key")
    parser.add_argument("--config", type=Path, metavar="SITE.toml", help="whose ledger_path")
    parser.add_argument("--site-out", type=Path, metavar="FILE", help="write its site file here")
    parser.add_argument("--check", action="store_true", help="only check it; nothing is changed")


def run(args: argparse.Namespace) -> int:
    """Open and check the backup, then put it in place; the old ledger is kept.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the backup cannot be opened or is not sound, a newer program wrote it, or the
            station runs.
    """
    if not (args.config or args.check):
        raise KnownError("Name --config SITE.toml, or --check to change nothing.")
    key = load_private(args.key, X25519PrivateKey)  # type: ignore[type-abstract]
    console = Console(highlight=False, soft_wrap=True)
    path = load_settings(args.config).station.ledger_path.absolute() if args.config else None
    # In the ledger's folder, so that the copy takes its place in one step.
    beside = path.parent if path else None
    with TemporaryDirectory(prefix=".restore-", dir=beside) as folder:
        copy = Path(folder) / "ledger.sqlite"
        told = _open(args.backup, key, copy)
        facts = check_copy(copy)
        if facts.rows != told["rows"]:
            raise KnownError("The backup does not hold the rows that it tells: take another one.")
        console.print(
            f"{told['station_id']}, {told['made_at']}: schema {facts.schema}, "
            f"{sum(facts.rows.values())} rows, sound",
            markup=False,
        )
        if args.site_out:
            with vault.open_private_file(args.site_out) as file:
                file.write(str(told["site_file"]).encode())
        if args.check or path is None:
            return 0
        now = datetime.now(UTC)
        made_at = str(told["made_at"])
        entry = copy_entry(now, machine_user(), Copied.BACKUP, CopyDeed.RESTORED, made_at=made_at)
        kept = put_in_place(copy, path, now, entry)
    console.print(f"{path} is the backup's ledger, in a new epoch.", markup=False)
    if kept:
        console.print(f"The ledger before is kept as {kept}.", markup=False)
        more = f"fever-station ledger salvage --ledger {path} {kept}"
        console.print(f"What it has and the backup has not comes back with: {more}", markup=False)
    return 0


def _open(backup: Path, key: X25519PrivateKey, copy: Path) -> dict[str, Any]:
    """Open a backup, write its ledger, and return what it tells of itself."""
    plain_path = copy.with_name("plain")
    try:
        with open(backup, "rb") as sealed, vault.open_private_file(plain_path) as plain:
            vault.unseal(sealed, plain, key)
            plain.seek(0)
            told = _read_told(plain)
            with vault.open_private_file(copy) as ledger:
                while block := plain.read(_BLOCK):
                    ledger.write(block)
        os.unlink(plain_path)
    except OSError as error:
        raise KnownError(f"{backup} cannot be read ({error.strerror}).") from error
    return told


def _read_told(plain: BinaryIO) -> dict[str, Any]:
    length = int.from_bytes(plain.read(LENGTH_BYTES), "big")
    told: dict[str, Any] = json.loads(plain.read(length))
    return told
