"""Which drivers exist: a built-in table, widened by entry points, imported only when asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from drivers.api import (
    Device,
    HandheldThermometer,
    ReferenceSource,
    RoomSensor,
    ThermalCamera,
)
from drivers.errors import DriverUnavailable
from drivers.options import wrong_options


class DeviceKind(StrEnum):
    """The kinds of device; the value is the entry-point group's last part."""

    CAMERA = "cameras"
    """ThermalCamera."""
    THERMOMETER = "thermometers"
    """HandheldThermometer."""
    REFERENCE = "references"
    """ReferenceSource."""
    ROOM = "room_sensors"
    """RoomSensor."""


@dataclass(frozen=True, slots=True)
class DriverEntry:
    """One registered driver."""

    name: str
    """The name used in settings."""
    kind: DeviceKind
    """Which contract it keeps."""
    target: str
    """`module:Class`, imported when first used."""


BUILT_IN: tuple[DriverEntry, ...] = (
    DriverEntry("boson", DeviceKind.CAMERA, "drivers.cameras.boson:BosonCamera"),
    DriverEntry("flir-genicam", DeviceKind.CAMERA, "drivers.cameras.genicam:FlirGenicamCamera"),
    DriverEntry("gy-mcu90640", DeviceKind.CAMERA, "drivers.cameras.mcu90640:Mcu90640Camera"),
    DriverEntry("hikvision-isapi", DeviceKind.CAMERA, "drivers.cameras.hikvision:HikvisionCamera"),
    DriverEntry("htpa-udp", DeviceKind.CAMERA, "drivers.cameras.htpa:HtpaCamera"),
    DriverEntry("lepton", DeviceKind.CAMERA, "drivers.cameras.lepton:LeptonCamera"),
    DriverEntry("p2pro", DeviceKind.CAMERA, "drivers.cameras.p2pro:P2ProCamera"),
    DriverEntry("recording", DeviceKind.CAMERA, "drivers.cameras.recording:RecordingCamera"),
    DriverEntry(
        "calex-modbus", DeviceKind.THERMOMETER, "drivers.thermometers.calex_modbus:CalexModbus"
    ),
    DriverEntry("fefd", DeviceKind.THERMOMETER, "drivers.thermometers.fefd:FefdThermometer"),
    DriverEntry(
        "fefd-ble", DeviceKind.THERMOMETER, "drivers.thermometers.fefd_ble:FefdBleThermometer"
    ),
    DriverEntry(
        "gy-mcu90614", DeviceKind.THERMOMETER, "drivers.thermometers.gy_mcu90614:GyMcu90614"
    ),
    DriverEntry(
        "health-thermometer",
        DeviceKind.THERMOMETER,
        "drivers.thermometers.health_thermometer:HealthThermometer",
    ),
    DriverEntry(
        "keyboard-wedge", DeviceKind.THERMOMETER, "drivers.thermometers.wedge:WedgeThermometer"
    ),
    DriverEntry(
        "omega-os530e", DeviceKind.THERMOMETER, "drivers.thermometers.omega_os530e:OmegaOs530e"
    ),
    DriverEntry("optris-ct", DeviceKind.THERMOMETER, "drivers.thermometers.optris_ct:OptrisCt"),
    DriverEntry("raytek-mi3", DeviceKind.THERMOMETER, "drivers.thermometers.raytek_mi3:RaytekMi3"),
    DriverEntry("taidoc", DeviceKind.THERMOMETER, "drivers.thermometers.taidoc:TaidocThermometer"),
    DriverEntry("fixed", DeviceKind.REFERENCE, "drivers.references.fixed:FixedSource"),
    DriverEntry("fluke418x", DeviceKind.REFERENCE, "drivers.references.fluke418x:Fluke418x"),
    DriverEntry("hart913x", DeviceKind.REFERENCE, "drivers.references.hart913x:Hart913x"),
    DriverEntry("m340", DeviceKind.REFERENCE, "drivers.references.m340:M340"),
    DriverEntry(
        "modbus-room", DeviceKind.ROOM, "drivers.room_sensors.modbus_room:ModbusRoomSensor"
    ),
)

_CONTRACTS: Mapping[DeviceKind, type] = {
    DeviceKind.CAMERA: ThermalCamera,
    DeviceKind.THERMOMETER: HandheldThermometer,
    DeviceKind.REFERENCE: ReferenceSource,
    DeviceKind.ROOM: RoomSensor,
}


@cache
def list_drivers() -> tuple[DriverEntry, ...]:
    """Return every registered driver without importing any.

    Raises:
        DriverUnavailable: if an outside package registers a name that is already taken.
    """
    entries = {(entry.kind, entry.name): entry for entry in BUILT_IN}
    for kind in DeviceKind:
        for point in entry_points(group=f"fever_station.{kind.value}"):
            if (kind, point.name) in entries:
                raise DriverUnavailable(
                    f"the package {point.dist.name if point.dist else point.value!r} registers the "
                    f"driver name {point.name!r}, which is taken: uninstall it or rename its driver"
                )
            entries[kind, point.name] = DriverEntry(point.name, kind, point.value)
    return tuple(entries.values())


def require_known(kind: DeviceKind, name: str) -> DriverEntry:
    """Return the registered driver of that name.

    Raises:
        DriverUnavailable: naming the drivers that exist, if there is none.
    """
    known = {entry.name: entry for entry in list_drivers() if entry.kind is kind}
    if name not in known:
        raise DriverUnavailable(
            f"there is no driver {name!r} for {kind.value}: "
            f"choose one of {', '.join(sorted(known))}"
        )
    return known[name]


def create(kind: DeviceKind, name: str, **options: Any) -> Device:
    """Create a closed device.

    Args:
        kind: which contract is wanted.
        name: the registered driver name.
        options: the driver's own constructor arguments, from the settings.

    Raises:
        DriverUnavailable: if the name is unknown, a library is missing or an option does not fit.
    """
    driver_class = _driver_class(kind, name)
    if faults := wrong_options(driver_class, options):
        raise DriverUnavailable(
            f"the driver {name!r} does not take these options: {'; '.join(faults)}"
        )
    try:
        device: Device = driver_class(**options)
    except (TypeError, ValueError) as error:
        raise DriverUnavailable(
            f"the driver {name!r} does not take these options: {error}"
        ) from error
    return device


def _driver_class(kind: DeviceKind, name: str) -> type[Device]:
    module_name, _, class_name = require_known(kind, name).target.partition(":")
    try:
        driver_class: type[Device] = getattr(import_module(module_name), class_name)
    except ImportError as error:
        raise DriverUnavailable(
            f"the driver {name!r} needs a library that is missing ({error.name}): install it"
        ) from error
    if not issubclass(driver_class, _CONTRACTS[kind]):
        raise DriverUnavailable(f"the driver {name!r} does not keep the contract for {kind.value}")
    return driver_class
