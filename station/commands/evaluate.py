"""`fever-station evaluate`: judges the station where the truth is known."""

import argparse
import importlib

_KINDS = ("recordings", "clinical", "twin")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with one subcommand of its own for each kind of truth."""
    parser = commands.add_parser("evaluate", help="judge the station where the truth is known")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for name in _KINDS:
        _module(name).add_parser(kinds)


def run(args: argparse.Namespace) -> int:
    """Judge, print the figures and return the exit code."""
    code: int = _module(args.kind).run(args)
    return code


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"station.commands.evaluate_{name}")
