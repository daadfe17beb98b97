"""A Calex PyroMiniBus or PyroUSB on a pseudo-terminal."""

from simulators.dialects.calex_modbus import PYRO_MINI_BUS, CalexModbusDialect
from simulators.faults import Fault, Faults
from simulators.models.plugging import POINT_FAULTS, plug_point_sensor
from simulators.plugged import Plugged
from simulators.site import Site

FAULTS = POINT_FAULTS | {Fault.SENTINEL, Fault.BUSY, Fault.ECHO}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    kind: int = PYRO_MINI_BUS,
    address: int = 1,
    hold_s: float = 3.0,
    noise_c: float = 0.03,
) -> Plugged:
    """Plug it in; options as `plug_point_sensor` and `CalexModbusDialect`."""
    faults = Faults(FAULTS)
    return plug_point_sensor(
        site,
        name,
        model="calex-modbus",
        faults=faults,
        dialect_of=lambda device: CalexModbusDialect(device, faults, kind=kind, address=address),
        link=link,
        hold_s=hold_s,
        noise_c=noise_c,
    )
