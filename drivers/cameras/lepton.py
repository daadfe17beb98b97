"""FLIR Lepton 3.5 on a PureThermal board (USB 1E4E:0100)."""

from drivers.api import Capability, DeviceInfo
from drivers.cameras import lepton_codec as codec
from drivers.cameras.lepton_codec import FfcState, LeptonPicture, LeptonTelemetry
from drivers.cameras.video import RepeatWatch, VideoCamera
from drivers.errors import DeviceError
from drivers.transport.payloads import Payload, VideoMode
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_SHAPES = (
    (codec.ROWS + codec.TELEMETRY_ROWS, codec.COLUMNS),
    (codec.ROWS, codec.COLUMNS),
    # Taken only to tell the technician to update the firmware.
    *codec.OLD_MODES,
)
_MODES = tuple(VideoMode("Y16 ", rows, columns) for rows, columns in _SHAPES)
# The board repeats frames, since USB is a little faster than the sensor, or three times as fast
# (purethermal1-firmware issue 42); more repeats in a row are a camera that stands.
_MOST_REPEATS = 3
# More frames than this between two are no loss: the camera has started anew.
_MOST_LOST = 1000


class LeptonCamera(VideoCamera):
    """Reads temperatures as the camera gives them (TLinear), and what it says of its shutter.

    Without telemetry the shutter is told from pictures that repeat, and only the resolution of
    0.01 K is taken.

    Args:
        source: a stable device path such as `/dev/v4l/by-id/usb-GroupGets_...-video-index0`, or
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
        self._count = 0
        self._usual_step = _MOST_LOST
        self._repeats = 0

    def _begin(self, payload: Payload) -> DeviceInfo:
        picture = codec.decode(payload.data)
        telemetry = picture.telemetry
        self._watch = RepeatWatch(_MOST_REPEATS + 1)
        self._watch.step(picture.counts.tobytes(), payload.received_s)
        self._count = telemetry.frame_count if telemetry else 0
        self._usual_step, self._repeats = _MOST_LOST, 0
        return DeviceInfo(
            "lepton",
            "FLIR Lepton 3.5",
            telemetry.serial_number if telemetry else "",
            frozenset({Capability.SHUTTER_STATE} if telemetry else ()),
        )

    def _frame(self, payload: Payload) -> ThermalFrame | None:
        picture = codec.decode(payload.data)
        told = picture.telemetry
        seen = self._watch.step(picture.counts.tobytes(), payload.received_s)
        if told is None:
            steps, self._repeats = 1, self._watch.repeats
            age_s = self._watch.shutter_age_s(payload.received_s)
        else:
            _require_fit(told)
            steps, age_s = self._count_on(told), told.ffc_age_s
        if 0 < self._repeats <= _MOST_REPEATS:
            return None
        status = self._status(picture, seen)
        return self._upright(picture.temperature_c(), payload, status, age_s, steps)

    def _status(self, picture: LeptonPicture, seen: FrameStatus) -> FrameStatus:
        if picture.resolution_k is None:
            return FrameStatus.NOT_RADIOMETRIC
        if picture.is_flat:
            return FrameStatus.SHUTTER
        if picture.telemetry is None:
            return seen
        if self._repeats:
            return FrameStatus.STALE
        if picture.telemetry.ffc is not FfcState.DONE:
            return FrameStatus.SHUTTER
        return FrameStatus.LIVE if seen is FrameStatus.LIVE else FrameStatus.STALE

    def _count_on(self, told: LeptonTelemetry) -> int:
        """Return by how many frames the camera has gone on; what one is must be learnt."""
        step, self._count = told.frame_count - self._count, told.frame_count
        self._repeats = 0 if step else self._repeats + 1
        if not 0 < step < _MOST_LOST:
            return 1
        self._usual_step = min(self._usual_step, step)
        return max(1, round(step / self._usual_step))


def _require_fit(told: LeptonTelemetry) -> None:
    """Refuse a camera outside the temperatures in which it works."""
    if told.is_overheated:
        raise DeviceError(
            "The camera is too hot and is about to switch itself off: shade it and let air at it."
        )
    if told.is_locked_out:
        raise DeviceError(
            "The camera is outside -10 to 80 °C and cannot move its shutter: its temperatures "
            "drift, bring it to room temperature."
        )
