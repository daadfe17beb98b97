"""`python -m simulators hub`: run the devices of one checkpoint until told to stop."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from simulators.hub import Hub
from simulators.serve import PortInUse


def main(argv: list[str] | None = None) -> int:
    """Run the hub; prints one JSON line with its addresses when ready.

    Returns:
        0 after SIGTERM, SIGINT or the end of standard input; 2 if a port is taken.
    """
    args = _parser().parse_args(argv)
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
    _wait_for_end()
    hub.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators")
    hub = parser.add_subparsers(required=True).add_parser("hub", help="one camera and one gun")
    hub.add_argument("--seed", type=int, default=7)
    hub.add_argument("--travellers", type=int, default=12)
    hub.add_argument("--febrile-every", type=int, default=4)
    hub.add_argument("--spacing", type=float, default=4.0, help="seconds between two people")
    hub.add_argument("--speed", type=float, default=1.0, help="scene seconds in a real second")
    hub.add_argument("--camera-port", type=int, default=0)
    hub.add_argument("--control-port", type=int, default=0)
    hub.add_argument("--gun-link", type=Path, required=True)
    hub.add_argument("--camera-password", required=True)
    return parser


def _wait_for_end() -> None:
    """Wait for a signal, or for whoever started us to go away."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    def watch() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=watch, name="stdin", daemon=True).start()
    ended.wait()


if __name__ == "__main__":
    sys.exit(main())
