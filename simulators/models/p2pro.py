"""An InfiRay P2 Pro or Topdon TC001, its USB cable replaced by TCP."""

from typing import Any

from simulators.devices.thermal_camera import ShutterPlan, ThermalCameraDevice
from simulators.devices.warm_up import WarmingView
from simulators.dialects.p2pro import RATE_HZ, SHAPE, P2ProPayloads
from simulators.faults import VIEW_FAULTS, Fault, Faults
from simulators.payloads import PAYLOAD_FAULTS
from simulators.plugged import Plugged
from simulators.serve.payload import PayloadServer
from simulators.site import Site

# Whole numbers cannot say NaN.
FAULTS = (VIEW_FAULTS | PAYLOAD_FAULTS) - {Fault.NOT_A_NUMBER} | {Fault.SENTINEL}
"""What it can do wrong."""

_CLOSED_S = 0.7


def build(
    site: Site,
    name: str,
    *,
    port: int = 0,
    warm_up_c: float = 0.0,
    shutter_every_s: float = 150.0,
    shutter_step_c: float = 0.3,
) -> Plugged:
    """Plug it in on `tcp://127.0.0.1:port`.

    Args:
        site: where it stands.
        name: its name in the hub.
        port: 0 takes a free one.
        warm_up_c: its error when it is plugged in, °C; 1 to 2 in a cold one.
        shutter_every_s: from one correction to the next, scene seconds (its document gives none).
        shutter_step_c: what each leaves behind, alternately up and down, °C.

    Raises:
        PortInUse: if the port is taken.
    """
    faults = Faults(FAULTS)
    view = site.view(SHAPE)
    device = ThermalCameraDevice(
        WarmingView(view, site.clock.now_s(), warm_up_c),
        site.clock,
        faults,
        seed=site.seed_of(name),
        rate_hz=RATE_HZ,
        shutter=ShutterPlan(
            every_s=shutter_every_s, announced_s=0.0, closed_s=_CLOSED_S, step_c=shutter_step_c
        ),
    )
    server = PayloadServer(P2ProPayloads(device, faults), faults, port, seed=site.seed_of(name))

    def truth() -> dict[str, Any]:
        return {"shutter": device.picture().shutter}

    address = {"source": server.source}
    return Plugged(name, "p2pro", address, faults, device, server.close, truth=truth, view=view)
