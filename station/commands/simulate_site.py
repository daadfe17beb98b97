"""The site file with which `fever-station run` reads a simulated hub."""

import json
from collections.abc import Iterator
from pathlib import Path

from drivers.registry import DeviceKind, list_drivers
from station.commands.simulate_lines import SimulatedDevice, SimulatedHub
from station.core.errors import KnownError

_HEAD = """\
# Written by `fever-station simulate`: it fits the simulated hub only while that runs.
#   fever-station run --config {path} --drill

[station]
station_id = "simulated-1"
region = "000000"
site = "simulated"
ledger_path = {ledger}

[room]
ambient_c = {room_c}
humidity_pct = {humidity_pct}

[kiosk]
socket_path = {socket}
"""
# Where the simulated scenes hang their reference source, at the upper right.
_REFERENCE = """
[reference]
regions = [[0.0, {left}, {bottom}, 1.0]]
"""
_LEFT_BOTTOM = {"checkpoint": (0.7, 0.5), "bench": (0.75, 0.4)}
_SWEPT = """
[swept_source]
driver = {driver}
region = [0.35, 0.25, 0.8, 0.65]
emissivity = 0.95
"""
# A camera a lane; a simulated camera has been on since yesterday.
_CAMERA = """
[[cameras]]
camera_id = {name}
lane = "{number}"
driver = {driver}
warm_up_s = 0
"""
_THERMOMETER = """
[[thermometers]]
device_id = {name}
driver = {driver}
"""


def write_site(hub: SimulatedHub, path: Path) -> list[str]:
    """Write the site file of a hub; its ledger and bridge stand beside it.

    Returns:
        The names of devices that a site file has no place for.

    Raises:
        KnownError: if it cannot be written.
    """
    kinds = {entry.name: entry.kind for entry in list_drivers()}
    text = "".join(_parts(hub, path.absolute(), kinds))
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise KnownError(
            f"The site file {path} cannot be written ({error.strerror}): name another place."
        ) from error
    placed = {DeviceKind.CAMERA, DeviceKind.THERMOMETER}
    source = _swept(hub, kinds)
    return [
        one.name for one in hub.devices if kinds.get(one.model) not in placed and one is not source
    ]


def _parts(hub: SimulatedHub, path: Path, kinds: dict[str, DeviceKind]) -> Iterator[str]:
    yield _HEAD.format(
        path=path,
        ledger=_quoted(path.with_suffix(".sqlite")),
        room_c=hub.room_c,
        humidity_pct=hub.humidity_pct,
        socket=_quoted(path.with_suffix(".sock")),
    )
    left, bottom = _LEFT_BOTTOM[hub.scene]
    yield _REFERENCE.format(left=left, bottom=bottom)
    if (source := _swept(hub, kinds)) is not None:
        yield _SWEPT.format(driver=_quoted(source.model)) + _options("swept_source", source)
    cameras = _of_kind(hub, kinds, DeviceKind.CAMERA)
    for number, one in enumerate(cameras, 1):
        yield _CAMERA.format(name=_quoted(one.name), number=number, driver=_quoted(one.model))
        yield _options("cameras", one)
    for one in _of_kind(hub, kinds, DeviceKind.THERMOMETER):
        yield _THERMOMETER.format(name=_quoted(one.name), driver=_quoted(one.model))
        yield _options("thermometers", one)


def _of_kind(
    hub: SimulatedHub, kinds: dict[str, DeviceKind], kind: DeviceKind
) -> list[SimulatedDevice]:
    return [one for one in hub.devices if kinds.get(one.model) is kind]


def _swept(hub: SimulatedHub, kinds: dict[str, DeviceKind]) -> SimulatedDevice | None:
    """Return the source that certifying would sweep: the first one."""
    return next(iter(_of_kind(hub, kinds, DeviceKind.REFERENCE)), None)


def _options(section: str, one: SimulatedDevice) -> str:
    lines = [f"[{section}.options]"]
    lines += [f"{name} = {_quoted(value)}" for name, value in one.address.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    """Return a scalar as TOML writes it: JSON's strings, numbers and booleans are TOML's, too."""
    plain = str(value) if isinstance(value, Path) else value
    return json.dumps(plain, ensure_ascii=False)
