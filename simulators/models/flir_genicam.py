"""A FLIR camera on GigE Vision behind a stand-in for its producer: buffers and nodes on TCP."""

from typing import Any

from simulators.devices.flir_gige import FlirGigeDevice
from simulators.devices.thermal_camera import ShutterPlan, ThermalCameraDevice
from simulators.dialects.genicam import GenicamBuffers, GenicamNodes
from simulators.faults import VIEW_FAULTS, Fault, Faults, WireFaults
from simulators.line import Line
from simulators.payloads import PAYLOAD_FAULTS
from simulators.plugged import Plugged
from simulators.serve.payload import PayloadServer
from simulators.serve.tcp import TcpServer
from simulators.site import Site

# Its pixels are whole numbers: none of them can be NaN.
FAULTS = (
    (VIEW_FAULTS - {Fault.NOT_A_NUMBER})
    | PAYLOAD_FAULTS
    | {Fault.NOT_RADIOMETRIC, Fault.INCOMPLETE}
)
"""What it can do wrong."""
# A producer repairs or drops what its network damages; the stand-in's nodes are never damaged.
_NODE_FAULTS = frozenset({Fault.SILENT, Fault.DISCONNECT, Fault.WRONG_DEVICE, Fault.SLOW})
_CORRECTION_EVERY_S = 300.0
_CORRECTION_S = 1.0


def build(
    site: Site,
    name: str,
    *,
    port: int = 0,
    node_port: int = 0,
    family: str = "a-series",
    rows: int = 240,
    columns: int = 320,
    rate_hz: float = 30.0,
) -> Plugged:
    """Plug it in: buffers on `tcp://127.0.0.1:port`, nodes on `socket://127.0.0.1:node_port`.

    Raises:
        PortInUse: if a port is taken.
        ValueError: if there is no such family.
    """
    faults = Faults(FAULTS)
    view = site.view((rows, columns))
    seed = site.seed_of(name)
    plan = ShutterPlan(every_s=_CORRECTION_EVERY_S, closed_s=_CORRECTION_S)
    camera = ThermalCameraDevice(view, site.clock, faults, seed=seed, rate_hz=rate_hz, shutter=plan)
    device = FlirGigeDevice(family, camera, (rows, columns), faults)
    on_nodes = WireFaults(faults, reached_by=_NODE_FAULTS)
    buffers = PayloadServer(
        GenicamBuffers(camera, device, faults, rate_hz), faults, port, seed=seed
    )
    try:
        nodes = TcpServer(Line(GenicamNodes(device), on_nodes, seed=seed), on_nodes, node_port)
    except BaseException:
        buffers.close()
        raise

    def close() -> None:
        nodes.close()
        buffers.close()

    def restart(_: dict[str, Any]) -> dict[str, Any]:
        """Power it off and on, unseen by the station."""
        device.restart()
        return {}

    def correct(_: dict[str, Any]) -> dict[str, Any]:
        device.correct()
        return {"closed_s": _CORRECTION_S}

    return Plugged(
        name,
        "flir-genicam",
        {"source": buffers.source, "nodes": nodes.url},
        faults,
        device,
        close,
        {"restart": restart, "correct": correct},
        view=view,
    )
