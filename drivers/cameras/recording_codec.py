"""Recordings, as pure as files allow: bytes in, pictures with their times out."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import numpy as np
from cptv import CPTVReader
from numpy.typing import NDArray

from drivers.cameras.recorded import TORN, RecordedPicture, Recording, require_size
from drivers.cameras.still_codec import JPEG_START, TIFF_STARTS, open_flir_jpeg, open_tiff
from drivers.errors import DeviceDisconnected, OpenFailed

_GZIP = b"\x1f\x8b"
_ZIP = b"PK"


def open_recording(name: str, stream: BinaryIO) -> Recording:
    """Read the header of a recording; the format is told by its first bytes, not its name.

    Raises:
        OpenFailed: if the stream is empty, foreign, or its header is torn.
    """
    start = stream.read(4)
    stream.seek(0)
    if not start:
        raise OpenFailed(f"{name} is empty: record it again, or copy it again from its source.")
    try:
        if start.startswith(_GZIP):
            return _open_cptv(name, stream)
        if start.startswith(_ZIP):
            return _open_npz(name, stream)
        if start in TIFF_STARTS:
            return open_tiff(name, stream)
        if start.startswith(JPEG_START):
            return open_flir_jpeg(name, stream)
    except TORN as error:
        raise OpenFailed(
            f"{name} begins like a recording but its header cannot be read ({error}): "
            "copy it again from its source."
        ) from error
    raise OpenFailed(
        f"{name} is not a CPTV, NPZ, TIFF or FLIR JPEG recording (it starts with "
        f"{start.hex(' ')}): choose another file."
    )


def _open_cptv(name: str, stream: BinaryIO) -> Recording:
    """Open a Cacophony recording.

    Source: https://github.com/TheCacophonyProject/go-cptv, SPECIFICATION.md, versions 1 and 2.
    """
    reader = CPTVReader(stream)
    require_size(name, reader.y_resolution, reader.x_resolution)
    model = _text(reader.model)
    return Recording(
        name=name,
        model=model or f"CPTV version {reader.version}",
        device=_text(reader.device_name),
        started_at=_aware(reader.timestamp),
        # Only the Lepton 3.5 gives centikelvin (TLinear); a Lepton 3 gives counts.
        is_radiometric=reader.version >= 2 and model == "lepton3.5",  # noqa: PLR2004
        pictures=_cptv_pictures(name, reader),
    )


def _cptv_pictures(name: str, reader: Any) -> Iterator[RecordedPicture]:
    frames = iter(reader)
    number = 0
    while True:
        try:
            frame = next(frames, None)
        except TORN as error:
            raise _torn(name, number, error) from error
        if frame is None:
            _require_whole(name, number, reader)
            return
        # Version 1 stores no times; its cameras ran at 9 frames a second.
        has_times = frame.time_on is not None
        elapsed_s = frame.time_on.total_seconds() if has_times else number / 9
        age_s = elapsed_s - frame.last_ffc_time.total_seconds() if has_times else None
        yield RecordedPicture(frame.pix, elapsed_s, age_s, is_shutter=False)
        number += 1


def _require_whole(name: str, number: int, reader: Any) -> None:
    """Tell a file's end from a cut: the library takes a cut between two fields for the end."""
    try:
        reader.s.read(1)
        if number < (reader.num_frames or 0):
            raise EOFError(f"{reader.num_frames} frames are announced")
    except TORN as error:
        raise _torn(name, number, error) from error


def _open_npz(name: str, stream: BinaryIO) -> Recording:
    with np.load(stream, allow_pickle=False) as archive:
        frames, times_ns = archive["frames"], archive["t_ns"]
        shutter, meta = archive["ffc"], json.loads(str(archive["meta"]))
    if frames.ndim != 3 or frames.dtype != np.uint16:  # noqa: PLR2004
        raise ValueError("frames must be uint16 of shape (n, rows, columns)")
    if times_ns.dtype != np.int64 or shutter.dtype != np.uint8:
        raise ValueError("t_ns must be int64 and ffc uint8")
    if not times_ns.shape == shutter.shape == frames.shape[:1]:
        raise ValueError("frames, t_ns and ffc differ in length")
    require_size(name, *frames.shape[1:])
    return Recording(
        name=name,
        model=str(meta.get("model", "NPZ")),
        device=str(meta.get("device", "")),
        started_at=_aware(datetime.fromisoformat(meta["started_at"])),
        is_radiometric=True,
        pictures=(
            RecordedPicture(picture, (t - times_ns[0]) / 1e9, None, bool(closed))
            for picture, t, closed in zip(frames, times_ns, shutter, strict=True)
        ),
    )


def encode_npz(
    frames: NDArray[np.uint16],
    times_ns: NDArray[np.int64],
    is_shutter: NDArray[np.bool_],
    *,
    model: str,
    device: str,
    started_at: datetime,
) -> bytes:
    """Return the bytes of a recording in our own format.

    Args:
        frames: centikelvin, uint16, shape (n, rows, columns).
        times_ns: int64 nanoseconds, shape (n,).
        is_shutter: whether the shutter was closed, shape (n,).
        model: the camera's model.
        device: the recording device's name.
        started_at: wall-clock time of the first picture, aware.
    """
    meta = {"model": model, "device": device, "started_at": started_at.isoformat()}
    out = io.BytesIO()
    np.savez_compressed(
        out,
        frames=frames,
        t_ns=times_ns,
        ffc=is_shutter.astype(np.uint8),
        meta=np.array(json.dumps(meta)),
    )
    return out.getvalue()


def _torn(name: str, number: int, error: BaseException) -> DeviceDisconnected:
    return DeviceDisconnected(
        f"{name} is torn after {number} whole frames ({type(error).__name__}: {error}): "
        "they were used; copy the file again from its source for the rest."
    )


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def elapsed_to_wall(started_at: datetime, first_s: float, elapsed_s: float) -> datetime:
    """Return the wall-clock time of a picture."""
    return started_at + timedelta(seconds=elapsed_s - first_s)
