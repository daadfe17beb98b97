"""`fever-station bench`: what the measuring loop costs on this machine."""

import argparse
import importlib

_KINDS = ("loop",)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with one subcommand of its own for each thing that is timed."""
    parser = commands.add_parser("bench", help="time the station on this machine")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for name in _KINDS:
        _module(name).add_parser(kinds)


def run(args: argparse.Namespace) -> int:
    """Time, print the figures and return the exit code."""
    code: int = _module(args.kind).run(args)
    return code


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"station.commands.bench_{name}")
