"""The arguments of `fever-station certify` and what they must keep."""

import argparse
import math
from pathlib import Path

from station.commands.results import result_file
from station.core.linearity import STEP_C, SWEEP_C


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add every argument of the command."""
    parser.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    parser.add_argument("--camera", metavar="ID", help="which camera (default: the only one)")
    parser.add_argument(
        "--source",
        metavar="DRIVER",
        help='driver of the swept source, or "manual" (default: [swept_source].driver)',
    )
    parser.add_argument("--source-port", metavar="PORT", help="its serial port or socket:// URL")
    parser.add_argument(
        "--region",
        type=_region,
        metavar="T,L,B,R",
        help="where it is, as fractions of the picture (default: [swept_source].region)",
    )
    parser.add_argument("--emissivity", type=_share, help="of its surface")
    parser.add_argument("--source-u", type=_positive, metavar="C", help="its standard uncertainty")
    parser.add_argument("--from", dest="from_c", type=_degrees, default=SWEEP_C[0], metavar="C")
    parser.add_argument("--to", dest="to_c", type=_degrees, default=SWEEP_C[1], metavar="C")
    parser.add_argument("--step", type=_positive, default=STEP_C, metavar="C")
    parser.add_argument("--frames", type=_frames, default=20, help="valid frames for each step")
    parser.add_argument(
        "--dwell", type=_not_negative, metavar="S", help="seconds it must be steady"
    )
    parser.add_argument(
        "--settle", type=_positive, default=1800.0, metavar="S", help="longest wait"
    )
    parser.add_argument("--patience", type=_positive, default=30.0, metavar="S", help="for frames")
    parser.add_argument(
        "--yes", action="store_true", help="confirm that the source may be set and heated"
    )
    parser.add_argument(
        "--out", type=result_file, metavar="PDF", help="default: certificate-CAMERA.pdf"
    )
    parser.add_argument(
        "--json", type=result_file, metavar="OUT", help="write all figures here as well"
    )


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError("must be a number")
    return value


def _degrees(text: str) -> float:
    return _number(text)


def _positive(text: str) -> float:
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def _not_negative(text: str) -> float:
    value = _number(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be below 0")
    return value


def _share(text: str) -> float:
    value = _positive(text)
    if value > 1:
        raise argparse.ArgumentTypeError("must be above 0 and at most 1")
    return value


def _frames(text: str) -> int:
    value = int(text)
    if value < 2:  # noqa: PLR2004 - one frame has no scatter
        raise argparse.ArgumentTypeError("must be at least 2")
    return value


def _region(text: str) -> tuple[float, float, float, float]:
    parts = [_number(part) for part in text.split(",")]
    if len(parts) != 4:  # noqa: PLR2004 - four sides
        raise argparse.ArgumentTypeError("must be top,left,bottom,right")
    top, left, bottom, right = parts
    if not (0 <= top < bottom <= 1 and 0 <= left < right <= 1):
        raise argparse.ArgumentTypeError("must be top < bottom, left < right, 0 to 1")
    return top, left, bottom, right
