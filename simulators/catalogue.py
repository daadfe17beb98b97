"""Every model that can be plugged in, by the name that hub files use."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from simulators.plugged import Plugged
from simulators.site import Site

MODELS: Mapping[str, str] = {
    "boson": "simulators.models.boson",
    "flir-genicam": "simulators.models.flir_genicam",
    "gy-mcu90640": "simulators.models.mcu90640",
    "hikvision-isapi": "simulators.models.hikvision",
    "htpa-udp": "simulators.models.htpa",
    "lepton": "simulators.models.lepton",
    "p2pro": "simulators.models.p2pro",
    "fefd": "simulators.models.fefd",
    "fefd-ble": "simulators.models.bluetooth:build_fefd",
    "health-thermometer": "simulators.models.bluetooth:build_health",
    "keyboard-wedge": "simulators.models.wedge",
    "taidoc": "simulators.models.bluetooth:build_taidoc",
    "fluke418x": "simulators.models.fluke418x",
    "gy-mcu90614": "simulators.models.gy_mcu90614",
    "omega-os530e": "simulators.models.omega_os530e",
    "optris-ct": "simulators.models.optris_ct",
    "raytek-mi3": "simulators.models.raytek_mi3",
    "calex-modbus": "simulators.models.calex_modbus",
    "modbus-room": "simulators.models.modbus_room",
    "hart913x": "simulators.models.hart913x",
    "m340": "simulators.models.m340",
}
"""`module` or `module:function` that builds each, by `build` if no other function is named; a model
bears the name of the driver that reads it."""


def plug_in(site: Site, name: str, model: str, options: Mapping[str, Any]) -> Plugged:
    """Plug one device in.

    Args:
        site: where it stands.
        name: its name in the hub.
        model: its name in `MODELS`.
        options: its builder's own keyword arguments.

    Raises:
        ValueError: if there is no such model, or an option does not fit.
        PortInUse: if its port is taken.
    """
    if model not in MODELS:
        raise ValueError(f"there is no model {model!r}: use one of {', '.join(sorted(MODELS))}")
    module, _, function = MODELS[model].partition(":")
    build = getattr(import_module(module), function or "build")
    try:
        plugged: Plugged = build(site, name, **options)
    except TypeError as error:
        raise ValueError(f"{name}: these options do not fit a {model}: {error}") from error
    return plugged
