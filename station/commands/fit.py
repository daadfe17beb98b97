"""`fever-station fit`: fits what the station ships fitted."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from station.core.errors import KnownError
from station.estimation.fitting import fit_oral
from station.estimation.model_file import Provenance, table_digest, write_model
from station.estimation.tables import Session, read_sessions
from station.evaluation.clinical import ClinicalFigures
from station.evaluation.cross_validation import Validation, cross_validate

_FILE_COLUMNS = 120


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("fit", help="fit what the station ships fitted")
    models = parser.add_subparsers(dest="model", required=True, metavar="MODEL")
    oral = models.add_parser("oral", help="the estimate of oral temperature, from clinical tables")
    oral.add_argument("tables", type=Path, nargs="+", metavar="CSV")
    oral.add_argument("--out", type=Path, required=True, metavar="MODEL.json")
    oral.add_argument("--name", default="oral", help="name of the model (default: oral)")
    oral.add_argument("--version", default="1", help="version of this fit (default: 1)")
    oral.add_argument(
        "--fitted-on",
        type=_day,
        default=datetime.now(UTC).date(),
        metavar="DATE",
        help="day written into the file (default: today)",
    )
    oral.add_argument(
        "--cross-validate",
        type=int,
        nargs="?",
        const=5,
        metavar="REPEATS",
        help="judge the fit on people left out, beside plain baselines (default: 5 repeats)",
    )
    oral.add_argument(
        "--folds", type=int, default=10, help="parts that the people are dealt into (default: 10)"
    )


_LEAST_FOLDS = 2


def run(args: argparse.Namespace) -> int:
    """Fit, write the file and print what is known of the fit.

    Raises:
        KnownError: if a table or the place of the model is no good.
    """
    if args.cross_validate is not None and args.cross_validate < 1:
        raise KnownError("--cross-validate needs at least one repeat.")
    if args.folds < _LEAST_FOLDS:
        raise KnownError(f"--folds needs at least {_LEAST_FOLDS}.")
    sessions = read_sessions(args.tables)
    model = fit_oral(sessions, name=args.name, version=args.version)
    console = wide_console()
    figures: dict[str, Any] = {}
    if args.cross_validate is not None:
        validation = cross_validate(sessions, repeats=args.cross_validate, folds=args.folds)
        figures = _stored(validation, args.cross_validate)
        _print(console, validation)
    digests = tuple(table_digest(path) for path in args.tables)
    write_model(args.out, model, Provenance(args.fitted_on.isoformat(), digests, figures))
    console.print(f"{args.out}: {_fitted(sessions)}", markup=False)
    return 0


def wide_console() -> Console:
    """Return a console whose tables are not squeezed where the output is a file."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_FILE_COLUMNS)


def figure_table(figures: dict[tuple[str, str], ClinicalFigures]) -> Table:
    """Lay out the figures of every mode and camera."""
    table = Table(
        "mode", "camera", "people", "febrile", "AUC (95 %)", "sens", "spec", "MAE", "RMSE",
        "bias", "febrile", "in k=2", box=None,
    )  # fmt: skip
    for (mode, camera), found in figures.items():
        table.add_row(
            mode,
            camera,
            str(found.people),
            str(found.febrile),
            f"{found.auc:.4f} ({found.auc_low:.3f}-{found.auc_high:.3f})",
            f"{found.sensitivity:.3f}",
            f"{found.specificity:.3f}",
            f"{found.mae_c:.3f}",
            f"{found.rmse_c:.3f}",
            f"{found.bias_c:+.3f}",
            f"{found.febrile_bias_c:+.3f}",
            f"{found.coverage:.3f}",
        )
    return table


def _print(console: Console, validation: Validation) -> None:
    console.print("People left out of the fit, both cameras of a person together:")
    console.print(figure_table(validation.figures))
    cameras = sorted({camera for _, camera in validation.figures})
    table = Table("baseline, rounds, same folds", *cameras, box=None)
    for name, areas in validation.baselines.items():
        table.add_row(name, *(f"{areas[camera]:.4f}" for camera in cameras))
    console.print(table)
    told = "the data can tell" if validation.gain_low > 0 else "within what the data can tell apart"
    console.print(
        f"AUC above the best baseline ({validation.best_baseline}): {validation.gain:+.4f} "
        f"(95 % {validation.gain_low:+.4f} to {validation.gain_high:+.4f}): {told}",
        markup=False,
    )
    for (fitted, tested), bias_c in validation.transfer_bias_c.items():
        console.print(
            f"fitted in rooms of group {fitted}, tested in group {tested}: bias {bias_c:+.3f} °C"
        )


def _stored(validation: Validation, repeats: int) -> dict[str, Any]:
    def rounded(found: ClinicalFigures) -> dict[str, float]:
        values = asdict(found)
        return {field.name: round(values[field.name], 4) for field in fields(found)}

    return {
        "repeats": repeats,
        "figures": {
            f"{mode}, {camera}": rounded(found)
            for (mode, camera), found in validation.figures.items()
        },
        "baseline_auc": {
            name: {camera: round(area, 4) for camera, area in areas.items()}
            for name, areas in validation.baselines.items()
        },
        "best_baseline": validation.best_baseline,
        "gain": [
            round(value, 4)
            for value in (validation.gain, validation.gain_low, validation.gain_high)
        ],
        "transfer_bias_c": {
            f"fitted {fitted}, tested {tested}": round(bias_c, 4)
            for (fitted, tested), bias_c in validation.transfer_bias_c.items()
        },
    }


def _fitted(sessions: Sequence[Session]) -> str:
    known = [session for session in sessions if session.oral_c is not None]
    people = {session.subject_id for session in known}
    cameras = sorted({session.irt for session in known})
    return f"fitted on {len(people)} people, {len(known)} sessions, cameras {', '.join(cameras)}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-11-24") from None
