"""Where a command that works for minutes keeps what it found."""

import argparse
from pathlib import Path

from station.core.errors import KnownError


def result_file(text: str) -> Path:
    """Take a place from the command line, before the work that fills it begins.

    Raises:
        argparse.ArgumentTypeError: if no file can be written there.
    """
    path = Path(text)
    if not path.parent.is_dir() or path.is_dir():
        raise argparse.ArgumentTypeError(
            f"{path} cannot be written: choose another place, a file in a folder that exists"
        )
    return path


def write_result(path: Path, text: str) -> None:
    """Write UTF-8 text.

    Raises:
        KnownError: if it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise KnownError(
            f"{path} cannot be written ({error.strerror or error}): choose another place."
        ) from error
