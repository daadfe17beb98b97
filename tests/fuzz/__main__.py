"""`python -m tests.fuzz --inputs 1000000`: every codec against garbage; exit code 1 if one breaks.

A broken law is told with the input that broke it; the same seed meets it again.
"""

import argparse
import sys

import cv2
from rich.console import Console

from tests.fuzz.codecs import CODECS
from tests.fuzz.engine import Broken, fuzz

ROW = "{:<20} {:>10} {:>9} {:>11} {:>11} {:>11}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--inputs", type=int, default=10_000, help="for each codec")
    parser.add_argument("--seed", type=int, default=1)
    names = [codec.name for codec in CODECS]
    parser.add_argument("--codec", action="append", choices=names, help="only this one")
    args = parser.parse_args()
    # OpenCV tells of every damaged file.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    console = Console(highlight=False, soft_wrap=True)
    console.print(ROW.format("codec", "inputs", "seconds", "values", "errors", "slowest ms"))
    broken = 0
    for codec in CODECS:
        if args.codec and codec.name not in args.codec:
            continue
        try:
            did = fuzz(codec, args.inputs, args.seed)
        except Broken as error:
            broken += 1
            console.print(f"BROKEN {error}", markup=False)
            continue
        console.print(
            ROW.format(
                did.name, did.inputs, f"{did.seconds:.1f}", did.values, did.errors,
                f"{did.slowest_ms:.1f}",
            )
        )  # fmt: skip
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
