"""`fever-station devices probe`: open one device, say who answers and what it reads."""

import argparse

from rich.console import Console

from station.commands.device_choice import add_arguments, choose
from station.commands.device_texts import read_line, told

_FIRST_READING_S = 5.0


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser("probe", help="open a device, say who answers and what it reads")
    add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Probe one device.

    Raises:
        DeviceError: if it cannot be opened, or something else answers there.
        KnownError: if no device is named.
    """
    console = Console(highlight=False)
    choice = choose(args)
    with choice.create() as device:
        console.print(f"{choice.device_id}: {told(device.info)}", markup=False, soft_wrap=True)
        line = read_line(device, _FIRST_READING_S)
        console.print(f"  {line or 'nothing read: a thermometer is silent until its trigger'}")
    return 0
