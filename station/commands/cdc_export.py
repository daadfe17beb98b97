"""`fever-station cdc export`: stored alerts for other systems, as FHIR R4 or as a table."""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

from station.cdc.database import parse_where
from station.cdc.fhir import bundle
from station.cdc.store import InboxStore, Stored
from station.cdc.table import write_table
from station.core.errors import KnownError


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser(
        "export", help="write stored alerts as a FHIR R4 bundle or as a CSV table"
    )
    parser.add_argument("--db", required=True, help="the inbox, as for `cdc serve`")
    parser.add_argument("--fhir", type=Path, metavar="OUT.json", help="a FHIR R4 bundle")
    parser.add_argument("--csv", type=Path, metavar="OUT.csv", help="one row for each alert")
    parser.add_argument(
        "--since",
        type=_moment,
        help="only what came then or later: 2026-11-24 or 2026-11-24T12:00:00+08:00; without an "
        "offset in this machine's time zone",
    )
    parser.add_argument(
        "--until", type=_moment, help="only what came before then, written in the same way"
    )
    parser.add_argument("--case", type=UUID, metavar="ID", help="only this case, by its whole id")


def run(args: argparse.Namespace) -> int:
    """Write what was asked for; a file that was there before is replaced as a whole.

    Raises:
        KnownError: if nothing was asked for, or the inbox or a file cannot be used.
    """
    if args.fhir is None and args.csv is None:
        raise KnownError("nothing to write: name --fhir OUT.json, --csv OUT.csv, or both")

    def is_wanted(one: Stored) -> bool:
        is_early = args.until is None or one.received_at < args.until
        return is_early and args.case in (None, one.alert.data.case.case_id)

    with closing(InboxStore(parse_where(args.db), read_only=True)) as store:

        def found() -> Iterator[Stored]:
            return (one for one in store.received_since(args.since) if is_wanted(one))

        if args.csv is not None:
            # With the mark that tells spreadsheets that it is UTF-8.
            _write(args.csv, "utf-8-sig", lambda file: write_table(found(), file))
        if args.fhir is not None:
            _write(args.fhir, "utf-8", lambda file: file.write(bundle(found())))
    return 0


def _write(path: Path, encoding: str, write: Callable[[TextIO], object]) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding=encoding, newline="") as file:
            write(file)
        os.replace(part, path)
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror}): name another file."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no time: give one like 2026-11-24 or 2026-11-24T12:00:00+08:00"
        ) from error
