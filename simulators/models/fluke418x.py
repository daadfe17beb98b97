"""A Fluke 4180 reference source behind a serial server."""

from typing import Any

from simulators.devices.fluke418x_source import Fluke418xDevice
from simulators.dialects.fluke418x import Fluke418xDialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.tcp import TcpServer
from simulators.site import Site

FAULTS = LINE_FAULTS | {Fault.FAHRENHEIT, Fault.COMMA, Fault.CUT_OUT, Fault.UNSETTLED}
"""What it can do wrong."""
_SOURCE_C = (-15.0, 120.0)


def build(site: Site, name: str, *, port: int = 0, settled_at_c: float | None = None) -> Plugged:
    """Plug it in on `socket://127.0.0.1:port`, in view of the bench's camera.

    Args:
        site: where it stands.
        name: its name in the hub.
        port: 0 takes a free one.
        settled_at_c: the set point that it is settled at, °C; None for just powered up.

    Raises:
        ValueError: if the set point is none of its range.
        PortInUse: if the port is taken.
    """
    faults = Faults(FAULTS)
    low_c, high_c = _SOURCE_C
    if settled_at_c is not None and not low_c <= settled_at_c <= high_c:
        raise ValueError(f"{name}: the source can be set to {low_c:g} to {high_c:g} °C")
    source = Fluke418xDevice(
        site.clock,
        faults,
        room_c=site.room_c,
        seed=site.seed_of(name),
        settled_at_c=settled_at_c,
    )
    site.put_in_view(lambda: (source.surface_c(), source.emissivity))
    line = Line(Fluke418xDialect(source, faults), faults, seed=site.seed_of(name))
    server = TcpServer(line, faults, port)

    def press_panel(message: dict[str, Any]) -> dict[str, Any]:
        """Set the source at its own panel, as a technician does without a wire."""
        set_point_c = float(message["set_point_c"])
        if not low_c <= set_point_c <= high_c:
            raise ValueError(f"the source can be set to {low_c:g} to {high_c:g} °C")
        source.set_point_c = set_point_c
        source.is_heating = True
        return {"set_point_c": set_point_c}

    def truth() -> dict[str, Any]:
        return {
            "surface_c": source.surface_c(),
            "set_point_c": source.set_point_c,
            "is_heating": source.is_heating,
            "is_stable": source.is_stable(),
        }

    return Plugged(
        name,
        "fluke418x",
        {"port": server.url},
        faults,
        source,
        server.close,
        {"panel": press_panel},
        truth,
    )
