"""`fever-station ledger`: search, count and export passages beside a running station; salvage."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from station.commands import ledger_salvage
from station.commands.ledger_tables import found_table, print_statistics
from station.core.errors import KnownError
from station.core.extraction import RejectReason
from station.core.questions import TableFormat
from station.core.screening import Outcome
from station.core.search import PassageFilter
from station.ledger.exporting import export_passages
from station.ledger.reader import LedgerReader

_Value = TypeVar("_Value")
_LEDGER_HELP = "the ledger's file; a station may write it meanwhile"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "ledger", help="search, count and export a ledger's passages; add to it what was damaged"
    )
    actions = parser.add_subparsers(dest="ledger_action", required=True, metavar="ACTION")
    search = actions.add_parser("search", help="show passages, newest first")
    _add_common(search)
    _add_filter(search)
    search.add_argument(
        "--rows", type=_number, default=50, help="how many at most (default: %(default)s)"
    )
    count = actions.add_parser("statistics", help="show what was counted over a stretch of time")
    _add_common(count)
    _add_times(count)
    count.add_argument("--camera", help="one camera's name (default: all)")
    export = actions.add_parser("export", help="write passages into a table, without identity")
    _add_common(export)
    _add_filter(export)
    export.add_argument(
        "--out", type=Path, required=True, metavar="OUT.csv|OUT.xlsx", help="its name says as what"
    )
    ledger_salvage.add_parser(actions)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for.

    Raises:
        KnownError: if the ledger or the file cannot be used, or a range ends before it begins.
    """
    if args.ledger_action == "salvage":
        return ledger_salvage.run(args)
    if not args.ledger.exists():
        raise KnownError(f"{args.ledger}: there is no such file: check the name.")
    with LedgerReader(args.ledger, is_drill=args.drill) as reader:
        if args.ledger_action == "statistics":
            until = args.until or datetime.now(UTC)
            found = reader.statistics(args.since, until, args.camera, args.zone)
            print_statistics(Console(), found, args.zone)
            return 0
        wanted = _wanted(args)
        if args.ledger_action == "search":
            rows, after = reader.page(wanted, args.rows)
            Console().print(found_table(rows, args.zone))
            if after is not None:
                about = reader.count_about(wanted)
                Console().print(f"{len(rows)} of about {about}: ask for more with --rows")
            return 0
        return _export(reader, wanted, args.out, args.zone)


def _export(reader: LedgerReader, wanted: PassageFilter, out: Path, zone: tzinfo) -> int:
    try:
        form = TableFormat(out.suffix.removeprefix(".").lower())
    except ValueError:
        raise KnownError(f"{out}: name a file that ends in .csv or .xlsx.") from None
    columns = TextColumn(out.name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns) as progress:
        task = progress.add_task("", total=reader.count_about(wanted))

        def show(rows: int) -> None:
            progress.update(task, completed=rows)

        done = export_passages(reader, wanted, form, out, zone=zone, on_rows=show)
        progress.update(task, completed=done, total=done)
    return 0


def _wanted(args: argparse.Namespace) -> PassageFilter:
    try:
        return PassageFilter(
            since=args.since,
            until=args.until,
            camera_id=args.camera,
            lane=args.lane,
            outcome=args.outcome,
            reason=args.reason,
            case_number=args.case,
            lowest_c=args.lowest_c,
            below_c=args.below_c,
        )
    except ValueError as error:
        raise KnownError(f"{error}: turn it round.") from error


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ledger", type=Path, required=True, metavar="FILE", help=_LEDGER_HELP)
    parser.add_argument("--drill", action="store_true", help="exercises, and nothing else")
    parser.add_argument(
        "--zone",
        type=_zone,
        default=datetime.now(UTC).astimezone().tzinfo,
        help="whose days and hours, Asia/Shanghai (default: this machine's)",
    )


def _add_times(parser: argparse.ArgumentParser) -> None:
    example = "2026-11-24 or 2026-11-24T12:00:00+08:00; without an offset in this machine's zone"
    parser.add_argument("--since", type=_moment, metavar="TIME", help=f"then or later: {example}")
    parser.add_argument("--until", type=_moment, metavar="TIME", help="before then")


def _add_filter(parser: argparse.ArgumentParser) -> None:
    _add_times(parser)
    parser.add_argument("--camera", help="one camera's name")
    parser.add_argument("--lane", help="one lane's name")
    outcomes = partial(_one_of, Outcome)
    parser.add_argument("--outcome", type=outcomes, help=", ".join(Outcome))
    reasons = partial(_one_of, RejectReason)
    parser.add_argument("--reason", type=reasons, help="why not measured, for example glasses")
    parser.add_argument("--case", type=_number, metavar="NUMBER", help="the passage of a case")
    parser.add_argument("--lowest-c", type=float, metavar="C", help="skin temperature from here on")
    parser.add_argument("--below-c", type=float, metavar="C", help="skin temperature below this")


def _one_of(kind: Callable[[str], _Value], text: str) -> _Value:
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(value) for value in kind)  # type: ignore[attr-defined]
        raise argparse.ArgumentTypeError(f"'{text}' is none of {known}") from None


def _number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")
    return int(text)


def _zone(text: str) -> ZoneInfo:
    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"'{text}' is no time zone: give one like Asia/Shanghai")
    return ZoneInfo(text)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no time: give one like 2026-11-24 or 2026-11-24T12:00:00+08:00"
        ) from error
