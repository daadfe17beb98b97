"""`python -m simulators hub` or `bench`: run simulated devices until told to stop."""

import argparse
import json
import os
import signal
import stat
import sys
import threading
from pathlib import Path

from simulators.bench import Bench
from simulators.hub import Hub
from simulators.serve import PortInUse


def main(argv: list[str] | None = None) -> int:
    """Run the devices; prints one JSON line with their addresses when ready.

    Returns:
        0 after SIGTERM, SIGINT or the end of standard input; 2 if a port is taken.
    """
    args = _parser().parse_args(argv)
    ended = threading.Event()
    # Before anything is announced: whoever reads the addresses may stop us at once.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        devices: Hub | Bench = args.build(args)
    except PortInUse as error:
        sys.stderr.write(f"simulators: {error}\n")
        return 2
    sys.stdout.write(json.dumps(devices.addresses) + "\n")
    sys.stdout.flush()
    _wait_for(ended)
    devices.close()
    return 0


def _build_hub(args: argparse.Namespace) -> Hub:
    hub = Hub(
        seed=args.seed,
        travellers=args.travellers,
        febrile_every=args.febrile_every,
        spacing_s=args.spacing,
        speed=args.speed,
        camera_port=args.camera_port,
        control_port=args.control_port,
        gun_link=args.gun_link,
        password=args.camera_password,
    )
    if args.normalise:
        hub.obey({"do": "fault", "device": "camera", "fault": "normalise", "on": True})
    return hub


def _build_bench(args: argparse.Namespace) -> Bench:
    return Bench(
        seed=args.seed,
        speed=args.speed,
        camera_port=args.camera_port,
        source_port=args.source_port,
        control_port=args.control_port,
        password=args.camera_password,
        normalise=args.normalise,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators")
    kinds = parser.add_subparsers(required=True)
    hub = kinds.add_parser("hub", help="one camera and one gun, with people")
    hub.set_defaults(build=_build_hub)
    hub.add_argument("--travellers", type=_at_least_one, default=12)
    hub.add_argument("--febrile-every", type=int, default=4)
    hub.add_argument("--spacing", type=float, default=4.0, help="seconds between two people")
    hub.add_argument("--gun-link", type=Path, required=True)
    bench = kinds.add_parser("bench", help="one camera and a source on a wire, for certifying")
    bench.set_defaults(build=_build_bench)
    bench.add_argument("--source-port", type=int, default=0)
    for kind in (hub, bench):
        kind.add_argument("--seed", type=int, default=7)
        kind.add_argument("--speed", type=float, default=1.0, help="scene seconds in a real second")
        kind.add_argument("--camera-port", type=int, default=0)
        kind.add_argument("--control-port", type=int, default=0)
        kind.add_argument("--camera-password", required=True)
        kind.add_argument(
            "--normalise", action="store_true", help="the camera bends its readings towards 37 °C"
        )
    return parser


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return value


def _wait_for(ended: threading.Event) -> None:
    """Wait for a signal, or for whoever started us to go away."""

    def watch() -> None:
        # Not sys.stdin: its lock, held here, would abort the interpreter's shutdown.
        while os.read(0, 4096):
            pass
        ended.set()

    if _is_stdin_held():
        threading.Thread(target=watch, name="stdin", daemon=True).start()
    ended.wait()


def _is_stdin_held() -> bool:
    """Whether somebody holds our standard input; a background job has /dev/null there."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(0)


if __name__ == "__main__":
    sys.exit(main())
