"""A GY-MCU90614 module on a pseudo-terminal."""

from simulators.dialects.gy_mcu90614 import GyMcu90614Dialect
from simulators.faults import Faults
from simulators.models.plugging import POINT_FAULTS, plug_point_sensor
from simulators.plugged import Plugged
from simulators.site import Site

FAULTS = POINT_FAULTS
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    is_streaming: bool = False,
    hold_s: float = 3.0,
    noise_c: float = 0.03,
) -> Plugged:
    """Plug it in; options as `plug_point_sensor`, and whether it streams from power-up on."""
    return plug_point_sensor(
        site,
        name,
        model="gy-mcu90614",
        faults=Faults(FAULTS),
        dialect_of=lambda device: GyMcu90614Dialect(device, site.clock, is_streaming=is_streaming),
        link=link,
        hold_s=hold_s,
        noise_c=noise_c,
    )
