"""A LumaSense M340 reference source on an RS-485 bus."""

from typing import Any

from simulators.devices.plain_source import PlainSourceDevice
from simulators.dialects.m340 import M340Dialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.tcp import TcpServer
from simulators.site import Site

FAULTS = LINE_FAULTS | {
    Fault.ECHO,
    Fault.PARITY,
    Fault.INTERLEAVED,
    Fault.FAHRENHEIT,
    Fault.COMMA,
    Fault.STUCK,
    Fault.DRIFT,
}
"""What it can do wrong."""


def build(site: Site, name: str, *, address: int = 1, port: int = 0) -> Plugged:
    """Plug it in on `socket://127.0.0.1:port`, in view of the bench's camera.

    It stands behind a serial server, for a pseudo-terminal refuses seven bits and parity.

    Raises:
        PortInUse: if the port is taken.
    """
    faults = Faults(FAULTS)
    source = PlainSourceDevice(site.clock, faults, seed=site.seed_of(name))
    site.put_in_view(lambda: (source.surface_c(), 0.95))
    line = Line(M340Dialect(source, faults, address), faults, seed=site.seed_of(name))
    server = TcpServer(line, faults, port)

    def press_panel(message: dict[str, Any]) -> dict[str, Any]:
        """Set the source at its own panel."""
        source.set_point_c = float(message["set_point_c"])
        return {"set_point_c": source.set_point_c}

    def truth() -> dict[str, Any]:
        return {"surface_c": source.surface_c(), "set_point_c": source.set_point_c}

    return Plugged(
        name,
        "m340",
        {"port": server.url},
        faults,
        source,
        server.close,
        {"panel": press_panel},
        truth,
    )
