"""`python -m simulators`: the devices of one checkpoint, or the twin's films on a pipe.

`hub` runs a camera and a gun until told to stop; `twin` streams one scenario and ends.
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
    return _run_twin(args) if args.what == "twin" else _run_hub(args)


def _run_twin(args: argparse.Namespace) -> int:
    """Stream a scenario to standard output; `simulators.twin.stream` documents the format."""
    wish = Wish(
        seed=args.seed,
        count=args.count,
        people=args.people,
        outdoor_c=args.outdoor_c,
        rest_min=args.rest_min,
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


def _run_hub(args: argparse.Namespace) -> int:
    """Run the hub; prints one JSON line with its addresses when ready."""
    ended = threading.Event()
    # Before anything is announced: whoever reads the addresses may stop us at once.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
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
    except PortInUse as error:
        sys.stderr.write(f"simulators: {error}\n")
        return 2
    ready = {
        "camera_url": hub.camera.url,
        "gun_port": hub.gun.port,
        "control": list(hub.control.address),
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    _wait_for(ended)
    hub.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators")
    parts = parser.add_subparsers(required=True, dest="what", metavar="WHAT")
    twin = parts.add_parser("twin", help="films of the physical twin on standard output")
    twin.add_argument("scenario", choices=sorted(SCENARIOS), metavar="SCENARIO")
    twin.add_argument("--truth", type=Path, required=True, help="where to write what is true")
    twin.add_argument("--seed", type=_from_zero, default=1)
    twin.add_argument("--count", type=_at_least_one, default=1, help="how many clips or rounds")
    twin.add_argument("--people", type=_at_least_one, default=10, help="who cross each other")
    twin.add_argument("--outdoor-c", type=float, default=-5.0, help="where cold people come from")
    twin.add_argument("--rest-min", type=float, default=5.0, help="how long they rest, minutes")
    hub = parts.add_parser("hub", help="one camera and one gun")
    hub.add_argument("--seed", type=int, default=7)
    hub.add_argument("--travellers", type=_at_least_one, default=12)
    hub.add_argument("--febrile-every", type=int, default=4)
    hub.add_argument("--spacing", type=float, default=4.0, help="seconds between two people")
    hub.add_argument("--speed", type=float, default=1.0, help="scene seconds in a real second")
    hub.add_argument("--camera-port", type=int, default=0)
    hub.add_argument("--control-port", type=int, default=0)
    hub.add_argument("--gun-link", type=Path, required=True)
    hub.add_argument("--camera-password", required=True)
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
