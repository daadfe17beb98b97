"""`fever-station service`: let systemd run station and kiosk, and start each again when it dies."""

import argparse
import getpass
import grp
import pwd
import shutil
import subprocess
from pathlib import Path

from rich.console import Console

from config.loader import load_settings
from config.settings import Settings
from station.commands.up import WATCHDOG_S, kiosk_command, station_command
from station.core.errors import KnownError
from station.service import units


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("service", help="let systemd run station and kiosk")
    parts = parser.add_subparsers(dest="part", required=True, metavar="install")
    install = parts.add_parser("install", help="write the units and start them")
    scope = install.add_mutually_exclusive_group(required=True)
    scope.add_argument("--user", action="store_true", help="for who runs this command alone")
    scope.add_argument("--system", action="store_true", help="from boot on; needs root")
    install.add_argument("--config", type=Path, required=True, metavar="SITE.toml")
    install.add_argument(
        "--run-as", metavar="USER", help="with --system: who runs the station, and the kiosk"
    )
    install.add_argument(
        "--root", type=Path, metavar="DIR", help="write below DIR, and start nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Write the units, tell systemd, and say what comes next.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if a path of the site file is not absolute, or the units cannot be written.
    """
    config = args.config.absolute()
    settings = load_settings(config)
    if args.system and not args.run_as:
        raise KnownError("Name who runs the station and the kiosk: --run-as USER.")
    plan = _plan(config, settings)
    files = _system_files(plan, args.run_as) if args.system else _user_files(plan)
    console = Console(highlight=False, soft_wrap=True)
    for path, text in files.items():
        place = args.root / path.relative_to("/") if args.root else path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        except OSError as error:
            hint = ": run it as root" if args.system else ""
            raise KnownError(f"{place} cannot be written ({error.strerror}){hint}.") from error
        console.print(f"wrote {place}", markup=False)
    if not args.root:
        _tell_systemd(["systemctl"] if args.system else ["systemctl", "--user"])
    who = args.run_as if args.system else getpass.getuser()
    console.print(f"The kiosk starts with the next desktop session of {who}.", markup=False)
    if args.user:
        console.print(f"To screen without a session: loginctl enable-linger {who}", markup=False)
    return 0


def _plan(config: Path, settings: Settings) -> units.Plan:
    named = {
        "[station] ledger_path": settings.station.ledger_path,
        "[kiosk] socket_path": settings.kiosk.socket_path,
    }
    for name, path in named.items():
        if not path.is_absolute():
            raise KnownError(f"{name} is {str(path)!r}: a service needs a path from the root on.")
    # Versions of the site file lie beside it.
    folders = [*(path.parent for path in named.values()), config.parent]
    writable = list(dict.fromkeys(folders))
    return units.Plan(
        station=station_command(config),
        kiosk=kiosk_command(settings, is_full_screen=True),
        folder=config.parent,
        writable=writable,
        watchdog_s=WATCHDOG_S,
    )


def _system_files(plan: units.Plan, user: str) -> dict[Path, str]:
    try:
        pwd.getpwnam(user)
    except KeyError as error:
        raise KnownError(f"There is no user {user!r}: make it first (adduser {user}).") from error
    known = {group.gr_name for group in grp.getgrall()}
    groups = [name for name in units.DEVICE_GROUPS if name in known]
    return {
        Path("/etc/systemd/system", units.STATION): units.system_station(plan, user, groups),
        Path("/etc/systemd/user", units.KIOSK): units.kiosk(plan),
        Path("/etc/xdg/autostart", units.AUTOSTART): units.autostart(),
    }


def _user_files(plan: units.Plan) -> dict[Path, str]:
    home = Path.home() / ".config"
    return {
        home / "systemd/user" / units.STATION: units.user_station(plan),
        home / "systemd/user" / units.KIOSK: units.kiosk(plan),
        home / "autostart" / units.AUTOSTART: units.autostart(),
    }


def _tell_systemd(systemctl: list[str]) -> None:
    """Have the station's unit read, enabled and started.

    Raises:
        KnownError: if systemd is not there or refuses.
    """
    if shutil.which("systemctl") is None:
        raise KnownError("The units are written, but systemd is not here: use fever-station up.")
    for order in (["daemon-reload"], ["enable", "--now", units.STATION]):
        done = subprocess.run(  # noqa: S603 - our own command line
            [*systemctl, *order], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            words = done.stderr.strip().splitlines()
            raise KnownError(
                f"The units are written, but `{' '.join([*systemctl, *order])}` failed"
                f"{f' ({words[-1]})' if words else ''}: start them by hand."
            )
