"""`python -m tests.kills --kills 200 --seed 1`: nothing is lost, whatever process is killed.

Exit code 0 if the laws were kept, 1 with each breach named, 2 if a part cannot be started.
"""

import argparse
import json
import logging
import sys

from rich.console import Console

from station.core.errors import KnownError
from tests.kills.run import campaign


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    try:
        outcome = campaign(args.kills, args.seed, say=console.print)
    except KnownError as error:
        console.print(f"tests.kills: {error}")
        return 2
    console.print(json.dumps(outcome.figures, indent=2))
    for failure in outcome.failures:
        console.print(f"FAILED {failure}")
    if not outcome.failures:
        console.print("nothing is lost, and every part is back in time")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
