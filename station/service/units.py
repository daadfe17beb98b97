"""The systemd units of a station and its kiosk, with the paths of this machine filled in.

The two know nothing of each other: neither's death, restart or update stops the other. A killed
part is back after half a second and its own start; nobody ever gives up starting it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STATION, KIOSK = "fever-station.service", "fever-kiosk.service"
"""The units' names."""
AUTOSTART = "fever-kiosk.desktop"
"""What starts the kiosk with the desktop session."""

# Groups that own serial ports, USB cameras and keyboards on Debian and its kin.
DEVICE_GROUPS = ("dialout", "video", "input")

_COMMON = """\
Type=notify
ExecStart={command}
WorkingDirectory={folder}
Restart=always
RestartSec=500ms
WatchdogSec={watchdog_s:g}
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
"""
_STATION = """\
[Unit]
Description=Fever screening station: cameras, ledger and the link to the CDC
After=network.target
StartLimitIntervalSec=0

[Service]
{common}TimeoutStartSec=60
TimeoutStopSec=60
KillMode=mixed
{system}
[Install]
WantedBy={target}
"""
# No ProtectClock: it brings a DeviceAllow, and with it no serial port or camera is reached.
_SYSTEM = """\
User={user}
{groups}StateDirectory=fever-station
StateDirectoryMode=0700
RuntimeDirectory=fever-station
RuntimeDirectoryMode=0700
OOMScoreAdjust=-800
ProtectSystem=strict
ReadWritePaths={writable}
ProtectHome=read-only
{private_tmp}ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_BLUETOOTH AF_NETLINK
CapabilityBoundingSet=
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
"""
_KIOSK = """\
[Unit]
Description=Kiosk of the fever screening station
PartOf=graphical-session.target
After=graphical-session.target
StartLimitIntervalSec=0

[Service]
{common}TimeoutStopSec=15
# Without a display it ends with this code: the next session starts it.
RestartPreventExitStatus=2
"""
_AUTOSTART = """\
[Desktop Entry]
Type=Application
Name=Fever screening kiosk
Exec=/bin/sh -c "systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY; \
systemctl --user restart {kiosk}"
X-GNOME-Autostart-enabled=true
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the units are made of."""

    station: Sequence[str]
    """The station's command line, absolute paths."""
    kiosk: Sequence[str]
    """The kiosk's."""
    folder: Path
    """Where both run: the site file's folder."""
    writable: Sequence[Path]
    """Folders that the station writes to."""
    watchdog_s: float
    """Seconds without a sign of life after which a part is started anew."""


def system_station(plan: Plan, user: str, groups: Sequence[str]) -> str:
    """Return the station's unit for the machine: it runs from boot on, without anybody signed in.

    Args:
        plan: paths and commands.
        user: who runs it; the kiosk must run as the same, since the bridge lets in nobody else.
        groups: further groups of the user that own devices.
    """
    writable = " ".join(_quoted(str(path)) for path in plan.writable)
    shares_tmp = any(path.is_relative_to(tmp) for path in plan.writable for tmp in _TMP)
    system = _SYSTEM.format(
        user=user,
        groups=f"SupplementaryGroups={' '.join(groups)}\n" if groups else "",
        writable=writable,
        private_tmp="" if shares_tmp else "PrivateTmp=yes\n",
    )
    return _STATION.format(
        common=_common(plan, plan.station), system=system, target="multi-user.target"
    )


def user_station(plan: Plan) -> str:
    """Return the station's unit for one user's own service manager."""
    return _STATION.format(common=_common(plan, plan.station), system="", target="default.target")


def kiosk(plan: Plan) -> str:
    """Return the kiosk's unit, always of a user's service manager: it needs that user's display."""
    return _KIOSK.format(common=_common(plan, plan.kiosk))


def autostart() -> str:
    """Return the desktop entry that starts the kiosk's unit with the session."""
    return _AUTOSTART.format(kiosk=KIOSK)


_TMP = ("/tmp", "/var/tmp")  # noqa: S108 - compared with, nothing is made there


def _common(plan: Plan, command: Sequence[str]) -> str:
    # WorkingDirectory takes the rest of its line as it is, but for specifiers.
    return _COMMON.format(
        command=" ".join(_quoted(word) for word in command),
        folder=str(plan.folder).replace("%", "%%"),
        watchdog_s=plan.watchdog_s,
    )


def _quoted(word: str) -> str:
    """Return one word of a command line as systemd reads it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != word or " " in word else word
