"""`fever-station ledger salvage`: add what a file that was set aside still holds to the ledger."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from station.commands.asking import machine_user
from station.ledger.adding import Added, add_from

_WORDS = {
    "outbox": "messages to the CDC",
    "case_": "cases",
    "passage": "passages",
    "reading": "readings",
    "case_step": "steps of cases",
    "device_check": "daily checks",
    "account": "accounts",
    "collection_order": "collection orders",
    "audit": "rows of the audit trail",
}


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser(
        "salvage",
        help="add what a damaged ledger that was set aside still holds; stop the station first",
    )
    parser.add_argument("--ledger", type=Path, required=True, metavar="FILE", help="the one in use")
    parser.add_argument(
        "kept", type=Path, metavar="DAMAGED", help="for example station.sqlite.damaged-…"
    )


def run(args: argparse.Namespace) -> int:
    """Add it and tell what was added.

    Raises:
        KnownError: if a file is not what it should be, a station runs, or the disk is full.
    """
    console = Console(highlight=False, soft_wrap=True)
    now, person = datetime.now(UTC), machine_user()
    with Progress(TextColumn(args.kept.name), BarColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task("", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        added = add_from(args.kept, args.ledger.absolute(), person, now, show)
    for line in _told(added, args.kept, args.ledger):
        console.print(line, markup=False)
    return 0


def _told(added: Added, kept: Path, path: Path) -> list[str]:
    joined = added.joined
    if not joined.is_anything:
        lines = [f"Nothing to add: {path} has all that can be read in {kept}."]
    else:
        lines = [f"Added to {path}: {_counts(joined.added) or 'no row'}."]
    if joined.further:
        lines.append(f"{joined.further} cases had gone on there, and are as they were there.")
    if joined.waiting:
        lines.append(f"{joined.waiting} of the messages had not left: they leave from now on.")
    lines += [
        f"Case {old} is case {new} now: its number was given again. The CDC knows it as {old}."
        for old, new in joined.numbers.items()
    ]
    if joined.left:
        lines.append(
            "Not added, because the ledger has something else in their place or they do not fit "
            f"together: {_counts(joined.left)}."
        )
    if joined.unsendable:
        lines.append(
            f"{joined.unsendable} of these messages never left, and their numbers were given again:"
            " tell the CDC by telephone."
        )
    if added.told.gone:
        lines.append(f"Cannot be read any more: {_counts(added.told.gone)}.")
    return [*lines, f"{kept} is unchanged. Start the station."]


def _counts(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{rows[name]} {words}" for name, words in _WORDS.items() if rows.get(name))
