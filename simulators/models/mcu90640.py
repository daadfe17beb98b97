"""A GY-MCU90640 module on a pseudo-terminal, fed by the twin."""

from typing import Any

from simulators.devices.mcu90640_module import (
    BAUDS,
    COLUMNS,
    RATES_HZ,
    ROWS,
    Mcu90640Device,
    Settings,
)
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.mcu90640 import Mcu90640Dialect
from simulators.faults import LINE_FAULTS, VIEW_FAULTS, Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.pty import PtyServer
from simulators.site import Site

FAULTS = (LINE_FAULTS | VIEW_FAULTS) - {Fault.NOT_A_NUMBER, Fault.SHUTTER} | {
    Fault.DEAD_PIXELS,
    Fault.INTERLEAVED,
}
"""What it can do wrong."""
# Faster than any rate that can be set: each frame sent is a new picture.
_SENSOR_HZ = 64.0


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    baud: int = 115_200,
    rate_hz: float = 4.0,
    is_automatic: bool = True,
    is_torn: bool = True,
    sums_fit: bool = True,
) -> Plugged:
    """Plug it in; its port appears at `link`, or under its name in the site's folder.

    Raises:
        ValueError: if it knows no such speed or rate.
        PortInUse: if no port can be made there.
    """
    if baud not in BAUDS.values() or rate_hz not in RATES_HZ.values():
        raise ValueError(
            f"it knows {', '.join(map(str, BAUDS.values()))} baud and "
            f"{', '.join(f'{r:g}' for r in RATES_HZ.values())} Hz"
        )
    faults, seed = Faults(FAULTS), site.seed_of(name)
    view = site.view((ROWS, COLUMNS))
    camera = ThermalCameraDevice(view, site.clock, faults, seed=seed, rate_hz=_SENSOR_HZ)
    settings = Settings(baud=baud, rate_hz=rate_hz, is_automatic=is_automatic)
    device = Mcu90640Device(
        camera, site.clock, faults, room_c=site.room_c, settings=settings, is_torn=is_torn
    )
    dialect = Mcu90640Dialect(device, site.clock, faults, sums_fit=sums_fit)
    line = Line(dialect, faults, seed=seed)
    server = PtyServer(line, faults, site.folder / name if link is None else site.folder / link)

    def power_cycle(message: dict[str, Any]) -> dict[str, Any]:
        dialect.power_cycle()
        return {"baud": device.running.baud, "rate_hz": device.running.rate_hz}

    def truth() -> dict[str, Any]:
        return {
            "sensor_c": device.sensor_c(),
            "baud": device.running.baud,
            "rate_hz": device.running.rate_hz,
            "emissivity_pct": device.running.emissivity_pct,
        }

    address = {"port": server.port, "baud": baud, "rate_hz": rate_hz}
    return Plugged(
        name,
        "gy-mcu90640",
        address,
        faults,
        device,
        server.close,
        {"power_cycle": power_cycle},
        truth,
        view,
    )
