"""Which device a technician means: one of a site file, or a driver with its options."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.device_settings import RoomSensorSettings, SourceSettings, ThermometerSettings
from config.loader import load_settings
from config.settings import Settings
from drivers.api import Device
from drivers.registry import DeviceKind, create, list_drivers
from station.core.errors import KnownError
from station.runtime.driver_options import driver_options

Value = str | int | float | bool
"""One option of a driver."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One device, not opened yet."""

    device_id: str
    """Its name in the site file, or its driver's."""
    kind: DeviceKind
    """Which contract it keeps."""
    driver: str
    """Registered driver name."""
    options: Mapping[str, Value]
    """The driver's options."""

    def create(self) -> Device:
        """Return the closed device.

        Raises:
            DriverUnavailable: if the driver does not exist or does not take the options.
        """
        return create(self.kind, self.driver, **self.options)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name a device."""
    parser.add_argument("--config", type=Path, metavar="SITE.toml", help="a site file")
    parser.add_argument("--device", metavar="NAME", help="a device of the site file")
    parser.add_argument("--driver", metavar="NAME", help="or a driver; see `devices list`")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of that driver: port=/dev/serial/by-id/..., url=http://...",
    )


def choose(args: argparse.Namespace) -> Choice:
    """Return the device that the arguments name.

    Raises:
        ConfigError: if the site file does not fit.
        KnownError: if they name none, or more than one.
    """
    if args.driver is not None:
        return _by_driver(args.driver, dict(_option(text) for text in args.option))
    if args.config is None or args.device is None:
        raise KnownError("Name a device: --config SITE.toml --device NAME, or --driver NAME.")
    named = {choice.device_id: choice for choice in configured(load_settings(args.config))}
    if args.device not in named:
        raise KnownError(f"There is no device {args.device!r}: choose {', '.join(named)}.")
    return named[args.device]


def configured(settings: Settings) -> list[Choice]:
    """Return every device of a site file.

    Raises:
        KnownError: if a file of a secret cannot be read.
    """
    cameras = [
        Choice(
            camera.camera_id,
            DeviceKind.CAMERA,
            camera.driver,
            driver_options(camera.options)
            | {"camera_id": camera.camera_id, "orientation": camera.orientation},
        )
        for camera in settings.cameras
    ]
    return [
        *cameras,
        *(_chosen(DeviceKind.THERMOMETER, device) for device in settings.thermometers),
        *(_chosen(DeviceKind.REFERENCE, source) for source in settings.sources),
        *(_chosen(DeviceKind.ROOM, sensor) for sensor in settings.room_sensors),
    ]


def _chosen(
    kind: DeviceKind, device: ThermometerSettings | SourceSettings | RoomSensorSettings
) -> Choice:
    options = driver_options(device.options) | {"device_id": device.device_id}
    return Choice(device.device_id, kind, device.driver, options)


def _by_driver(name: str, options: dict[str, Value]) -> Choice:
    kinds = [entry.kind for entry in list_drivers() if entry.name == name]
    if not kinds:
        known = ", ".join(sorted(entry.name for entry in list_drivers()))
        raise KnownError(f"There is no driver {name!r}: choose one of {known}.")
    return Choice(name, kinds[0], name, options)


def _option(text: str) -> tuple[str, Value]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise KnownError(f"{text!r} is no option: write NAME=VALUE.")
    if value in {"true", "false"}:
        return name, value == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value
