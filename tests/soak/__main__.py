"""`python -m tests.soak --minutes 30 --seed 1`: every reading accounted for, whatever happens.

Exit code 0 if the law was kept, 1 with each breach named, 2 if the hub cannot be started.
"""

import argparse
import logging
import sys

from rich.console import Console
from rich.table import Table

from station.core.errors import KnownError
from tests.soak.run import HUB, soak


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hub", default=HUB, metavar="FILE", help="a hub file or a shipped one")
    args = parser.parse_args()
    # A fault on purpose is no news: crashes are told at the end.
    logging.basicConfig(level=logging.ERROR)
    console = Console(highlight=False, width=150)
    try:
        outcome = soak(args.minutes * 60, args.seed, args.hub)
    except KnownError as error:
        console.print(f"tests.soak: {error}", markup=False)
        return 2
    show(outcome, console)
    return 1 if outcome.failures else 0


def show(outcome, console) -> None:
    table = Table("device", "model", "triggers (clean)", "received", "recorded", "dropped")
    for name in ("rejected", "faults", "opened", "slowest heal"):
        table.add_column(name)
    for row in outcome.rows:
        table.add_row(
            row.name,
            row.model,
            f"{row.triggers} ({row.clean})" if row.triggers else "-",
            str(row.received),
            str(row.recorded),
            str(row.dropped),
            ", ".join(f"{count} {why}" for why, count in sorted(row.rejected.items())) or "-",
            str(row.faults.total()),
            str(row.opened),
            f"{max(row.heals_s):.1f} s of {len(row.heals_s)}" if row.heals_s else "-",
        )
    console.print(table)
    console.print("threads {} -> {}, open files {} -> {}".format(*outcome.threads, *outcome.files))
    for failure in outcome.failures:
        console.print(f"FAILED {failure}", markup=False)
    if not outcome.failures:
        console.print("every reading is accounted for")


if __name__ == "__main__":
    sys.exit(main())
