"""A Raytek MI3 on a pseudo-terminal."""

from simulators.dialects.raytek_mi3 import RaytekMi3Dialect
from simulators.faults import Fault, Faults
from simulators.models.plugging import POINT_FAULTS, plug_point_sensor
from simulators.plugged import Plugged
from simulators.site import Site

FAULTS = POINT_FAULTS | {Fault.SENTINEL, Fault.FAHRENHEIT, Fault.INTERLEAVED}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    is_burst: bool = False,
    hold_s: float = 3.0,
    noise_c: float = 0.03,
) -> Plugged:
    """Plug it in; options as `plug_point_sensor`, and whether it was left in burst mode."""
    faults = Faults(FAULTS)
    return plug_point_sensor(
        site,
        name,
        model="raytek-mi3",
        faults=faults,
        dialect_of=lambda device: RaytekMi3Dialect(device, site.clock, faults, is_burst=is_burst),
        link=link,
        hold_s=hold_s,
        noise_c=noise_c,
    )
