"""The site file with which `fever-station run` reads a simulated hub."""

import json
from collections.abc import Iterator
from pathlib import Path

from drivers.registry import DeviceKind, list_drivers
from station.commands.simulate_lines import SimulatedDevice, SimulatedHub
from station.core.errors import KnownError

_HEAD = """\
# Written by `fever-station simulate`: it fits the simulated hub only while that runs.
#   fever-station run --config {path}
# Every alert is a drill's, because [simulators] is there.

[station]
station_id = "simulated-1"
region = "000000"
site = "simulated"
ledger_path = {ledger}

[room]
ambient_c = {room_c}
humidity_pct = {humidity_pct}

[accounts]
required = false

[kiosk]
socket_path = {socket}

[simulators]
control = {control}
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
# It looks at its share of the cameras; the disc in their pictures stays at 37 °C whatever it says.
_SOURCE = """
[[sources]]
device_id = {name}
driver = {driver}
cameras = {cameras}
"""
_ROOM_SENSOR = """
[[room_sensors]]
device_id = {name}
driver = {driver}
role = "{role}"
"""
_ROLES = ("indoor", "outdoor")
_THERMOMETER = """
[[thermometers]]
device_id = {name}
driver = {driver}
"""


def write_site(hub: SimulatedHub, control: tuple[str, int], path: Path) -> list[str]:
    """Write the site file of a hub; its ledger and bridge stand beside it.

    Args:
        hub: the devices.
        control: host and port at which they are controlled.
        path: where to write it.

    Returns:
        The names of devices that a site file has no place for.

    Raises:
        KnownError: if it cannot be written.
    """
    placed: list[str] = []
    text = "".join(_parts(hub, control, path.absolute(), placed))
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise KnownError(
            f"The site file {path} cannot be written ({error.strerror}): name another place."
        ) from error
    return [one.name for one in hub.devices if one.name not in placed]


def _parts(
    hub: SimulatedHub, control: tuple[str, int], path: Path, placed: list[str]
) -> Iterator[str]:
    """Yield the file's sections; the names of the devices in them are added to `placed`."""
    yield _HEAD.format(
        path=path,
        ledger=_quoted(path.with_suffix(".sqlite")),
        room_c=hub.room_c,
        humidity_pct=hub.humidity_pct,
        socket=_quoted(path.with_suffix(".sock")),
        control=_quoted(f"{control[0]}:{control[1]}"),
    )
    left, bottom = _LEFT_BOTTOM[hub.scene]
    yield _REFERENCE.format(left=left, bottom=bottom)
    cameras = _of_kind(hub, DeviceKind.CAMERA)
    sources = _of_kind(hub, DeviceKind.REFERENCE)
    if hub.scene == "bench" and sources:
        swept = sources[0]
        placed.append(swept.name)
        yield _SWEPT.format(driver=_quoted(swept.model)) + _options("swept_source", swept)
    told: list[tuple[str, str, SimulatedDevice, dict[str, str]]] = []
    for number, one in enumerate(cameras, 1):
        told.append((_CAMERA, "cameras", one, {"number": str(number)}))
    for one in _of_kind(hub, DeviceKind.THERMOMETER):
        told.append((_THERMOMETER, "thermometers", one, {}))
    if hub.scene == "checkpoint":
        for number, one in enumerate(sources):
            watched = _quoted([camera.name for camera in cameras[number :: len(sources)]])
            told.append((_SOURCE, "sources", one, {"cameras": watched}))
    for role, one in zip(_ROLES, _of_kind(hub, DeviceKind.ROOM), strict=False):
        told.append((_ROOM_SENSOR, "room_sensors", one, {"role": role}))
    for template, section, one, more in told:
        placed.append(one.name)
        yield template.format(name=_quoted(one.name), driver=_quoted(one.model), **more)
        yield _options(section, one)


def _of_kind(hub: SimulatedHub, kind: DeviceKind) -> list[SimulatedDevice]:
    drivers = {entry.name for entry in list_drivers() if entry.kind is kind}
    return [one for one in hub.devices if one.model in drivers]


def _options(section: str, one: SimulatedDevice) -> str:
    lines = [f"[{section}.options]"]
    lines += [f"{name} = {_quoted(value)}" for name, value in one.address.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    """Return a scalar as TOML writes it: JSON's strings, numbers and booleans are TOML's, too."""
    plain = str(value) if isinstance(value, Path) else value
    return json.dumps(plain, ensure_ascii=False)
