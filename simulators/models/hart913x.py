"""A Hart 9133 reference source on a serial line."""

from typing import Any

from simulators.devices.plain_source import PlainSourceDevice
from simulators.dialects.hart913x import Hart913xDialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.pty import PtyServer
from simulators.site import Site

FAULTS = LINE_FAULTS | {
    Fault.ECHO,
    Fault.INTERLEAVED,
    Fault.FAHRENHEIT,
    Fault.COMMA,
    Fault.STUCK,
    Fault.DRIFT,
}
"""What it can do wrong."""


def build(site: Site, name: str) -> Plugged:
    """Plug it in at `site.folder/name`, in view of the bench's camera.

    Raises:
        PortInUse: if its link cannot be made.
    """
    faults = Faults(FAULTS)
    source = PlainSourceDevice(site.clock, faults, seed=site.seed_of(name))
    site.put_in_view(lambda: (source.surface_c(), 0.95))
    line = Line(Hart913xDialect(source, faults), faults, seed=site.seed_of(name))
    server = PtyServer(line, faults, site.folder / name)

    def press_panel(message: dict[str, Any]) -> dict[str, Any]:
        """Set the source at its own panel."""
        source.set_point_c = float(message["set_point_c"])
        return {"set_point_c": source.set_point_c}

    def truth() -> dict[str, Any]:
        return {"surface_c": source.surface_c(), "set_point_c": source.set_point_c}

    return Plugged(
        name,
        "hart913x",
        {"port": server.port},
        faults,
        source,
        server.close,
        {"panel": press_panel},
        truth,
    )
