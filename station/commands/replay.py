"""`fever-station replay`: screen recordings faster than real time, one JSON line a frame."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TextIO
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from config.loader import load_settings, shipped_site
from config.settings import Settings
from drivers.cameras.recording import RecordingCamera
from drivers.errors import DeviceError
from station.commands.replay_lines import Line, frame_line, passage_line
from station.commands.wording import counted
from station.core.errors import KnownError
from station.core.faces import FaceLocator
from station.core.frames import FrameStatus, Orientation
from station.core.passages import Passage
from station.core.screening import Outcome
from station.runtime.lanes import build_lane, build_locator

# A recording with fewer faces than one in so many frames is looked at again in every orientation;
# one that shows so many times as many faces, and so many at the least, is proposed.
_HINT_EVERY, _HINT_TIMES, _HINT_LEAST = 8, 3, 5


@dataclass(slots=True)
class Tally:
    """What one recording gave, for the table at the end."""

    name: str
    frames: int = 0
    travellers: int = 0
    measured: int = 0
    faces: int = 0
    fault: str = ""
    hint: str = ""

    def count(self, passage: Passage) -> Line:
        """Count a passage and return its line."""
        self.travellers += 1
        self.measured += passage.screening.outcome is not Outcome.NOT_MEASURED
        return passage_line(self.name, passage)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("replay", help="screen recordings and write one JSON line a frame")
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="CPTV, NPZ, 16-bit TIFF or FLIR JPEG"
    )
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

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if it names no camera, or the output cannot be written.
    """
    settings = load_settings(args.config or shipped_site("recordings"))
    if args.reference_c is not None:
        reference = replace(settings.reference, set_point_c=args.reference_c)
        settings = replace(settings, reference=reference)
    if args.orientation:
        cameras = tuple(replace(c, orientation=args.orientation) for c in settings.cameras)
        settings = replace(settings, cameras=cameras)
    replayer = Replayer(settings)
    started = time.perf_counter()
    try:
        with args.jsonl.open("w", encoding="utf-8") as out:
            tallies = replayer.replay_all(args.files, out)
    except OSError as error:
        raise KnownError(
            f"{args.jsonl} cannot be written ({error.strerror or error}): free space or choose "
            "another place."
        ) from error
    replayer.show(tallies, time.perf_counter() - started, args.jsonl)
    return 1 if any(tally.fault for tally in tallies) else 0


class Replayer:
    """Screens one recording after the other as if each were a lane's whole life.

    Args:
        settings: their first camera stands for every recording.

    Raises:
        KnownError: if they name no camera.
    """

    def __init__(self, settings: Settings) -> None:
        if not settings.cameras:
            raise KnownError(
                "The site file names no camera: add one [[cameras]] table for the replay."
            )
        self._settings = settings
        self._camera = settings.cameras[0]
        self._orientation = Orientation(self._camera.orientation)
        self._locator = build_locator(settings.locator)
        self._console = Console(stderr=True, highlight=False)

    def replay_all(self, paths: list[Path], out: TextIO) -> list[Tally]:
        """Write every file's lines and return what each gave."""
        tallies = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(
            *columns,
            TimeRemainingColumn(),
            console=self._console,
            disable=not sys.stderr.isatty(),
        ) as progress:
            task = progress.add_task("replaying", total=len(paths))
            for path in paths:
                progress.update(task, description=path.name)
                tally = Tally(path.name)
                for line in self.lines(path, tally):
                    out.write(json.dumps(line, allow_nan=False) + "\n")
                if tally.faces * _HINT_EVERY < tally.frames and not tally.fault:
                    tally.hint = orientation_hint(
                        path, self._orientation, self._locator, self._settings.locator.min_score
                    )
                for text in filter(None, (tally.fault, tally.hint)):
                    self._console.print(text, style="yellow", markup=False)
                tallies.append(tally)
                progress.advance(task)
        return tallies

    def show(self, tallies: list[Tally], seconds: float, out: Path) -> None:
        """Print the table of recordings and the totals."""
        table = Table("recording", "frames", "travellers", "measured", box=None)
        for tally in tallies:
            table.add_row(tally.name, str(tally.frames), str(tally.travellers), str(tally.measured))
        self._console.print(table)
        frames = sum(tally.frames for tally in tallies)
        self._console.print(
            f"{counted(len(tallies), 'recording')}, {counted(frames, 'frame')} in {seconds:.1f} s "
            f"({frames / max(seconds, 1e-9):.0f} frames/s), "
            f"{counted(sum(t.travellers for t in tallies), 'traveller')}, "
            f"{sum(t.measured for t in tallies)} measured -> {out}",
            markup=False,
        )

    def lines(self, path: Path, tally: Tally) -> Iterator[Line]:
        """Yield a recording's lines, its passages as they end."""
        # Numbered ids: the same recording gives the same lines.
        numbers = count(1)
        lane = build_lane(
            self._settings, self._camera, self._locator, lambda: UUID(int=next(numbers))
        )
        try:
            with RecordingCamera(path=path, orientation=self._orientation) as recording:
                while (frame := recording.read(timeout_s=1.0)) is not None:
                    step = lane.step(frame)
                    tally.frames += 1
                    tally.faces += len(step.faces)
                    yield frame_line(path.name, frame.sequence, step)
                    for ended in step.ended:
                        yield tally.count(ended.passage)
        except DeviceError as error:
            tally.fault = str(error)
        for ended in lane.end():
            yield tally.count(ended.passage)


def orientation_hint(path: Path, used: Orientation, locator: FaceLocator, min_score: float) -> str:
    """Return which orientation shows far more sure faces than the one in use, or nothing."""
    pictures = []
    with RecordingCamera(path=path) as recording:
        while (frame := recording.read(timeout_s=1.0)) is not None:
            if frame.status is FrameStatus.NOT_RADIOMETRIC:
                return ""
            if frame.sequence % _HINT_EVERY == 0:
                pictures.append(frame.temperature_c)
    counts = {
        turned: sum(
            face.score >= min_score
            for picture in pictures
            for face in locator.locate(turned.upright(picture))
        )
        for turned in Orientation
    }
    best = max(counts, key=lambda turned: counts[turned])
    if counts[best] < max(_HINT_LEAST, _HINT_TIMES * counts[used]):
        return ""
    return (
        f"{path.name}: {counts[used]} upright faces with --orientation {used.value}, but "
        f"{counts[best]} with {best.value} (or mirrored, {best.mirrored.value}, which faces do not "
        "tell apart): check how the camera was mounted."
    )
