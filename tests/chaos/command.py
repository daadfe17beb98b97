"""The campaign's command line and its table."""

import argparse
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.chaos.faults import can_shift_clocks
from tests.chaos.plan import KINDS, make_plan
from tests.chaos.run import campaign
from tests.chaos.timing import IN_TIME_S

_SETTLE_S = 180.0
# What is lost does not come: nobody has it any more.
_NAIVE_SETTLE_S = 30.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, action="append", help="may be given several times")
    parser.add_argument("--alerts", type=int, default=10_000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this kind")
    parser.add_argument("--publisher", choices=["station", "naive"], default="station")
    parser.add_argument("--settle-s", type=float, help="how long everything may take to arrive")
    parser.add_argument("--folder", type=Path, help="keep what was written there, by seed")
    parser.add_argument("--json", action="store_true", help="one line for a program")
    args = parser.parse_args()
    # A fault on purpose is no news.
    logging.basicConfig(level=logging.CRITICAL)
    console = Console(highlight=False, width=150, markup=False)
    kinds = args.kind or [kind for kind in KINDS if can_shift_clocks() or "clock" not in kind]
    if not (args.kind or can_shift_clocks()):
        console.print("Clocks are left alone: Debian's faketime is not installed.", style="yellow")
    is_naive = args.publisher == "naive"
    are_as_hoped = []
    for seed in args.seed or [1]:
        outcome = campaign(
            make_plan(args.faults, seed, kinds),
            args.alerts,
            publisher=args.publisher,
            settle_s=args.settle_s or (_NAIVE_SETTLE_S if is_naive else _SETTLE_S),
            folder=_folder(args.folder, seed),
        )
        are_as_hoped.append(outcome.verdict.lost > 0 if is_naive else outcome.is_kept)
        if args.json:
            sys.stdout.write(f"{json.dumps(asdict(outcome))}\n")
        else:
            show(seed, outcome, console)
            console.print(_judgement(outcome, is_naive))
    return 0 if all(are_as_hoped) else 1


def show(seed, outcome, console) -> None:
    """Print one campaign's table."""
    verdict = outcome.verdict
    table = Table("seed", "faults", "flagged", "at door", "stored", "duplicates absorbed")
    for name in ("lost", "twice", "ghosts", "noticed", "ended by themselves", "seconds"):
        table.add_column(name)
    counts = (
        seed, sum(outcome.faults.values()), verdict.flagged, verdict.at_door, verdict.stored,
        outcome.duplicates, verdict.lost, verdict.twice, verdict.ghosts, verdict.noticed,
        outcome.deaths, f"{outcome.seconds:.0f}",
    )  # fmt: skip
    table.add_row(*map(str, counts))
    console.print(table)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.faults.items()))
    console.print(
        f"faults: {kinds}; {len(outcome.notes)} logs torn or ledgers damaged, "
        f"{outcome.bitten} times a station said that its disk is full"
    )
    console.print(_delays(outcome.delays))
    for line in (*verdict.examples, *outcome.alarms):
        console.print(line)


def _delays(told) -> str:
    return (
        f"durable to stored, {told.timed} alerts: p50 {told.p50_s:.2f} s, p99 {told.p99_s:.1f} s, "
        f"longest {told.most_s:.1f} s; without the time that faults held them up: "
        f"p50 {told.beyond_p50_s:.2f} s, p99 {told.beyond_p99_s:.1f} s, "
        f"longest {told.beyond_most_s:.1f} s, {told.late} longer than {IN_TIME_S:.0f} s"
    )


def _judgement(outcome, is_naive) -> str:
    verdict = outcome.verdict
    if is_naive:
        lost = f"the naive publisher lost {verdict.lost} of {verdict.flagged} in silence"
        return lost if verdict.lost else f"FAILED {lost}: this campaign cannot fail"
    if verdict.waiting:
        return f"FAILED {verdict.waiting} messages still wait"
    return "every alert is accounted for" if outcome.is_kept else "FAILED"


def _folder(base, seed):
    if base is None:
        return None
    folder = base / f"seed-{seed}"
    folder.mkdir(parents=True)
    return folder
