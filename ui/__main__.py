"""`python -m ui --socket PATH`: show the kiosk."""

import argparse
import logging
import sys
from pathlib import Path

from ui.app import run_kiosk


def main() -> int:
    """Parse the command line and show the kiosk."""
    parser = argparse.ArgumentParser(prog="fever-station-kiosk")
    parser.add_argument("--socket", type=Path, required=True, help="the station's bridge")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--full-screen", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return run_kiosk(args.socket, args.language, is_full_screen=args.full_screen)


if __name__ == "__main__":
    sys.exit(main())
