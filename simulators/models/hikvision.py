"""A Hikvision camera on HTTP, fed by the twin."""

from typing import Any

from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.faults import VIEW_FAULTS, Fault, Faults
from simulators.plugged import Plugged
from simulators.serve.http import CameraServer
from simulators.site import Site

FAULTS = VIEW_FAULTS | {
    Fault.SILENT,
    Fault.DISCONNECT,
    Fault.WRONG_DEVICE,
    Fault.TRUNCATED,
    Fault.WRONG_LENGTH,
    Fault.SLOW,
    Fault.DRIP,
    Fault.FREEZE_FLAG,
    Fault.UNAUTHORIZED,
    Fault.STALE_NONCE,
    Fault.BUSY,
    Fault.CLOCK,
}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    port: int = 0,
    password: str,
    rows: int = 288,
    columns: int = 384,
    channel: int = 1,
    data_length: int = 4,
) -> Plugged:
    """Plug it in on `http://127.0.0.1:port`, account `admin`.

    Raises:
        PortInUse: if the port is taken.
    """
    faults = Faults(FAULTS)
    view = site.view((rows, columns))
    device = ThermalCameraDevice(view, site.clock, faults, seed=site.seed_of(name))
    server = CameraServer(
        device,
        faults,
        user="admin",
        password=password,
        port=port,
        channel=channel,
        data_length=data_length,
    )

    def truth() -> dict[str, Any]:
        return {"refused_logins": server.digest.refused_count}

    address = {"url": server.url, "user": "admin", "password": password, "channel": channel}
    return Plugged(
        name, "hikvision-isapi", address, faults, device, server.close, truth=truth, view=view
    )
