"""`fever-station evaluate clinical`: the oral estimate on clinical tables, everything frozen."""

import argparse
import csv
import importlib
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from station.commands.fit import figure_table, wide_console
from station.commands.results import result_file, write_result
from station.core.estimation import NoEstimate, OralEstimate
from station.estimation.model_file import read_model, shipped_model
from station.estimation.tables import Session, read_sessions
from station.evaluation.clinical import FIRST_FRAME, clinical_figures, estimate_sessions

COLUMNS = ("subject_id", "irt", "estimate_oral_c", "u_c", "decision")
"""Columns of the scores."""


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = kinds.add_parser("clinical", help="tables of faces with an oral thermometer's reading")
    parser.add_argument("tables", type=Path, nargs="+", metavar="CSV")
    parser.add_argument("--out", type=result_file, required=True, metavar="SCORES.csv")
    parser.add_argument(
        "--frame",
        choices=(FIRST_FRAME,),
        help="use the first frame alone (default: rounds 1 to 3)",
    )
    parser.add_argument("--model", type=Path, help="a model file (default: the shipped one)")
    parser.add_argument(
        "--picture", type=result_file, metavar="OUT.png", help="draw the figures as well"
    )


def run(args: argparse.Namespace) -> int:
    """Estimate everybody, write the scores and print the figures where the truth is known.

    Raises:
        KnownError: if a table, the model or a place to write is no good.
    """
    model = shipped_model() if args.model is None else read_model(args.model)
    sessions = read_sessions(args.tables)
    answers = estimate_sessions(model, sessions, first_frame=args.frame == FIRST_FRAME)
    _write(args.out, sessions, answers)
    console = wide_console()
    mode = "first frame" if args.frame else "rounds"
    calibration = model.single if args.frame else model.several
    console.print(
        f"model {model.name} {model.version}, cut {calibration.cut_c:.2f} °C on the estimate; "
        "the raw skin temperature stands beside it",
        markup=False,
    )
    figures = {}
    for camera in sorted({session.irt for session in sessions}):
        chosen = [(s, a) for s, a in zip(sessions, answers, strict=True) if s.irt == camera]
        found = clinical_figures([s for s, _ in chosen], [a for _, a in chosen])
        if found is not None:
            figures[mode, camera] = found
    if figures:
        console.print(figure_table(figures))
    else:
        console.print("no figures: the tables do not hold oral readings on both sides of 37.5 °C")
    console.print(*_refusals(answers), sep="\n", markup=False)
    if args.picture is not None:
        # Loaded only for a picture: matplotlib would slow the start of every other command.
        picture = importlib.import_module("station.evaluation.clinical_picture")
        picture.draw(args.picture, sessions, answers)
    return 0


def _refusals(answers: Sequence[OralEstimate | NoEstimate]) -> list[str]:
    reasons = [answer.reason for answer in answers if isinstance(answer, NoEstimate)]
    lines = [f"without an estimate: {len(reasons)} of {len(answers)}"]
    return lines + [f"  {reason}: {reasons.count(reason)}" for reason in sorted(set(reasons))]


def _write(
    path: Path, sessions: Sequence[Session], answers: Sequence[OralEstimate | NoEstimate]
) -> None:
    table = StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for session, answer in zip(sessions, answers, strict=True):
        writer.writerow([session.subject_id, session.irt, *_cells(answer)])
    write_result(path, table.getvalue())


def _cells(answer: OralEstimate | NoEstimate) -> tuple[str, str, str]:
    if isinstance(answer, NoEstimate):
        return "", "", "not_measured"
    return (
        f"{answer.oral_c:.4f}",
        f"{answer.u_c:.4f}",
        "above" if answer.is_above else "below",
    )
