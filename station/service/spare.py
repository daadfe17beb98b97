"""`python -m station.service.spare LOADS PROGRAM ...`: load a program, run it when told to go.

What takes longest in a start is done before the part is needed: a spare one takes over at once.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module

MODULE = "station.service.spare"
"""This program's name."""


def main() -> int:
    """Load, wait for a line on the standard input, run; without a line nobody needs it any more."""
    _, loads, program, *arguments = sys.argv
    for name in loads.split(","):
        # What is missing is told by the program, if it needs it.
        with suppress(ImportError):
            import_module(name)
    if not sys.stdin.readline():
        return 0
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    sys.argv = [program, *arguments]
    code: int = import_module(f"{program}.__main__").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
