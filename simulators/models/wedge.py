"""A thermometer that types, as the kernel's events on a pseudo-terminal; USB is not exercised."""

from simulators.commands import trigger_command
from simulators.dialects.wedge import WedgeDialect
from simulators.faults import Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.pty import PtyServer
from simulators.site import Site

FAULTS = frozenset(
    {
        Fault.SILENT,
        Fault.DISCONNECT,
        Fault.WRONG_DEVICE,
        Fault.START_MID_FRAME,
        Fault.TRUNCATED,
        Fault.SPLIT,
        Fault.MERGED,
        Fault.DUPLICATE,
        Fault.SLOW,
        Fault.FAHRENHEIT,
        Fault.SENTINEL,
    }
)
"""What it can do wrong: USB's checksum drops the rest."""


def build(site: Site, name: str, *, link: str | None = None) -> Plugged:
    """Plug it in; its events appear at `link`, or under its name in the site's folder.

    Raises:
        PortInUse: if no port can be made there.
    """
    faults = Faults(FAULTS)
    dialect = WedgeDialect(faults)
    line = Line(dialect, faults, seed=site.seed_of(name))
    server = PtyServer(line, faults, site.folder / (link or name))

    def measure(body_c: float) -> None:
        server.send(line.tell([dialect.measure(body_c)]))

    return Plugged(
        name,
        "keyboard-wedge",
        {"port": server.port},
        faults,
        dialect,
        server.close,
        {"trigger": trigger_command(measure)},
        measure=measure,
    )
