"""`fever-station replay`: screen recordings faster than real time, one JSON line a frame."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from config.loader import load_settings, shipped_site
from drivers.cameras.recording import RecordingCamera
from drivers.errors import DeviceError
from station.core.errors import KnownError
from station.core.extraction import SkinReading
from station.core.faces import Box
from station.core.frames import Orientation
from station.core.lane import FaceObservation, Lane, LaneStep
from station.core.passages import Passage
from station.core.screening import Outcome
from station.runtime.lanes import build_lane
from station.vision.locator import HeatmapFaceLocator

Line = dict[str, Any]


@dataclass(slots=True)
class _Tally:
    """What one recording gave, for the table at the end."""

    name: str
    frames: int = 0
    travellers: int = 0
    measured: int = 0
    fault: str = ""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("replay", help="screen recordings and write one JSON line a frame")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CPTV or NPZ")
    parser.add_argument("--jsonl", type=Path, required=True, metavar="OUT")
    parser.add_argument(
        "--orientation",
        choices=[o.value for o in Orientation],
        help="how the stored picture becomes upright (default: the site file's)",
    )
    parser.add_argument("--config", type=Path, help="a site file (default: the shipped recordings)")
    parser.add_argument(
        "--reference-c", type=float, help="true temperature of the reference source, °C"
    )


def run(args: argparse.Namespace) -> int:
    """Replay every file; a faulty one is named and the others go on.

    Returns:
        0, or 1 if a file could not be read to its end.
    """
    settings = load_settings(args.config or shipped_site("recordings"))
    if args.reference_c is not None:
        reference = replace(settings.reference, set_point_c=args.reference_c)
        settings = replace(settings, reference=reference)
    camera = settings.cameras[0] if settings.cameras else None
    if camera is None:
        raise KnownError("The site file names no camera: add one [[cameras]] table for the replay.")
    if args.orientation:
        camera = replace(camera, orientation=args.orientation)
    orientation = Orientation(camera.orientation)
    locator = HeatmapFaceLocator()

    def new_lane() -> Lane:
        # Numbered ids: the same recording gives the same lines.
        numbers = count(1)
        return build_lane(settings, camera, locator, lambda: UUID(int=next(numbers)))

    console = Console(stderr=True)
    started = time.perf_counter()
    try:
        with args.jsonl.open("w", encoding="utf-8") as out:
            tallies = _replay_all(args.files, orientation, new_lane, out, console)
    except OSError as error:
        raise KnownError(f"{args.jsonl} cannot be written: {error.strerror or error}.") from error
    _show(console, tallies, time.perf_counter() - started, args.jsonl)
    return 1 if any(tally.fault for tally in tallies) else 0


def _replay_all(
    paths: list[Path],
    orientation: Orientation,
    new_lane: Callable[[], Lane],
    out: TextIO,
    console: Console,
) -> list[_Tally]:
    tallies = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("replaying", total=len(paths))
        for path in paths:
            progress.update(task, description=path.name)
            tally = _Tally(path.name)
            tallies.append(tally)
            for line in _replay(path, orientation, new_lane(), tally):
                out.write(json.dumps(line, allow_nan=False) + "\n")
            if tally.fault:
                console.print(f"[yellow]{tally.fault}[/yellow]", highlight=False)
            progress.advance(task)
    return tallies


def _replay(path: Path, orientation: Orientation, lane: Lane, tally: _Tally) -> Iterator[Line]:
    """Yield a recording's lines, its passages as they end."""
    try:
        with RecordingCamera(path=path, orientation=orientation) as recording:
            while (frame := recording.read(timeout_s=1.0)) is not None:
                step = lane.step(frame)
                tally.frames += 1
                yield frame_line(path.name, frame.sequence, step)
                for ended in step.ended:
                    yield _passage(path.name, ended.passage, tally)
    except DeviceError as error:
        tally.fault = str(error)
    for ended in lane.end():
        yield _passage(path.name, ended.passage, tally)


def _passage(name: str, passage: Passage, tally: _Tally) -> Line:
    tally.travellers += 1
    tally.measured += passage.screening.outcome is not Outcome.NOT_MEASURED
    return passage_line(name, passage)


def frame_line(name: str, index: int, step: LaneStep) -> Line:
    """Return the JSON line of one frame; the format is documented in README and stable."""
    reference = step.reference
    return {
        "type": "frame",
        "recording": name,
        "index": index,
        "lane": step.state.value,
        "reference": {
            "state": reference.state.value,
            "box": _xywh(reference.box) if reference.box else None,
            "apparent_c": _rounded(reference.apparent_c),
        },
        "faces": [_face(observation) for observation in step.faces],
    }


def passage_line(name: str, passage: Passage) -> Line:
    """Return the JSON line of one passage."""
    screening = passage.screening
    measured = screening.measurement
    return {
        "type": "passage",
        "recording": name,
        "traveller": passage.traveller,
        "first": passage.first_sequence,
        "last": passage.last_sequence,
        "outcome": screening.outcome.value,
        "skin_c": _rounded(measured.skin_c if measured else None),
        "u_c": _rounded(measured.u_c if measured else None),
        "reasons": [reason.value for reason in screening.reasons],
    }


def _face(observation: FaceObservation) -> Line:
    result = observation.result
    reading = result if isinstance(result, SkinReading) else None
    point = result.point
    return {
        "traveller": observation.traveller,
        "box": _xywh(observation.face.box),
        "site": reading.site.value if reading else None,
        "point": [round(point[1], 1), round(point[0], 1)] if point else None,
        "skin_c": _rounded(reading.skin_c if reading else None),
        "u_c": _rounded(reading.u_c if reading else None),
        "valid": reading is not None,
        "reasons": [] if isinstance(result, SkinReading) else [result.reason.value],
    }


def _xywh(box: Box) -> list[float]:
    return [round(v, 1) for v in (box.left, box.top, box.width, box.height)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _show(console: Console, tallies: list[_Tally], seconds: float, out: Path) -> None:
    table = Table("recording", "frames", "travellers", "measured", box=None)
    for tally in tallies:
        table.add_row(tally.name, str(tally.frames), str(tally.travellers), str(tally.measured))
    console.print(table)
    frames = sum(tally.frames for tally in tallies)
    console.print(
        f"{len(tallies)} recordings, {frames} frames in {seconds:.1f} s "
        f"({frames / max(seconds, 1e-9):.0f} frames/s), "
        f"{sum(t.travellers for t in tallies)} travellers, "
        f"{sum(t.measured for t in tallies)} measured -> {out}",
        highlight=False,
    )
