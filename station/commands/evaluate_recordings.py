"""`fever-station evaluate recordings`: recall, counts and answers on annotated recordings."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from config.loader import load_settings, shipped_site
from station.commands.replay import Replayer, Tally
from station.commands.results import result_file, write_result
from station.core.errors import KnownError
from station.evaluation.recordings import FaceFigures, RecordingFigures, judge


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = kinds.add_parser("recordings", help="a folder of recordings with an index.json")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--config", type=Path, help="a site file (default: the shipped recordings)")
    parser.add_argument(
        "--json", type=result_file, metavar="OUT", help="write the figures here as well"
    )


def run(args: argparse.Namespace) -> int:
    """Replay the folder and print the figures.

    Returns:
        0, or 1 if a recording could not be read to its end.

    Raises:
        KnownError: if the folder has no index, or the figures cannot be written.
    """
    index = _read_index(args.folder / "index.json")
    replayer = Replayer(load_settings(args.config or shipped_site("recordings")))
    lines, faults = [], []
    for entry in index:
        tally = Tally(entry["file"])
        lines += list(replayer.lines(args.folder / entry["file"], tally))
        faults += [tally.fault] if tally.fault else []
    figures = judge(lines, index)
    console = Console(highlight=False)
    for table in (_face_table(figures), _people_table(figures)):
        console.print(table)
    console.print(*summary(figures), *faults, sep="\n", markup=False)
    if args.json is not None:
        _write(args.json, figures)
    return 1 if faults else 0


def summary(figures: RecordingFigures) -> list[str]:
    """Return the figures of all recordings together, one sentence each."""
    counted = sum(people.counted for people in figures.people)
    answered = sum(people.answered for people in figures.people)
    empty = [people for people in figures.people if not people.wanted]
    waits = figures.frames_to_answer
    return [
        f"near facing people counted right in {figures.right_counts} of {len(figures.people)} "
        "recordings",
        f"travellers in recordings without a near facing person: "
        f"{sum(p.travellers for p in empty)} ({sum(p.measured for p in empty)} measured)",
        f"answer or named reason within 2 s of facing: {answered} of {counted}",
        "frames from facing to the answer: "
        + ("nobody was measured" if waits is None else f"median {waits:g}"),
    ]


def _read_index(path: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(path.read_text("utf-8"))["recordings"]
        return [entry for entry in entries if entry["file"]]
    except FileNotFoundError:
        raise KnownError(f"There is no {path}: name a folder with recordings and index.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnownError(f"{path} is not an index of recordings ({error!r}): check it.") from error


def _face_table(figures: RecordingFigures) -> Table:
    table = Table("faces", "frames", "found", "of", "recall", "false a frame", box=None)
    for name, faces in sorted(figures.by_attribute.items()):
        table.add_row(
            name, str(faces.frames or ""), str(faces.found), str(faces.wanted), *_rates(faces)
        )
    return table


def _rates(faces: FaceFigures) -> tuple[str, str]:
    false = f"{faces.false / faces.frames:.3f}" if faces.frames else ""
    return f"{faces.recall:.3f}" if faces.wanted else "", false


def _people_table(figures: RecordingFigures) -> Table:
    table = Table("recording", "near facing", "counted", "travellers", "measured", box=None)
    for people in figures.people:
        is_right = people.counted == people.wanted
        table.add_row(
            people.name,
            str(people.wanted),
            str(people.counted) + ("" if is_right else " <"),
            str(people.travellers),
            str(people.measured),
        )
    return table


def _write(path: Path, figures: RecordingFigures) -> None:
    content = {
        "faces": {
            name: {
                "frames": faces.frames,
                "wanted": faces.wanted,
                "found": faces.found,
                "false": faces.false,
            }
            for name, faces in figures.by_attribute.items()
        },
        "recordings": len(figures.people),
        "right_counts": figures.right_counts,
        "counted": sum(people.counted for people in figures.people),
        "answered": sum(people.answered for people in figures.people),
        "measured": sum(people.measured for people in figures.people),
        "frames_to_answer": figures.frames_to_answer,
    }
    write_result(path, json.dumps(content, indent=2) + "\n")
