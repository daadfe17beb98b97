"""`fever-station evaluate twin`: the station against the physical twin, whose truth is known."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from config.loader import load_settings
from config.settings import Settings
from station.commands.results import result_file, write_result
from station.commands.twin_picture import Pictured, save
from station.commands.twin_stream import Twin
from station.core.errors import KnownError
from station.core.faces import FaceLocator
from station.core.room import Room, rest_time_s
from station.evaluation.twin_cold import ColdJudge
from station.evaluation.twin_runs import Row, Run
from station.evaluation.twin_screening import ScreeningJudge
from station.evaluation.twin_temperature import PatchJudge, SkinJudge
from station.evaluation.twin_tracking import TrackingJudge
from station.evaluation.twin_validity import ReasonJudge, SourceJudge
from station.runtime.lanes import build_crowd, build_locator

_OUTDOOR_C = (-15.0, -5.0, 3.0)
# No skin reaches it: the answers go on to the end, and every threshold can be judged afterwards.
_NO_THRESHOLD_C = 60.0


@dataclass(frozen=True, slots=True)
class _Counts:
    """How much of each scenario is looked at."""

    patch: int
    faces: int
    screening: int
    cold: int
    crossing_10: int
    crossing_30: int


_FULL = _Counts(patch=200, faces=160, screening=60, cold=20, crossing_10=12, crossing_30=6)
_QUICK = _Counts(patch=40, faces=32, screening=8, cold=4, crossing_10=3, crossing_30=1)


class _Judge(Protocol):
    def take(self, run: Run) -> None: ...
    def rows(self) -> list[Row]: ...


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = kinds.add_parser("twin", help="the physical twin: temperature, doubt, identities")
    parser.add_argument("--seed", type=_seed, default=1, help="of everything random (default 1)")
    parser.add_argument("--quick", action="store_true", help="a fifth of everything: a first look")
    parser.add_argument("--only", choices=sorted(_PARTS), help="one part of the figures")
    parser.add_argument("--config", type=Path, help="a site file (default: the shipped settings)")
    parser.add_argument(
        "--json", type=result_file, metavar="OUT", help="write the figures here as well"
    )
    parser.add_argument(
        "--picture", type=result_file, metavar="PNG", help="draw them, with two crowds"
    )


def run(args: argparse.Namespace) -> int:
    """Judge and print every figure beside its bar.

    Returns:
        0 if every bar was reached, else 1.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if the twin does not run, or a file cannot be written.
    """
    if args.picture is not None and args.only not in (None, *_DRAWN):
        raise KnownError(f"There is nothing to draw of {args.only}: judge {', '.join(_DRAWN)}.")
    settings, counts = load_settings(args.config), _QUICK if args.quick else _FULL
    work = _Work(settings, build_locator(settings.locator), args.seed, counts)
    console = Console(highlight=False)
    rows: list[Row] = []
    for name, part in _PARTS.items():
        if args.only in (None, name):
            with _spinner() as progress:
                progress.add_task(name)
                rows += part(work)
    console.print(_table(rows))
    missed = [row.key for row in rows if row.is_met is False]
    with_bar = [row for row in rows if row.is_met is not None]
    console.print(
        f"{len(with_bar) - len(missed)} of {len(with_bar)} bars reached, seed {args.seed}"
        + (", a quick look" if args.quick else ""),
        markup=False,
    )
    if args.json is not None:
        _write(args.json, args, rows)
    if args.picture is not None:
        save(args.picture, work.pictured)
    return 1 if missed else 0


@dataclass(frozen=True, slots=True)
class _Work:
    settings: Settings
    locator: FaceLocator
    seed: int
    counts: _Counts
    pictured: Pictured = field(default_factory=Pictured)

    def twin(self, scenario: str, count: int = 1, **options: float) -> Twin:
        named = {f"--{name.replace('_', '-')}": value for name, value in options.items()}
        options_ = {"--seed": self.seed, "--count": count} | named
        return Twin(scenario, options_, self.settings, self.locator)

    def judged(self, twin: Twin, judge: _Judge) -> list[Row]:
        for (run,) in twin.runs():
            judge.take(run)
        return judge.rows()


def _patch(work: _Work) -> list[Row]:
    judge = PatchJudge(work.settings.extraction.skin_emissivity)
    return work.judged(work.twin("patch", work.counts.patch), judge)


def _faces(work: _Work) -> list[Row]:
    judge = work.pictured.skin = SkinJudge()
    return work.judged(work.twin("faces", work.counts.faces), judge)


def _source(work: _Work) -> list[Row]:
    return work.judged(work.twin("source"), SourceJudge())


def _reasons(work: _Work) -> list[Row]:
    return work.judged(work.twin("reasons"), ReasonJudge())


def _screening(work: _Work) -> list[Row]:
    threshold_c = work.settings.policies[-1].skin_threshold_c
    judge = ScreeningJudge(threshold_c, build_crowd(work.settings.crowd))
    work.pictured.screening = judge
    twin = work.twin("screening", work.counts.screening)
    return work.judged(replace(twin, variants=(_without_threshold,)), judge)


def _cold(work: _Work) -> list[Row]:
    judge = ColdJudge(work.settings.policies[-1].skin_threshold_c)
    for outdoor_c in _OUTDOOR_C:
        twin = work.twin(
            "cold", work.counts.cold, outdoor_c=outdoor_c, rest_min=rest_time_s(outdoor_c) / 60
        )
        variants = (_without_threshold, _without_outdoor_sensor)
        for aware, fixed in replace(twin, variants=variants).runs():
            judge.take(aware)
            judge.take_fixed(fixed)
    return judge.rows()


def _crossing(people: int, wanted: float, count: Callable[[_Counts], int]) -> "_Part":
    def part(work: _Work) -> list[Row]:
        twin = work.twin("crossing", count(work.counts), people=people)
        judge = TrackingJudge(people, wanted)
        rows = work.judged(twin, judge)
        if judge.snapshot is not None:
            work.pictured.crowds.append(judge.snapshot)
        return rows

    return part


_Part = Callable[[_Work], list[Row]]
_PARTS: dict[str, _Part] = {
    "patch": _patch,
    "faces": _faces,
    "source": _source,
    "reasons": _reasons,
    "screening": _screening,
    "cold": _cold,
    "crossing-10": _crossing(10, 0.97, lambda counts: counts.crossing_10),
    "crossing-30": _crossing(30, 0.92, lambda counts: counts.crossing_30),
}


_DRAWN = ("faces", "screening", "crossing-10", "crossing-30")


def _without_threshold(settings: Settings, room: Room) -> tuple[Settings, Room]:
    policies = tuple(replace(p, skin_threshold_c=_NO_THRESHOLD_C) for p in settings.policies)
    return replace(settings, policies=policies), room


def _without_outdoor_sensor(settings: Settings, room: Room) -> tuple[Settings, Room]:
    # A fixed threshold knows nothing of chilled faces: no sensor, and no skin is too cold.
    settings, room = _without_threshold(settings, replace(room, outdoor_c=None))
    extraction = replace(settings.extraction, skin_low_c=0.0)
    return replace(settings, extraction=extraction), room


def _seed(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("0 or more is needed")
    return value


def _spinner() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _table(rows: list[Row]) -> Table:
    table = Table("figure", "measured", "bar", "", box=None)
    for row in rows:
        verdict = {True: "PASS", False: "MISS", None: ""}[row.is_met]
        table.add_row(row.what, row.text, row.bar, verdict)
    return table


def _write(path: Path, args: argparse.Namespace, rows: list[Row]) -> None:
    content = {
        "seed": args.seed,
        "quick": args.quick,
        "figures": {row.key: asdict(row) for row in rows},
    }
    write_result(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
