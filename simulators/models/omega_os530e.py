"""An Omega OS530E handheld on a pseudo-terminal."""

from dataclasses import replace

from simulators.devices.omega_os530e import OmegaOs530eDevice
from simulators.dialects.omega_os530e import OmegaOs530eDialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.models.plugging import plug_point_sensor
from simulators.plugged import Plugged
from simulators.site import Site

FAULTS = LINE_FAULTS | {Fault.STUCK, Fault.FAHRENHEIT}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    is_streaming: bool = False,
    celsius_flag: int = 0,
    hold_s: float = 30.0,
    noise_c: float = 0.03,
) -> Plugged:
    """Plug it in; options as `plug_point_sensor` and `OmegaOs530eDialect`."""
    faults = Faults(FAULTS)
    plugged = plug_point_sensor(
        site,
        name,
        model="omega-os530e",
        faults=faults,
        dialect_of=lambda sensor: OmegaOs530eDialect(
            OmegaOs530eDevice(sensor, faults),
            site.clock,
            is_streaming=is_streaming,
            celsius_flag=celsius_flag,
        ),
        link=link,
        hold_s=hold_s,
        noise_c=noise_c,
    )
    # Its driver cannot do without: no record tells how warm the room is.
    return replace(plugged, address={**plugged.address, "idle_c": site.room_c})
