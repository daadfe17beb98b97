"""An XY-MD02 room sensor on a pseudo-terminal."""

from simulators.devices.room_air import RoomAirDevice
from simulators.dialects.xy_md02 import XyMd02Dialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.line import Line
from simulators.plugged import Plugged
from simulators.serve.pty import PtyServer
from simulators.site import Site

FAULTS = LINE_FAULTS | {Fault.SENTINEL, Fault.BUSY, Fault.ECHO}
"""What it can do wrong."""


def build(site: Site, name: str, *, link: str | None = None, address: int = 1) -> Plugged:
    """Plug it in; its port appears at `link`, or under its name in the site's folder.

    Raises:
        PortInUse: if no port can be made there.
    """
    faults = Faults(FAULTS)
    air = RoomAirDevice(site.clock, room_c=site.room_c, humidity_pct=site.humidity_pct)
    line = Line(XyMd02Dialect(air, faults, address=address), faults, seed=site.seed_of(name))
    server = PtyServer(line, faults, site.folder / name if link is None else site.folder / link)
    return Plugged(
        name,
        "modbus-room",
        {"port": server.port},
        faults,
        air,
        server.close,
        truth=lambda: {"ambient_c": air.air_c(), "humidity_pct": air.humidity_pct()},
    )
