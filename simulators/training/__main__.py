"""Command line of the training; see the package for the recipe."""

import argparse
import logging
from pathlib import Path

from simulators.training.recordings import load
from simulators.training.validate import log_figures


def main() -> None:
    """Train on recordings and scenes and write the network, or print its figures."""
    parser = argparse.ArgumentParser(prog="python -m simulators.training", description=__doc__)
    parser.add_argument("--recordings", type=Path, required=True, help="CPTV files and index.json")
    parser.add_argument("--teacher", type=Path, required=True, help="YuNet's ONNX file")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="an ONNX file of this network to go on from")
    parser.add_argument(
        "--hold-out",
        nargs="*",
        default=[],
        metavar="DEVICE",
        help="cameras never trained on; their figures are logged at the end",
    )
    parser.add_argument(
        "--validate-only", action="store_true", help="log the figures of an existing --out file"
    )
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    samples = load(args.recordings, args.teacher)
    if not args.validate_only:
        # PyTorch is only needed, and only loaded, to train.
        from simulators.training.network import export  # noqa: PLC0415
        from simulators.training.train import train  # noqa: PLC0415

        seen = [sample for sample in samples if sample.device not in args.hold_out]
        export(train(seen, args.steps, args.seed, args.start), args.out)
    log_figures(args.out, args.recordings, samples, args.hold_out)


if __name__ == "__main__":
    main()
