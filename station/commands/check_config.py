"""`fever-station check-config`: name every fault of a site file."""

import argparse
import sys
from pathlib import Path

from config.loader import ConfigError, load_settings
from station.commands.wording import counted
from station.runtime.driver_options import device_faults
from station.runtime.lanes import build_locator
from station.runtime.link_files import cdc_keys, sealing_key, signing_key, tls_files


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("check-config", help="name every fault of a site file")
    parser.add_argument("file", type=Path, metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Check the file; `ConfigError` and unknown locators are reported by the caller.

    A station also runs without a camera, but whoever checks its file is told.
    """
    settings = load_settings(args.file)
    if faults := device_faults(settings):
        raise ConfigError([f"{args.file}: {fault}" for fault in faults])
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
    if not settings.cameras:
        sys.stderr.write(
            f"{args.file}: names no camera: a station with it screens nobody. "
            "Add [[cameras]], or take the whole file: this one may be half written.\n"
        )
    return 0
