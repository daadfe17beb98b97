"""`python -m simulators`: the devices of a hub file, or the twin's films.

`hub` runs devices until told to stop; `twin` streams one scenario on a pipe and ends.
"""

import argparse
import json
import os
import signal
import stat
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from simulators.hub_file import HubFileError, read_hub_file, shipped, start_hub
from simulators.serve.tcp import PortInUse
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


def _run_hub(args: argparse.Namespace) -> int:
    """Run devices; prints one JSON line with their addresses when ready."""
    ended = threading.Event()
    # Before anything is announced: whoever reads the addresses may stop us at once.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        with ExitStack() as own:
            folder = args.folder or Path(own.enter_context(TemporaryDirectory(prefix="hub-")))
            hub = start_hub(read_hub_file(args.hub, args.set), folder)
            own.callback(hub.close)
            for switch in args.fault:
                device, _, fault = switch.partition(".")
                hub.obey({"do": "fault", "device": device, "fault": fault, "on": True})
            sys.stdout.write(json.dumps(hub.addresses) + "\n")
            sys.stdout.flush()
            _wait_for(ended)
    except (PortInUse, HubFileError) as error:
        sys.stderr.write(f"simulators: {error}\n")
        return 2
    except (KeyError, ValueError) as error:
        sys.stderr.write(f"simulators: --fault is DEVICE.FAULT: {error}\n")
        return 2
    return 0


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
    hub = parts.add_parser("hub", help="the devices of a hub file, until told to stop")
    hub.set_defaults(run=_run_hub)
    hub.add_argument("hub", metavar="FILE", help=f"a hub file, or one of {', '.join(shipped())}")
    hub.add_argument("--folder", type=Path, help="where serial ports appear; a new one by default")
    hub.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change one value of the file: speed=5, people.count=3, camera.port=8418",
    )
    hub.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="DEVICE.FAULT",
        help="switch a fault on from the start: camera.normalise",
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
