"""How `fever-station ledger` shows passages and figures on a terminal."""

from collections.abc import Sequence
from datetime import tzinfo

from rich.console import Console
from rich.table import Table

from station.core.search import CaseBrief, FoundPassage
from station.core.statistics import Share, Statistics

_BAR_WIDTH = 40


def found_table(rows: Sequence[FoundPassage], zone: tzinfo) -> Table:
    """Return passages as a table, newest first."""
    table = Table("ended", "lane", "camera", "answer", "skin °C (k=2)", "case", "second readings")
    for one in rows:
        passage, screening = one.passage, one.passage.screening
        measured = screening.measurement
        why = f" ({_words(screening.reasons[0])})" if screening.reasons else ""
        table.add_row(
            f"{passage.last_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            passage.lane,
            passage.camera_id,
            _words(screening.outcome) + why,
            f"{measured.skin_c:.1f} ±{2 * measured.u_c:.1f}" if measured else "",
            *_case_cells(one.case),
        )
    return table


def _case_cells(case: CaseBrief | None) -> tuple[str, str]:
    if case is None:
        return "", ""
    readings = (f"{reading.body_c:.1f} {reading.trust.value}" for reading in case.readings)
    return f"{case.number} {_words(case.verdict or case.state)}", ", ".join(readings)


def print_statistics(console: Console, found: Statistics, zone: tzinfo) -> None:
    """Print the figures, one table after the other."""
    since, until = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (found.since, found.until))
    console.print(f"{since} to {until}, {found.camera_id or 'all cameras'}")
    answers = Table("answer", "passages")
    for outcome, number in found.outcomes().items():
        answers.add_row(_words(outcome), str(number))
    for reason, number in found.reasons.items():
        answers.add_row(f"  {_words(reason)}", str(number))
    console.print(answers)
    checks = Table("second check", "cases")
    for verdict, number in found.verdicts().items():
        checks.add_row(_words(verdict), str(number))
    console.print(checks)
    alarms = Table("false alarms", "cleared of checked", "share (95 %)")
    for camera in sorted({one.camera_id for one in found.checks}):
        share = found.false_alarms(camera_id=camera)
        alarms.add_row(camera, f"{share.part} of {share.whole}", share_text(share))
    for hour in sorted({one.hour for one in found.checks}):
        share = found.false_alarms(hour=hour)
        if share.whole:
            alarms.add_row(f"{hour:02d}:00", f"{share.part} of {share.whole}", share_text(share))
    console.print(alarms)
    times = Table("from", "passages", "flagged")
    for time in found.times:
        if time.screened:
            at = time.since.astimezone(zone)
            times.add_row(f"{at:%Y-%m-%d %H:%M}", str(time.screened), str(time.flagged))
    console.print(times)
    skin = Table("skin °C", "passages", "")
    most = max((bar.number for bar in found.skin), default=1)
    for bar in found.skin:
        skin.add_row(
            f"{bar.lowest_c:.1f}", str(bar.number), "█" * (bar.number * _BAR_WIDTH // most)
        )
    console.print(skin)


def share_text(share: Share) -> str:
    """Return a share in percent with its 95 % interval."""
    if share.value is None or share.interval is None:
        return "nobody"
    low, high = share.interval
    return f"{share.value:.0%} ({low:.0%} to {high:.0%})"


def _words(stored: str) -> str:
    return stored.replace("_", " ")
