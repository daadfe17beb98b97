"""`fever-station report`: have a running station send one day's figures to the CDC now."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from config.loader import load_settings
from station.commands.asking import ask
from station.core.commands import SendReport
from station.core.daily import DailyFigures
from station.core.link_events import ReportMade


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "report", help="have a running station send one day's figures to the CDC now"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--day", type=_day, help="local day, 2026-11-24 (default: today)")


def run(args: argparse.Namespace) -> int:
    """Ask for the report and show what it says.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if no station answers, or the day has not begun.
    """
    zone = ZoneInfo(load_settings(args.config).station.time_zone)
    day = args.day or datetime.now(UTC).astimezone(zone).date()
    command = SendReport(uuid4(), day)
    made = ask(
        args.config,
        command,
        lambda event: isinstance(event, ReportMade) and event.command_id == command.command_id,
    )
    assert isinstance(made, ReportMade)  # noqa: S101 - that is what was waited for
    Console().print(_table(made.figures, zone))
    return 0


def _table(figures: DailyFigures, zone: ZoneInfo) -> Table:
    day, counts = figures.day, figures.counts
    until = "whole day" if day.is_complete else f"until {day.until.astimezone(zone):%H:%M}"
    table = Table("What", "How many", title=f"{day.day}, {until}: waits on disk for the CDC")
    table.add_row("screened", str(counts.screened))
    for outcome, number in counts.outcomes.items():
        table.add_row(f"  {outcome.value.replace('_', ' ')}", str(number))
    for reason, number in counts.reasons.items():
        table.add_row(f"    {reason.replace('_', ' ')}", str(number))
    table.add_row("cases opened", str(sum(counts.cases.values())))
    for state, number in counts.cases.items():
        table.add_row(f"  {state.value}", str(number))
    return table


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: give one like 2026-11-24") from error
