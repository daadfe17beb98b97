"""A driver's options from the settings, with secrets read from their files."""

from collections.abc import Iterator
from pathlib import Path

from config.reading import read_text
from config.settings import Settings
from drivers.registry import DeviceKind, create
from station.core.errors import KnownError

Options = dict[str, str | int | float | bool]


def driver_options(options: Options) -> Options:
    """Return a driver's options with secrets read from their files: `password_file` → `password`.

    Raises:
        KnownError: if such a file cannot be read.
    """
    read: Options = {}
    for name, value in options.items():
        if not name.endswith("_file"):
            read[name] = value
            continue
        try:
            read[name.removesuffix("_file")] = read_text(Path(str(value))).strip()
        except OSError as error:
            raise KnownError(
                f"The file {value} of option {name!r} cannot be read: {error.strerror or error}."
            ) from error
        except UnicodeDecodeError as error:
            raise KnownError(
                f"The file {value} of option {name!r} is no UTF-8 text: write it anew."
            ) from error
    return read


def device_faults(settings: Settings) -> list[str]:
    """Return why devices of a site file cannot be made: driver, options, files of secrets."""
    faults = []
    for device_id, kind, driver, options in _devices(settings):
        try:
            create(kind, driver, **driver_options(options))
        except KnownError as error:
            faults.append(f"{device_id}: {error}")
    return faults


def _devices(settings: Settings) -> Iterator[tuple[str, DeviceKind, str, Options]]:
    for camera in settings.cameras:
        yield camera.camera_id, DeviceKind.CAMERA, camera.driver, camera.options
    for thermometer in settings.thermometers:
        yield thermometer.device_id, DeviceKind.THERMOMETER, thermometer.driver, thermometer.options
    for source in settings.sources:
        yield source.device_id, DeviceKind.REFERENCE, source.driver, source.options
    for sensor in settings.room_sensors:
        yield sensor.device_id, DeviceKind.ROOM, sensor.driver, sensor.options
    swept = settings.swept_source
    if swept.driver != "manual":
        yield "swept_source", DeviceKind.REFERENCE, swept.driver, swept.options
