"""`python -m ui --socket PATH`: show the kiosk."""

import argparse
import logging
import sys
from pathlib import Path

from station.core.errors import KnownError
from station.service.logfile import keep_log, kiosk_log
from ui.app import run_kiosk
from ui.traveller import TravellerPlace


def main(argv: list[str] | None = None) -> int:
    """Parse the command line and show the kiosk; exit code 2 means it could not be shown."""
    parser = argparse.ArgumentParser(prog="fever-station-kiosk")
    parser.add_argument("--socket", type=Path, required=True, help="the station's bridge")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--full-screen", action="store_true")
    parser.add_argument(
        "--traveller",
        type=TravellerPlace,
        choices=tuple(TravellerPlace),
        default=TravellerPlace.AUTO,
        help="where travellers see what they are told: on the second screen (auto), beside the "
        "operator's window on one screen of 1600 pixels or more (split), or nowhere (off)",
    )
    parser.add_argument(
        "--voices",
        type=Path,
        metavar="DIR",
        help="recorded prompts, PROMPT_zh.wav and PROMPT_en.wav (default: espeak-ng, if installed)",
    )
    parser.add_argument(
        "--place",
        type=Path,
        metavar="FILE",
        help="where the kiosk keeps which case the operator is at (default: beside the socket)",
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="DIR", help="save DIR/kiosk.png after 3 s and end"
    )
    args = parser.parse_args(argv)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    keep_log(kiosk_log(args.socket))
    try:
        return run_kiosk(
            args.socket,
            args.language,
            is_full_screen=args.full_screen,
            place_path=args.place or args.socket.with_name(f"{args.socket.name}.place"),
            traveller=args.traveller,
            recordings=args.voices,
            screenshot_folder=args.screenshot,
        )
    except KnownError as error:
        sys.stderr.write(f"fever-station-kiosk: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
