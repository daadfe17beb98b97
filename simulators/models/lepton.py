"""A FLIR Lepton 3.5 on a PureThermal board, its USB cable replaced by TCP."""

from typing import Any

from simulators.devices.thermal_camera import ShutterPlan, ThermalCameraDevice
from simulators.dialects.lepton import SENSOR_HZ, SHAPE, LeptonPayloads
from simulators.faults import VIEW_FAULTS, Fault, Faults
from simulators.payloads import PAYLOAD_FAULTS
from simulators.plugged import Plugged
from simulators.serve.payload import PayloadServer
from simulators.site import Site

# Whole numbers cannot say NaN.
FAULTS = (VIEW_FAULTS | PAYLOAD_FAULTS) - {Fault.NOT_A_NUMBER} | {
    Fault.NOT_RADIOMETRIC,
    Fault.OVERHEATED,
    Fault.CLOCK,
}
"""What it can do wrong."""


def build(
    site: Site,
    name: str,
    *,
    port: int = 0,
    has_telemetry: bool = True,
    is_fine: bool = True,
    shutter_every_s: float = 180.0,
    shutter_step_c: float = 0.3,
) -> Plugged:
    """Plug it in on `tcp://127.0.0.1:port`; the command `correct` runs its shutter.

    Args:
        site: where it stands.
        name: its name in the hub.
        port: 0 takes a free one.
        has_telemetry: whether its firmware sends the telemetry footer.
        is_fine: whether a count is 0.01 K; else 0.1 K.
        shutter_every_s: from one correction to the next, scene seconds.
        shutter_step_c: what each leaves behind, alternately up and down, °C.

    Raises:
        PortInUse: if the port is taken.
    """
    faults = Faults(FAULTS)
    view = site.view(SHAPE)
    device = ThermalCameraDevice(
        view,
        site.clock,
        faults,
        seed=site.seed_of(name),
        rate_hz=SENSOR_HZ,
        shutter=ShutterPlan(every_s=shutter_every_s, step_c=shutter_step_c),
    )
    payloads = LeptonPayloads(
        device, site.clock, faults, has_telemetry=has_telemetry, is_fine=is_fine
    )
    server = PayloadServer(payloads, faults, port, seed=site.seed_of(name))

    def correct(message: dict[str, Any]) -> dict[str, Any]:
        """Run the shutter correction, as a host does over the control channel."""
        device.correct()
        return {}

    def truth() -> dict[str, Any]:
        return {"shutter": device.picture().shutter}

    address = {"source": server.source}
    commands = {"correct": correct}
    return Plugged(
        name, "lepton", address, faults, device, server.close, commands, truth=truth, view=view
    )
