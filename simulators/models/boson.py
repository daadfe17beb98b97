"""A FLIR Boson on two wires: its control line on a pseudo-terminal, its video on TCP."""

from typing import Any

from simulators.devices.boson import BosonDevice
from simulators.devices.thermal_camera import ShutterPlan, ThermalCameraDevice
from simulators.dialects.boson import BosonDialect, BosonPayloads
from simulators.faults import LINE_FAULTS, VIEW_FAULTS, Fault, Faults, WireFaults
from simulators.line import Line
from simulators.payloads import PAYLOAD_FAULTS
from simulators.plugged import Plugged
from simulators.serve.payload import PayloadServer
from simulators.serve.pty import PtyServer
from simulators.site import Site

# Its pixels are whole numbers: none of them can be NaN.
FAULTS = (
    (VIEW_FAULTS - {Fault.NOT_A_NUMBER})
    | LINE_FAULTS
    | PAYLOAD_FAULTS
    | {
        Fault.NOT_RADIOMETRIC,
        Fault.INTERLEAVED,
        Fault.ECHO,
        Fault.BUSY,
        Fault.VIDEO_UNPLUGGED,
        Fault.CONTROL_UNPLUGGED,
    }
)
"""What it can do wrong."""
_CORRECTION_EVERY_S = 300.0


def build(
    site: Site,
    name: str,
    *,
    link: str | None = None,
    port: int = 0,
    rows: int = 256,
    columns: int = 320,
    rate_hz: float = 9.0,
    serial_number: int = 143_502,
    is_radiometric: bool = True,
    boot_s: float = 3.0,
    correction_s: float = 0.5,
    is_deaf_in_correction: bool = False,
) -> Plugged:
    """Plug it in: video on `tcp://127.0.0.1:port`, control at `link` or under its name.

    Args:
        site: where it stands.
        name: its name.
        link: where the control line appears, in the site's folder.
        port: of the video; 0 takes a free one.
        rows: 256 or 512.
        columns: 320 or 640.
        rate_hz: 60, 30, or at most 9 in the export variants.
        serial_number: 143502 has a byte that the control line must escape.
        is_radiometric: whether it is an R part.
        boot_s: how long it is not ready after `restart`, s.
        correction_s: how long its shutter is closed, s (not verified: well under 1).
        is_deaf_in_correction: whether it answers nothing meanwhile.

    Raises:
        PortInUse: if the port is taken, or the link cannot be made.
    """
    faults = Faults(FAULTS)
    view = site.view((rows, columns))
    plan = ShutterPlan(every_s=_CORRECTION_EVERY_S, closed_s=correction_s)
    seed = site.seed_of(name)
    camera = ThermalCameraDevice(view, site.clock, faults, seed=seed, rate_hz=rate_hz, shutter=plan)
    device = BosonDevice(
        camera,
        site.clock,
        faults,
        rate_hz=rate_hz,
        serial_number=serial_number,
        is_radiometric=is_radiometric,
        boot_s=boot_s,
    )
    dialect = BosonDialect(device, faults, is_deaf_in_correction=is_deaf_in_correction)
    on_control = WireFaults(faults, alone={Fault.DISCONNECT: Fault.CONTROL_UNPLUGGED})
    on_video = WireFaults(faults, alone={Fault.DISCONNECT: Fault.VIDEO_UNPLUGGED})
    video = PayloadServer(BosonPayloads(camera, device), on_video, port, seed=seed)
    try:
        control = PtyServer(
            Line(dialect, on_control, seed=seed), on_control, site.folder / (link or name)
        )
    except BaseException:
        video.close()
        raise

    def close() -> None:
        control.close()
        video.close()

    def restart(_: dict[str, Any]) -> dict[str, Any]:
        device.restart()
        return {"ready_after_s": boot_s}

    def correct(_: dict[str, Any]) -> dict[str, Any]:
        device.correct()
        return {"closed_s": correction_s}

    def truth() -> dict[str, Any]:
        return {"sends_temperatures": device.sends_temperatures, "shutter": device.shutter.value}

    return Plugged(
        name,
        "boson",
        {"source": video.source, "port": control.port},
        faults,
        device,
        close,
        {"restart": restart, "correct": correct},
        truth,
        view,
    )
