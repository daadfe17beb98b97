"""`fever-station audit`: read the audit trail, and find out whether somebody changed it."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.loader import load_settings
from station.core.audit import AuditHead
from station.core.errors import KnownError
from station.ledger.database import known_errors, open_engine
from station.ledger.trail import head_of
from station.ledger.trail_proof import verify
from station.ledger.trail_rows import read_page

_DIGEST_DIGITS = 64


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("audit", help="read and verify the audit trail")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("verify", help="recompute the chain and name the first bad row")
    check.add_argument(
        "--head",
        type=_head,
        action="append",
        default=[],
        metavar="NUMBER:DIGEST",
        help="a head that was noted elsewhere (may be repeated)",
    )
    show = actions.add_parser("show", help="show the newest rows")
    show.add_argument("--last", type=int, default=20, help="so many (default: %(default)s)")
    for action in (check, show):
        action.add_argument("--config", type=Path, required=True, metavar="SITE.toml")


def run(args: argparse.Namespace) -> int:
    """Verify or show the trail.

    Returns:
        0, or 1 if the trail is not whole.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if there is no ledger, or it cannot be read.
    """
    path = load_settings(args.config).station.ledger_path
    if not path.is_file():
        raise KnownError(f"There is no ledger {path}: start the station once, or name another.")
    console = Console(highlight=False)
    if args.action == "show":
        _show(path, args.last, console)
        return 0
    finding = verify(path, args.head)
    if finding is not None:
        console.print(f"NOT WHOLE: {finding.text}", markup=False)
        return 1
    head = _head_in(path)
    if head is not None:
        console.print(
            f"Whole: {head.number} rows. Head {head.number}:{head.digest}", soft_wrap=True
        )
    return 0


def _show(path: Path, count: int, console: Console) -> None:
    engine = open_engine(path, read_only=True)
    table = Table("No.", "When (UTC)", "Who", "What", "About", "Details")
    with known_errors(path), engine.connect() as connection:
        for row in reversed(read_page(connection, None, count)):
            entry = row.entry
            table.add_row(
                str(row.number),
                f"{entry.at:%Y-%m-%d %H:%M:%S}",
                entry.actor,
                entry.kind.value,
                entry.subject,
                entry.details,
            )
    engine.dispose()
    console.print(table)


def _head_in(path: Path) -> AuditHead | None:
    engine = open_engine(path, read_only=True)
    with known_errors(path), engine.connect() as connection:
        head = head_of(connection)
    engine.dispose()
    return head


def _head(text: str) -> AuditHead:
    number, _, digest = text.partition(":")
    is_digest = len(digest) == _DIGEST_DIGITS and all(c in "0123456789abcdef" for c in digest)
    if not number.isdigit() or not is_digest:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no head: copy the NUMBER:DIGEST that `audit verify` told"
        )
    return AuditHead(int(number), digest)
