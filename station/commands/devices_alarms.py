"""`fever-station devices alarms`: a Hikvision camera's own alarms, to compare. EXPERIMENTAL.

Their temperatures are corrected by the camera and never enter screening.
"""

import argparse
import time

from rich.console import Console

from drivers.cameras.hikvision_alarms import HikvisionAlarmStream
from drivers.cameras.hikvision_alarms_codec import CameraAlarm
from station.commands.device_choice import add_arguments, choose
from station.core.errors import KnownError

_DRIVER = "hikvision-isapi"


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser(
        "alarms", help="a Hikvision camera's own alarms (experimental, never used for screening)"
    )
    add_arguments(parser)
    parser.add_argument("--seconds", type=float, default=0, help="stop by itself; 0 for never")


def run(args: argparse.Namespace) -> int:
    """Print alarms until Ctrl+C or the time is over.

    Raises:
        DeviceError: if the camera cannot be reached or says something else.
        KnownError: if the device is no Hikvision camera.
    """
    choice = choose(args)
    if choice.driver != _DRIVER:
        raise KnownError(f"{choice.device_id} is no {_DRIVER} camera: only those tell alarms.")
    url, user, password = (str(choice.options.get(n, "")) for n in ("url", "user", "password"))
    console = Console(highlight=False)
    console.print("EXPERIMENTAL: temperatures corrected by the camera, never used for screening.")
    ends_s = time.monotonic() + args.seconds if args.seconds else float("inf")
    with HikvisionAlarmStream(url=url, user=user, password=password) as stream:
        while time.monotonic() < ends_s:
            console.print(alarm_text(stream.read()), markup=False)
    return 0


def alarm_text(alarm: CameraAlarm) -> str:
    """Return an alarm in one line."""
    state = "active" if alarm.is_active else "inactive"
    told = (
        f", device-corrected {alarm.device_corrected_c:.1f} °C"
        if alarm.device_corrected_c is not None
        else ""
    )
    rule = f", its limit {alarm.rule_c:.1f} °C" if alarm.rule_c is not None else ""
    return f"{alarm.event_type} {state}, channel {alarm.channel}{told}{rule}"
