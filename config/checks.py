"""Values that have the right type and still make no sense, in every section of a site file."""

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from config.case_checks import case_checks
from config.device_checks import device_checks
from config.limits import limit_checks
from config.rules import Check, is_within
from config.screening_checks import screening_checks
from config.settings import Settings, is_loopback

_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_NAME_RULE = "may hold up to 64 letters, digits and '-'"
_ZONE_RULE = (
    'must be a name of the time zone database like "Asia/Shanghai" (Debian\'s package tzdata)'
)
_LARGEST_PORT = 65535


def checks(s: Settings) -> Iterator[Check]:
    """Yield every check of a station's settings."""
    yield from _station_checks(s)
    yield from limit_checks(s)
    yield from device_checks(s)
    yield from screening_checks(s)
    yield from case_checks(s)
    yield from _link_checks(s)
    yield from _simulator_checks(s)


def _station_checks(s: Settings) -> Iterator[Check]:
    for name in ("station_id", "region", "site"):
        yield ("station", name), bool(_NAME.fullmatch(getattr(s.station, name))), _NAME_RULE
    is_zone = s.station.time_zone in available_timezones()
    yield ("station", "time_zone"), is_zone, _ZONE_RULE


def _link_checks(s: Settings) -> Iterator[Check]:
    link = s.link
    is_ordered = link.reconnect_min_s <= link.reconnect_max_s
    yield ("link", "reconnect_min_s"), is_ordered, "must be at most reconnect_max_s"
    files = (link.ca_file, link.cert_file, link.key_file)
    is_whole = all(files) or not any(files)
    yield ("link",), is_whole, "needs ca_file, cert_file and key_file together, or none of them"
    is_closed = link.ca_file is not None or link.is_local or link.allow_plaintext
    text = (
        "is not this machine: name ca_file, cert_file and key_file (fever-station pki enrol), or "
        "set allow_plaintext = true on a closed network"
    )
    yield ("link", "host"), is_closed, text
    is_signed = link.signing_key_file is not None or link.ca_file is None
    yield ("link",), is_signed, "needs signing_key_file with TLS: receivers refuse what is unsigned"


def _simulator_checks(s: Settings) -> Iterator[Check]:
    if s.simulators is not None:
        control = s.simulators
        is_here = is_loopback(control.host) and is_within(control.port, 1, _LARGEST_PORT)
        rule = f'must be a port of this machine like "127.0.0.1:4711", not {control.control!r}'
        yield ("simulators", "control"), is_here, rule
