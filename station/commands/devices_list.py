"""`fever-station devices list`: the drivers there are, and what is attached to this machine."""

import argparse
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table
from serial.tools import list_ports

from config.loader import load_settings
from drivers.api import HandheldThermometer
from drivers.cameras.htpa import find_modules
from drivers.registry import DriverEntry, list_drivers
from drivers.transport.v4l2_nodes import list_video_devices
from station.commands.device_choice import configured

_BY_ID = Path("/dev/serial/by-id")


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser("list", help="the drivers there are, and what is attached")
    parser.add_argument("--config", type=Path, metavar="SITE.toml", help="also a site's devices")
    parser.add_argument(
        "--network",
        nargs="?",
        const="255.255.255.255",
        metavar="BROADCAST",
        help="also Heimann HTPA modules that answer on the network; its broadcast address",
    )


def run(args: argparse.Namespace) -> int:
    """Print the tables.

    Raises:
        ConfigError: if the site file does not fit.
        OpenFailed: if the network cannot be asked.
    """
    console = Console(highlight=False)
    drivers = Table("driver", "kind", "trust of a second check", title="Drivers")
    for entry in sorted(list_drivers(), key=lambda entry: (entry.kind, entry.name)):
        drivers.add_row(entry.name, entry.kind.value, _trust(entry))
    console.print(drivers)
    ports = Table("port", "what its plug says", title="Serial ports")
    for path, said in serial_ports():
        ports.add_row(path, said)
    console.print(ports if ports.row_count else "No serial port is attached.")
    if args.network is not None:
        modules = Table("address", "module", "serial number", title="Modules on the network")
        for module in find_modules(args.network):
            modules.add_row(module.host, module.model, module.serial_number)
        console.print(modules if modules.row_count else "No module answers on the network.")
    videos = Table("camera", "vendor:product", "what its plug says", title="USB video devices")
    for node in list_video_devices():
        videos.add_row(node.path, f"{node.vendor_id}:{node.product_id}", node.product)
    console.print(videos if videos.row_count else "No USB video device is attached.")
    if args.config is not None:
        site = Table("device", "kind", "driver", title=str(args.config))
        for choice in configured(load_settings(args.config)):
            site.add_row(choice.device_id, choice.kind.value, choice.driver)
        console.print(site)
    return 0


def serial_ports(by_id: Path = _BY_ID) -> list[tuple[str, str]]:
    """Return each serial port's stable path, where it has one, and what its plug says of itself."""
    stable = {str(link.resolve()): str(link) for link in by_id.glob("*")} if by_id.is_dir() else {}
    return [
        (stable.get(port.device, port.device), f"{port.description} [{port.hwid}]")
        for port in sorted(list_ports.comports())
    ]


def _trust(entry: DriverEntry) -> str:
    """Return how far a thermometer's readings may decide; empty for other devices."""
    module_name, _, class_name = entry.target.partition(":")
    try:
        driver = getattr(import_module(module_name), class_name)
    except ImportError as error:
        return f"needs {error.name}: not installed"
    if not issubclass(driver, HandheldThermometer):
        return ""
    return str(driver.TRUST) if driver.TRUST else "as each reading tells, or as set"
