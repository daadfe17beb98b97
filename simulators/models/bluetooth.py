"""Bluetooth thermometers, as events over TCP."""

from simulators.commands import trigger_command
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.dialects.fefd import FefdDialect
from simulators.dialects.fefd_ble import FefdBleDialect
from simulators.dialects.health_thermometer import HealthThermometerDialect
from simulators.dialects.taidoc import TaidocDialect
from simulators.faults import LINE_FAULTS, Fault, Faults
from simulators.gatt import GattDialect
from simulators.plugged import Plugged
from simulators.serve.gatt import GattServer
from simulators.site import Site

# A notification is told once and whole, or not at all: it does not start in its middle.
_RADIO_FAULTS = LINE_FAULTS - {Fault.START_MID_FRAME, Fault.FALSE_HEADER}


def build_taidoc(site: Site, name: str, *, port: int = 0, in_hundredths: bool = False) -> Plugged:
    """Put a TaiDoc TD-1241 in reach of `tcp://127.0.0.1:port`.

    Raises:
        PortInUse: if the port is taken.
    """
    own = {Fault.SENTINEL, Fault.CLOCK, Fault.STUCK, Fault.SURFACE_MODE}
    faults = Faults(_RADIO_FAULTS | own)
    dialect = TaidocDialect(faults, in_hundredths=in_hundredths)
    server = GattServer(dialect, faults, seed=site.seed_of(name), port=port)
    return _plugged(name, "taidoc", dialect, server)


def build_health(site: Site, name: str, *, port: int = 0, measuring_site: int = 3) -> Plugged:
    """Put a thermometer of the Health Thermometer service in reach of `tcp://127.0.0.1:port`.

    Args:
        site: where it stands.
        name: its name.
        port: 0 takes a free one.
        measuring_site: the type that it tells, 1 to 9; 0 for none.

    Raises:
        PortInUse: if the port is taken.
    """
    faults = Faults(_RADIO_FAULTS | {Fault.SENTINEL, Fault.CLOCK, Fault.FAHRENHEIT})
    dialect = HealthThermometerDialect(faults, site=measuring_site)
    server = GattServer(dialect, faults, seed=site.seed_of(name), port=port)
    return _plugged(name, "health-thermometer", dialect, server)


def build_fefd(site: Site, name: str, *, port: int = 0, error_c: float = 0.1) -> Plugged:
    """Put a forehead gun in reach of `tcp://127.0.0.1:port`.

    Raises:
        PortInUse: if the port is taken.
    """
    faults = Faults(_RADIO_FAULTS | {Fault.SURFACE_MODE, Fault.FAHRENHEIT})
    gun = FefdGunDevice(faults, seed=site.seed_of(name), error_c=error_c)
    dialect = FefdBleDialect(FefdDialect(gun, faults))
    server = GattServer(dialect, faults, seed=site.seed_of(name), port=port)
    return _plugged(name, "fefd-ble", dialect, server)


def _plugged(name: str, model: str, dialect: GattDialect, server: GattServer) -> Plugged:
    return Plugged(
        name,
        model,
        {"address": server.url},
        server.faults,
        dialect,
        server.close,
        {"trigger": trigger_command(server.measure)},
        measure=server.measure,
    )
