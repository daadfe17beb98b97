"""InfiRay P2 Pro and Topdon TC001 (USB 0BDA:5830)."""

from drivers.api import DeviceInfo
from drivers.cameras import p2pro_codec as codec
from drivers.cameras.video import RepeatWatch, VideoCamera
from drivers.transport.payloads import Payload, VideoMode
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_MODES = (VideoMode("YUYV", codec.PAYLOAD_ROWS, codec.COLUMNS),)


class P2ProCamera(VideoCamera):
    """Reads temperatures; the shutter, of which it says nothing, is told from frozen pictures.

    Other cameras share its vendor id, so the double-height mode is asked for and the temperatures
    are checked. Short range: a desk or a coach's door.

    Args:
        source: a stable device path such as `/dev/v4l/by-id/usb-...-video-index0`, or
            `tcp://host:port`.
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright.
    """

    def __init__(
        self,
        *,
        source: str,
        camera_id: str = "camera",
        orientation: Orientation | str = Orientation.NONE,
    ) -> None:
        super().__init__(source, _MODES, camera_id, orientation)
        self._watch = RepeatWatch()

    def _begin(self, payload: Payload) -> DeviceInfo:
        raw = codec.raw_half(payload.data)
        codec.decode(raw)
        self._watch = RepeatWatch()
        self._watch.step(raw, payload.received_s)
        return DeviceInfo("p2pro", "InfiRay P2 Pro or Topdon TC001", "")

    def _frame(self, payload: Payload) -> ThermalFrame | None:
        raw = codec.raw_half(payload.data)
        temperature_c = codec.decode(raw)
        if temperature_c is None:
            return None
        status = self._watch.step(raw, payload.received_s)
        is_flat = status is FrameStatus.LIVE and temperature_c.min() == temperature_c.max()
        return self._upright(
            temperature_c,
            payload,
            FrameStatus.SHUTTER if is_flat else status,
            self._watch.shutter_age_s(payload.received_s),
        )
