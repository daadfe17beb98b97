"""`fever-station hand-over`: note how far a case's hand-over to the emergency service has come."""

import argparse
from pathlib import Path
from uuid import uuid4

from station.commands.asking import ask
from station.core.cases import HandoverStep
from station.core.commands import HandOver
from station.core.events import CaseChanged


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "hand-over", help="note a step of a case's hand-over to the emergency service (120)"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--case", type=int, required=True, help="the number that staff call out")
    steps = [step.value.replace("_", "-") for step in HandoverStep]
    parser.add_argument("--step", choices=steps, required=True)
    parser.add_argument("--to", default="", help="emergency service or clinic, never a person")


def run(args: argparse.Namespace) -> int:
    """Send the step and wait until it is durable.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if no station answers, or the step cannot be taken now.
    """
    step = HandoverStep(args.step.replace("-", "_"))
    ask(
        args.config,
        HandOver(uuid4(), args.case, step, args.to),
        lambda event: (
            isinstance(event, CaseChanged)
            and event.case.number == args.case
            and bool(event.case.handover)
            and event.case.handover[-1].step is step
        ),
    )
    return 0
