"""Hub files: which devices stand at a site, in TOML, and all that is wrong with one at once."""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulators.clock import SceneClock
from simulators.hub import DevicePlan, Hub
from simulators.scene import demo_travellers
from simulators.site import Site


class HubFileError(ValueError):
    """A hub file that cannot be used; the text names every fault in it."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class PeopleTable(_Table):
    """Who walks by."""

    count: int = Field(default=12, ge=1, le=10_000)
    """How many before the scene begins again."""
    febrile_every: int = Field(default=4, ge=0)
    """One in so many has a fever; 0 for nobody."""
    spacing_s: float = Field(default=4.0, gt=0)
    """Mean seconds between two people."""


class DeviceTable(_Table):
    """One device."""

    name: str = Field(pattern=r"^[\w-]+$")
    """Its name, unique in the hub."""
    model: str
    """Its model in the catalogue."""
    options: dict[str, Any] = {}
    """Its builder's keyword arguments."""


class HubTable(_Table):
    """A whole hub file."""

    seed: int = Field(default=1, ge=0)
    """For everything random."""
    speed: float = Field(default=1.0, ge=0, le=1000)
    """Scene seconds in one real second."""
    control_port: int = Field(default=0, ge=0, le=65535)
    """0 takes a free one."""
    room_c: float = Field(default=22.0, ge=-30, le=60)
    """Air temperature, °C."""
    humidity_pct: float = Field(default=40.0, ge=0, le=100)
    """Relative humidity, %."""
    scene: Literal["checkpoint", "bench"] = "checkpoint"
    """Whether cameras look at people, or at two sources."""
    people: PeopleTable = PeopleTable()
    """Who walks by."""
    devices: list[DeviceTable] = Field(min_length=1)
    """What stands there."""


def shipped() -> list[str]:
    """Return the names of the hub files that come with the simulators."""
    names = (item.name for item in files("simulators.hubs").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def read_hub_file(name: str, settings: Iterable[str] = ()) -> HubTable:
    """Return what a hub file says.

    Args:
        name: a path, or the name of a shipped file such as `demo`.
        settings: single values to change: `speed=5`, `people.count=3`, or an option of a device by
            its name, `camera.port=8418`. A value is TOML, or else plain text.

    Raises:
        HubFileError: if there is no such file, it is no TOML, or a value does not fit.
    """
    try:
        if name in shipped():
            text = files("simulators.hubs").joinpath(f"{name}.toml").read_text("utf-8")
        else:
            text = Path(name).read_text("utf-8")
        table = tomllib.loads(text)
        for setting in settings:
            _override(table, setting)
        return HubTable.model_validate(table)
    except (OSError, UnicodeDecodeError) as error:
        raise HubFileError(
            f"{name} cannot be read ({error}): name a file, or one of {', '.join(shipped())}"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise HubFileError(f"{name} is no TOML: {error}") from error
    except ValidationError as error:
        faults = (
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise HubFileError(f"{name} cannot be used: {'; '.join(faults)}") from error


def start_hub(table: HubTable, folder: Path) -> Hub:
    """Start the devices of a hub file.

    Args:
        table: what `read_hub_file` returned.
        folder: where pseudo-terminals appear.

    Raises:
        HubFileError: if a device does not fit.
        PortInUse: if a port or link is taken.
    """
    who = table.people
    site = Site(
        folder,
        clock=SceneClock(table.speed),
        people=demo_travellers(table.seed, who.count, who.febrile_every, who.spacing_s),
        seed=table.seed,
        room_c=table.room_c,
        humidity_pct=table.humidity_pct,
        is_bench=table.scene == "bench",
    )
    plans = [DevicePlan(device.name, device.model, device.options) for device in table.devices]
    try:
        return Hub(site, plans, table.control_port)
    except ValueError as error:
        raise HubFileError(str(error)) from error


def _override(table: dict[str, Any], setting: str) -> None:
    path, separator, text = setting.partition("=")
    section, _, key = path.rpartition(".")
    devices = {device.get("name"): device for device in table.get("devices", ())}
    if not separator or not key or (section and section != "people" and section not in devices):
        known = ", ".join(str(name) for name in devices)
        raise HubFileError(
            f"{setting!r} is no setting: write NAME=VALUE, people.NAME=VALUE or DEVICE.NAME=VALUE "
            f"(devices: {known})"
        )
    if section in devices:
        target = devices[section].setdefault("options", {})
    else:
        target = table.setdefault("people", {}) if section else table
    target[key] = _value(text)


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
