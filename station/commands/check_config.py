"""`fever-station check-config`: name every fault of a site file."""

import argparse
import sys
from pathlib import Path

from config.loader import load_settings
from drivers.registry import DeviceKind, require_known
from station.commands.wording import counted
from station.runtime.lanes import build_locator
from station.runtime.link_files import cdc_keys, sealing_key, signing_key, tls_files


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("check-config", help="name every fault of a site file")
    parser.add_argument("file", type=Path, metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Check the file; `ConfigError`, unknown drivers and locators are reported by the caller."""
    settings = load_settings(args.file)
    for camera in settings.cameras:
        require_known(DeviceKind.CAMERA, camera.driver)
    for thermometer in settings.thermometers:
        require_known(DeviceKind.THERMOMETER, thermometer.driver)
    for source in settings.sources:
        require_known(DeviceKind.REFERENCE, source.driver)
    for sensor in settings.room_sensors:
        require_known(DeviceKind.ROOM, sensor.driver)
    if settings.swept_source.driver != "manual":
        require_known(DeviceKind.REFERENCE, settings.swept_source.driver)
    if (tls := tls_files(settings.link)) is not None:
        tls.context(settings.station.station_id)
    key, cdc = signing_key(settings.link), cdc_keys(settings.link)
    is_shared = settings.registration.share_with_cdc or any(
        order.share_with_cdc for order in settings.collection_orders
    )
    # Also a key that no rule uses must be one: it is loaded at the start.
    sealing_key(settings.link)
    sys.stdout.write(
        f"{args.file}: correct: {counted(len(settings.cameras), 'camera')}, "
        f"{counted(len(settings.thermometers), 'thermometer')}, policy "
        f"{', '.join(p.policy_id for p in settings.policies)}\n"
        f"faces: {settings.locator.kind}, sha256 {build_locator(settings.locator).sha256}\n"
        f"link: {'TLS' if tls else 'without TLS'}, messages {'signed' if key else 'unsigned'}, "
        f"answers {'checked' if cdc else 'not checked'}, "
        f"identities {'sealed for the CDC where a rule says so' if is_shared else 'kept here'}\n"
    )
    return 0
