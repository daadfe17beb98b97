"""A Heimann HTPA module on a UDP port, fed by the twin."""

from typing import Any

from simulators.datagrams import DatagramLine
from simulators.devices.htpa_module import ARRAY_TYPES, HtpaModuleDevice
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.htpa import HtpaDialect
from simulators.faults import DATAGRAM_FAULTS, VIEW_FAULTS, Fault, Faults
from simulators.plugged import Plugged
from simulators.serve.tcp import LOOPBACK
from simulators.serve.udp import UdpServer
from simulators.site import Site

FAULTS = (DATAGRAM_FAULTS | VIEW_FAULTS) - {Fault.NOT_A_NUMBER, Fault.SHUTTER} | {
    Fault.BUSY,
    Fault.DEAD_PIXELS,
    Fault.INTERLEAVED,
    Fault.NOT_RADIOMETRIC,
    Fault.STUCK,
}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    array: str = "80x64d",
    host: str = LOOPBACK,
    port: int = 0,
    serial_number: int = 4711,
    rate_hz: float = 10.0,
) -> Plugged:
    """Plug it in; `host` 127.0.0.2 with port 30444 is as in the field, on Linux.

    Raises:
        ValueError: if there is no such array.
        PortInUse: if the port is taken.
    """
    if array not in ARRAY_TYPES:
        raise ValueError(f"there is no array {array!r}: use one of {', '.join(ARRAY_TYPES)}")
    faults, kind, seed = Faults(FAULTS), ARRAY_TYPES[array], site.seed_of(name)
    view = site.view((kind.rows, kind.columns))
    # Its sensor is faster than its frames: each frame sent is a new picture.
    camera = ThermalCameraDevice(view, site.clock, faults, seed=seed, rate_hz=4 * rate_hz)
    device = HtpaModuleDevice(kind, camera, site.clock, faults, room_c=site.room_c, seed=seed)
    dialect = HtpaDialect(
        device,
        site.clock,
        faults,
        address=host,
        serial_number=serial_number,
        rate_hz=rate_hz,
    )
    server = UdpServer(DatagramLine(dialect, faults, seed=seed), faults, host=host, port=port)

    def restart(message: dict[str, Any]) -> dict[str, Any]:
        dialect.restart()
        return {}

    def truth() -> dict[str, Any]:
        return {
            "is_bound": dialect.partner is not None,
            "trim_writes": dialect.trim_writes,
            "sensor_c": device.ambient_c(),
        }

    address = {"host": host, "port": server.port, "local_host": LOOPBACK, "local_port": 0}
    return Plugged(
        name,
        "htpa-udp",
        address,
        faults,
        device,
        server.close,
        {"restart": restart},
        truth,
        view,
    )
