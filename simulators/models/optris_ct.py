"""An Optris CT or CS on a pseudo-terminal."""

from simulators.dialects.optris_ct import OptrisCtDialect
from simulators.faults import Fault, Faults
from simulators.models.plugging import POINT_FAULTS, plug_point_sensor
from simulators.plugged import Plugged
from simulators.site import Site

FAULTS = POINT_FAULTS | {Fault.SENTINEL}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    is_hs: bool = False,
    has_check: bool = True,
    bus_address: int | None = None,
    hold_s: float = 3.0,
    noise_c: float = 0.03,
) -> Plugged:
    """Plug it in; options as `plug_point_sensor` and `OptrisCtDialect`."""
    faults = Faults(FAULTS)
    return plug_point_sensor(
        site,
        name,
        model="optris-ct",
        faults=faults,
        dialect_of=lambda device: OptrisCtDialect(
            device, faults, is_hs=is_hs, has_check=has_check, bus_address=bus_address
        ),
        link=link,
        hold_s=hold_s,
        noise_c=noise_c,
    )
