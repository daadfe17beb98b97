"""`fever-station devices`: find, probe, watch, capture and check what is attached."""

import argparse
import importlib

_ACTIONS = ("list", "probe", "watch", "capture", "check", "alarms")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with one subcommand of its own for each action."""
    parser = commands.add_parser(
        "devices", help="find, probe, watch, capture and check cameras, thermometers and sources"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name in _ACTIONS:
        _module(name).add_parser(actions)


def run(args: argparse.Namespace) -> int:
    """Do it and return the exit code."""
    code: int = _module(args.action).run(args)
    return code


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"station.commands.devices_{name}")
