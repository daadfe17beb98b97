"""Recordings played as a camera."""

import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.api import Capability, DeviceInfo, ThermalCamera
from drivers.cameras.recorded import RecordedPicture, Recording
from drivers.cameras.recording_codec import elapsed_to_wall, encode_npz, open_recording
from drivers.errors import OpenFailed
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_ZERO_CELSIUS_K = 273.15


class RecordingCamera(ThermalCamera):
    """Plays a CPTV, NPZ, 16-bit TIFF or FLIR JPEG file, every stored frame once, from number 0.

    Args:
        path: the file.
        camera_id: the camera's name in the settings.
        orientation: how the stored picture becomes upright.
        is_paced: whether `read` waits as long as the recording did.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        camera_id: str = "recording",
        orientation: Orientation | str = Orientation.NONE,
        is_paced: bool = False,
    ) -> None:
        super().__init__()
        self._path = Path(path)
        self._camera_id = camera_id
        self._orientation = Orientation(orientation)
        self._is_paced = is_paced
        self._files = ExitStack()
        self._recording: Recording | None = None
        self._sequence = 0
        self._first_s = 0.0
        self._played_from_s = 0.0
        self._previous: NDArray[np.uint16] | None = None

    def _open(self) -> DeviceInfo:
        try:
            stream = self._files.enter_context(self._path.open("rb"))
        except OSError as error:
            raise OpenFailed(
                f"{self._path} cannot be opened: {error.strerror}: check name and rights."
            ) from error
        self._recording = open_recording(self._path.name, stream)
        self._sequence, self._previous = 0, None
        return DeviceInfo(
            "recording",
            self._recording.model,
            self._path.name,
            frozenset({Capability.END_OF_STREAM}),
        )

    def _close(self) -> None:
        self._files.close()
        self._recording = None

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        if self._recording is None:
            return None
        picture = next(self._recording.pictures, None)
        if picture is None:
            return None
        if self._sequence == 0:
            self._first_s, self._played_from_s = picture.elapsed_s, time.monotonic()
        elif self._is_paced:
            due_s = self._played_from_s + picture.elapsed_s - self._first_s
            time.sleep(max(0.0, due_s - time.monotonic()))
        frame = ThermalFrame(
            temperature_c=self._temperature_c(picture, self._recording),
            sequence=self._sequence,
            captured_at=elapsed_to_wall(
                self._recording.started_at, self._first_s, picture.elapsed_s
            ),
            monotonic_s=picture.elapsed_s,
            camera_id=self._camera_id,
            status=self._status(picture, self._recording),
            shutter_age_s=picture.shutter_age_s,
        )
        self._previous = picture.pixels
        self._sequence += 1
        return frame

    def _temperature_c(self, picture: RecordedPicture, recording: Recording) -> NDArray[np.float32]:
        """Return °C, or the bare counts of a camera that gives no temperatures."""
        values = self._orientation.upright(picture.pixels).astype(np.float32)
        if recording.is_radiometric:
            values *= np.float32(0.01)
            values -= np.float32(_ZERO_CELSIUS_K)
        return values

    def _status(self, picture: RecordedPicture, recording: Recording) -> FrameStatus:
        if not recording.is_radiometric:
            return FrameStatus.NOT_RADIOMETRIC
        if picture.is_shutter:
            return FrameStatus.SHUTTER
        if self._previous is not None and np.array_equal(picture.pixels, self._previous):
            return FrameStatus.STALE
        return FrameStatus.LIVE


def write_npz(
    path: Path,
    frames: NDArray[np.uint16],
    times_ns: NDArray[np.int64],
    is_shutter: NDArray[np.bool_],
    *,
    model: str,
    device: str,
    started_at: datetime,
) -> None:
    """Write a recording in our own format; see `encode_npz` for shapes and units."""
    path.write_bytes(
        encode_npz(frames, times_ns, is_shutter, model=model, device=device, started_at=started_at)
    )
