"""mosquitto's configuration and access list, from the shipped templates."""

import re
import subprocess
from importlib.resources import files as resources
from pathlib import Path

from station.core.errors import KnownError
from station.pki import files
from station.pki.authority import Authority
from station.pki.certificates import Role

Version = tuple[int, int, int]

_VERSION = re.compile(r"mosquitto version (\d+)\.(\d+)\.(\d+)")
# Source: eclipse/mosquitto issue 2618.
_LOSES_SESSIONS = ((2, 0, 12), (2, 0, 18))
_NEEDED = {
    "require_certificate": "true",
    "use_identity_as_username": "true",
    "use_username_as_clientid": "true",
}
_NAMED = ("cafile", "crlfile", "acl_file", "max_packet_size")


def write_configuration(
    authority: Authority, *, bind: str, port: int, user: str, at: Path | None = None
) -> Path:
    """Complete the broker's folder with mosquitto.conf, access list and revocation list.

    Args:
        authority: whose broker; the one enrolled last.
        bind: the address to listen on.
        port: the port to listen on.
        user: the system user that mosquitto becomes.
        at: where the folder will lie on the broker's machine; None where it is now.

    Raises:
        KnownError: if no broker is enrolled, or a file cannot be written.
    """
    folder = authority.broker_folder()
    there = at or folder.absolute()
    if any(character.isspace() for character in str(there)):
        raise KnownError(f"mosquitto takes no folder with a space in its name: {there}")
    receivers = authority.register().names(Role.RECEIVER)
    blocks = [_template("acl-receiver").format(name=name) for name in receivers]
    # Newer versions of mosquitto want this list closed to others.
    files.write_public(folder / "acl", "".join([_template("acl"), *blocks]).encode(), mode=0o600)
    files.write_public(folder / "crl.pem", files.read(authority.crl_file))
    text = _template("mosquitto.conf").format(folder=there, user=user, bind=bind, port=port)
    files.write_public(folder / "mosquitto.conf", text.encode())
    return folder


def mosquitto_version(program: str | None) -> Version | None:
    """Return the version of the installed mosquitto, or None if it does not tell one."""
    if program is None:
        return None
    try:
        told = subprocess.run(  # noqa: S603 - the program found on this machine
            [program, "-h"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(told)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def faults_of(configuration: str, version: Version | None) -> list[str]:
    """Return what is dangerous in somebody's mosquitto.conf, one sentence each.

    Args:
        configuration: its text.
        version: of the mosquitto that reads it, if known; then only its own faults are told.
    """
    pairs = (line.split(maxsplit=1) for line in configuration.splitlines())
    values = {p[0]: p[1].strip() if len(p) > 1 else "" for p in pairs if p and p[0][0] != "#"}
    faults = [
        f"{name} must be {value}." for name, value in _NEEDED.items() if values.get(name) != value
    ]
    faults += [f"{name} is missing." for name in _NAMED if name not in values]
    if values.get("allow_anonymous", "false") != "false":
        faults.append("allow_anonymous must be false: anybody gets in without a certificate.")
    first, last = _LOSES_SESSIONS
    is_affected = version is None or first <= version <= last
    if values.get("per_listener_settings") == "true" and is_affected:
        faults.append(
            "per_listener_settings must not be true: mosquitto 2.0.12 to 2.0.18 loses sessions "
            "with it (issue 2618): take the line out, or install a newer version."
        )
    return faults


def _template(name: str) -> str:
    return resources("config").joinpath("broker", name).read_text("utf-8")
