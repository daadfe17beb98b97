"""Thermal pictures in general file formats: 16-bit TIFF, and FLIR's radiometric JPEG.

A TIFF holds hundredths of a kelvin, one picture a page; no page tells its time, so that they count
as nine a second. FLIR's JPEG is read by the library flyr (the optional extra `flir-jpeg`), as
apparent temperature: with an emissivity of 1, as all pictures here.
"""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.cameras.recorded import TORN, RecordedPicture, Recording, require_size
from drivers.errors import DriverUnavailable, OpenFailed

TIFF_STARTS = (b"II*\x00", b"MM\x00*")
"""The first bytes of a TIFF."""
JPEG_START = b"\xff\xd8\xff"
"""The first bytes of a JPEG."""

_LARGEST_FILE = 512 * 1024 * 1024
_PAGES_A_SECOND = 9
# FLIR's header ends its count of records here; see exiftool's FLIR tags, "FFF header".
_COUNT_ENDS_AT, _DIRECTORY_ENTRY_BYTES = 32, 32
_ZERO_CELSIUS_K = 273.15
# The median of any scene lies between -50 and 200 °C; that of a camera that gives counts does not.
_CENTIKELVIN = (22_315, 47_315)


def open_tiff(name: str, stream: BinaryIO) -> Recording:
    """Read every page of a TIFF of 16-bit grey pictures.

    Raises:
        OpenFailed: if it holds anything else, or is torn.
    """
    data = np.frombuffer(_whole(name, stream), dtype=np.uint8)
    try:
        is_read, pages = cv2.imdecodemulti(data, cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError) as error:
        raise OpenFailed(f"{name} is a damaged TIFF: copy it again from its source.") from error
    if not is_read or not pages:
        raise OpenFailed(f"{name} is a damaged TIFF: copy it again from its source.")
    shape = pages[0].shape
    if any(page.dtype != np.uint16 or page.ndim != 2 or page.shape != shape for page in pages):  # noqa: PLR2004
        raise OpenFailed(
            f"{name} holds pages that are no 16-bit grey pictures of one size: export it as "
            "16-bit TIFF, hundredths of a kelvin."
        )
    require_size(name, *shape)
    low, high = _CENTIKELVIN
    pictures = [np.asarray(page, dtype=np.uint16) for page in pages]
    return Recording(
        name=name,
        model="16-bit TIFF",
        device="",
        started_at=_modified_at(stream),
        is_radiometric=bool(low <= np.median(pictures[0]) <= high),
        pictures=_paged(pictures),
    )


def open_flir_jpeg(name: str, stream: BinaryIO) -> Recording:
    """Read the temperatures in a FLIR radiometric JPEG.

    Raises:
        DriverUnavailable: if the library is not installed.
        OpenFailed: if it is another JPEG, or torn.
    """
    try:
        # An optional extra, of another licence: only loaded for such a file.
        import flyr  # noqa: PLC0415
        from flyr.records import extract_flir_app1  # noqa: PLC0415
    except ImportError as error:
        raise DriverUnavailable(
            f"{name} is a JPEG; FLIR's radiometric ones need the library flyr: "
            "pip install 'fever-station[flir-jpeg]'"
        ) from error
    data = _whole(name, stream)
    try:
        _require_directory(data, extract_flir_app1(io.BufferedReader(io.BytesIO(data))))
        thermogram = flyr.unpack(io.BufferedReader(io.BytesIO(data)))
        camera = thermogram.camera_metadata
        apparent = thermogram.adjust_metadata(emissivity=1.0)
        kelvin = np.asarray(apparent.kelvin, dtype=np.float64)
        model, taken_at = str(camera.model or "FLIR"), camera.date_time
    # What pillow and the library raise on foreign bytes (seen by feeding them).
    except (*TORN, SyntaxError, ArithmeticError) as error:
        raise OpenFailed(
            f"{name} is no radiometric JPEG of FLIR, or damaged ({type(error).__name__}): choose "
            "a picture that the camera stored with its temperatures."
        ) from error
    require_size(name, *kelvin.shape)
    centikelvin = np.nan_to_num(kelvin * 100)
    pixels = np.rint(centikelvin.clip(0, np.iinfo(np.uint16).max)).astype(np.uint16)
    return Recording(
        name=name,
        model=model,
        device="",
        started_at=taken_at.replace(tzinfo=UTC) if taken_at else _modified_at(stream),
        is_radiometric=True,
        pictures=_paged([pixels]),
    )


def _require_directory(data: bytes, records: BinaryIO) -> None:
    """Refuse a directory that no file of this size holds: flyr 5.1 would walk through all of it.

    Raises:
        ValueError: if it claims too many entries.
    """
    count = int.from_bytes(records.read(_COUNT_ENDS_AT)[_COUNT_ENDS_AT - 4 :], "big")
    if count * _DIRECTORY_ENTRY_BYTES > len(data):
        raise ValueError(f"it claims {count} records")


def _paged(pictures: list[NDArray[np.uint16]]) -> Iterator[RecordedPicture]:
    return (
        RecordedPicture(picture, number / _PAGES_A_SECOND, None, is_shutter=False)
        for number, picture in enumerate(pictures)
    )


def _whole(name: str, stream: BinaryIO) -> bytes:
    data = stream.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise OpenFailed(f"{name} is larger than {_LARGEST_FILE >> 20} MB: split it.")
    return data


def _modified_at(stream: BinaryIO) -> datetime:
    """Return when a file was changed last; now for a stream that is none."""
    try:
        return datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
    except OSError:
        return datetime.now(UTC)
