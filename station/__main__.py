"""The command line: parses, dispatches, and turns known errors into one sentence and an exit code.

Exit codes: 0 done; 1 done with faults that were named; 2 could not be done, and why.
"""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from types import ModuleType

from config.loader import ConfigError
from station.core.errors import KnownError
from station.service.scarcity import check_address_space, in_words

logger = logging.getLogger(__name__)

_COMMANDS = (
    "run", "up", "service", "demo", "record", "replay", "evaluate", "fit", "certify", "bench",
    "cdc", "backup", "restore", "support_bundle", "room", "daily_check", "report", "hand_over",
    "ledger", "accounts", "audit", "devices", "check_config", "config", "pki", "simulate",
)  # fmt: skip
_OURS = ("station", "drivers", "ui", "config", "simulators")


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    needed = _needed(sys.argv[1:] if argv is None else argv)
    called = "fever-station"
    if len(needed) == 1:
        called += f" {needed[0].replace('_', '-')}"
    try:
        return _run(argv, needed)
    except (KnownError, ConfigError) as error:
        told = str(error)
    except (MemoryError, RuntimeError, ImportError, OSError, UnicodeEncodeError) as error:
        refused = in_words(error)
        if refused is None:
            raise
        logger.info("refused by the system", exc_info=True)
        told = refused
    except KeyboardInterrupt:
        return 130
    print(f"{called}: {told}", file=sys.stderr)
    return 2


def _run(argv: list[str] | None, needed: Sequence[str]) -> int:
    if needed == ("run",):
        # Before its libraries are loaded, which crash where they may not have enough.
        check_address_space()
    args = build_parser(needed).parse_args(argv)
    logging.basicConfig(
        level=logging.INFO if args.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    _refuse_name_clash()
    code: int = _module(args.command.replace("-", "_")).run(args)
    return code


def build_parser(names: Sequence[str] = _COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of the command line, with these commands alone."""
    parser = argparse.ArgumentParser(
        prog="fever-station",
        description="Fever screening station: a triage aid, never a diagnosis.",
    )
    parser.add_argument("--verbose", action="store_true", help="log what the station does")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names:
        _module(name).add_parser(commands)
    return parser


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"station.commands.{name}")


def _needed(argv: Sequence[str]) -> Sequence[str]:
    """Return the commands to load: only the one asked for, so that a killed station is soon back.

    Help and misspellings need all of them.
    """
    asked = next((word for word in argv if not word.startswith("-")), "").replace("-", "_")
    return (asked,) if asked in _COMMANDS else _COMMANDS


def _refuse_name_clash() -> None:
    """Stop if another installed package brings a folder with one of our names.

    Raises:
        KnownError: naming the other package.
    """
    owners = packages_distributions()
    for name in _OURS:
        others = sorted(set(owners.get(name, ())) - {"fever-station"})
        if others:
            raise KnownError(
                f"the package {others[0]} also brings a folder named {name!r} and hides ours: "
                f"uninstall it (pip uninstall {others[0]}) or use an environment of its own"
            )


if __name__ == "__main__":
    sys.exit(main())
