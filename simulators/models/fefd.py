"""A forehead gun on a pseudo-terminal."""

from simulators.commands import trigger_command
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.dialects.fefd import FefdDialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.pty import PtyServer
from simulators.site import Site

FAULTS = LINE_FAULTS | {Fault.SURFACE_MODE, Fault.FAHRENHEIT}
"""What it can do wrong."""


def build(site: Site, name: str, *, link: str | None = None, error_c: float = 0.1) -> Plugged:
    """Plug it in; its port appears at `link`, or under its name in the site's folder.

    Raises:
        PortInUse: if no port can be made there.
    """
    faults = Faults(FAULTS)
    gun = FefdGunDevice(faults, seed=site.seed_of(name), error_c=error_c)
    dialect = FefdDialect(gun, faults)
    line = Line(dialect, faults, seed=site.seed_of(name))
    server = PtyServer(line, faults, site.folder / name if link is None else site.folder / link)

    def measure(body_c: float) -> None:
        server.send(line.tell([dialect.measure(body_c)]))

    return Plugged(
        name,
        "fefd",
        {"port": server.port},
        faults,
        gun,
        server.close,
        {"trigger": trigger_command(measure)},
        measure=measure,
    )
