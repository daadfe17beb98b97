"""How every fixed point sensor is plugged in: on a pseudo-terminal, with people held before it."""

from collections.abc import Callable
from math import isfinite
from typing import Any

from simulators.devices.point_sensor import PointSensorDevice
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.line import Dialect, Line
from simulators.plugged import Plugged
from simulators.serve.pty import PtyServer
from simulators.site import Site

POINT_FAULTS = LINE_FAULTS | {Fault.STUCK, Fault.WARMED}
"""What every point sensor on a line can do wrong."""
_RANGE_C = (0.0, 100.0)


def plug_point_sensor(
    site: Site,
    name: str,
    *,
    model: str,
    faults: Faults,
    dialect_of: Callable[[PointSensorDevice], Dialect],
    link: str | None,
    hold_s: float,
    noise_c: float,
) -> Plugged:
    """Plug it in; its port appears at `link`, or under its name in the site's folder.

    Args:
        site: where it stands.
        name: its name in the hub.
        model: its name in the catalogue.
        faults: its switches.
        dialect_of: makes its side of the line.
        link: where its port appears.
        hold_s: how long somebody stays before it, seconds of scene time.
        noise_c: standard deviation of one reading, °C.

    Raises:
        PortInUse: if no port can be made there.
    """
    device = PointSensorDevice(
        site.clock,
        faults,
        room_c=site.room_c,
        seed=site.seed_of(name),
        noise_c=noise_c,
        hold_s=hold_s,
    )
    line = Line(dialect_of(device), faults, seed=site.seed_of(name))
    server = PtyServer(line, faults, site.folder / name if link is None else site.folder / link)

    def trigger(message: dict[str, Any]) -> dict[str, Any]:
        body_c = float(message["temperature_c"])
        low_c, high_c = _RANGE_C
        if not (isfinite(body_c) and low_c <= body_c <= high_c):
            raise ValueError(f"the sensor measures people of {low_c:g} to {high_c:g} °C")
        return {"temperature_c": body_c, "surface_c": device.present(body_c)}

    def restart(_: dict[str, Any]) -> dict[str, Any]:
        """Take its power away for a moment: volatile settings and a stream are lost."""
        device.restart()
        return {"starts": device.starts}

    def measure(body_c: float) -> None:
        device.present(body_c)

    return Plugged(
        name,
        model,
        {"port": server.port},
        faults,
        device,
        server.close,
        {"trigger": trigger, "restart": restart},
        measure=measure,
    )
