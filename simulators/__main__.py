"""`python -m simulators`: the devices of one checkpoint or of a test bench, or the twin's films.

`hub` and `bench` run devices until told to stop; `twin` streams one scenario on a pipe and ends.
"""

import argparse
import json
import os
import signal
import stat
import sys
import threading
from pathlib import Path

import cv2

from simulators.bench import Bench
from simulators.hub import Hub
from simulators.serve import PortInUse
from simulators.twin.scenarios import SCENARIOS, Wish
from simulators.twin.stream import send


def main(argv: list[str] | None = None) -> int:
    """Run what is asked for.

    Returns:
        0 when it is done; 2 if it could not be started, with one sentence on standard error.
    """
    args = _parser().parse_args(argv)
    code: int = args.run(args)
    return code


def _run_twin(args: argparse.Namespace) -> int:
    """Stream a scenario to standard output; `simulators.twin.stream` documents the format."""
    wish = Wish(
        seed=args.seed,
        count=args.count,
        people=args.people,
        outdoor_c=args.outdoor_c,
        rest_min=args.rest_min,
        rows=args.rows,
        columns=args.columns,
        rate_hz=args.rate_hz,
        seconds=args.seconds,
    )
    # One thread: a twin must not take the cores from the station that it feeds.
    cv2.setNumThreads(1)
    try:
        with args.truth.open("w", encoding="utf-8") as truth:
            send(SCENARIOS[args.scenario](wish), sys.stdout.buffer, truth)
    except BrokenPipeError:
        # Whoever read has seen enough; the interpreter must not flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stderr.write(
            f"simulators: the truth cannot be written to {args.truth} ({error.strerror}): "
            "choose another place\n"
        )
        return 2
    return 0


def _run_devices(args: argparse.Namespace) -> int:
    """Run devices; prints one JSON line with their addresses when ready."""
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
    parts = parser.add_subparsers(required=True, metavar="WHAT")
    twin = parts.add_parser("twin", help="films of the physical twin on standard output")
    twin.set_defaults(run=_run_twin)
    twin.add_argument("scenario", choices=sorted(SCENARIOS), metavar="SCENARIO")
    twin.add_argument("--truth", type=Path, required=True, help="where to write what is true")
    twin.add_argument("--seed", type=_from_zero, default=1)
    twin.add_argument("--count", type=_at_least_one, default=1, help="how many clips or rounds")
    twin.add_argument("--people", type=_at_least_one, default=10, help="who cross each other")
    twin.add_argument("--outdoor-c", type=float, default=-5.0, help="where cold people come from")
    twin.add_argument("--rest-min", type=float, default=5.0, help="how long they rest, minutes")
    twin.add_argument("--rows", type=_at_least_one, default=480, help="of the camera (standing)")
    twin.add_argument("--columns", type=_at_least_one, default=640, help="of the camera (standing)")
    twin.add_argument("--rate-hz", type=float, default=9.0, help="frames a second (standing)")
    twin.add_argument("--seconds", type=float, default=4.0, help="length (standing)")
    hub = parts.add_parser("hub", help="one camera and one gun, with people")
    hub.set_defaults(run=_run_devices, build=_build_hub)
    hub.add_argument("--travellers", type=_at_least_one, default=12)
    hub.add_argument("--febrile-every", type=int, default=4)
    hub.add_argument("--spacing", type=float, default=4.0, help="seconds between two people")
    hub.add_argument("--gun-link", type=Path, required=True)
    bench = parts.add_parser("bench", help="one camera and a source on a wire, for certifying")
    bench.set_defaults(run=_run_devices, build=_build_bench)
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


def _from_zero(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("0 or more is needed")
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
