"""From one frame and one face to a skin reading, or to the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Box, FaceRegion, Point
from station.core.frames import FrameStatus, ThermalFrame
from station.core.reference import ReferenceReading, ReferenceState


class RejectReason(StrEnum):
    """Why a face or a traveller was not measured; stored values are stable."""

    NOT_RADIOMETRIC = "not_radiometric"
    """The camera or recording gives counts, not temperatures."""
    STALE_FRAME = "stale_frame"
    """The camera repeats old data."""
    SHUTTER = "shutter"
    """The shutter correction runs or has just run."""
    WARMING_UP = "warming_up"
    """The camera has not been on long enough to be stable."""
    NO_REFERENCE = "no_reference"
    """The reference source is not found, covered or moved."""
    REFERENCE_UNSTABLE = "reference_unstable"
    """The reference source reads unsteadily."""
    REFERENCE_OUT_OF_BAND = "reference_out_of_band"
    """The reference source reads so far from its set point that the camera is not trusted."""
    TOO_FAR = "too_far"
    """The face covers too few pixels."""
    TURNED_AWAY = "turned_away"
    """The face is not turned to the camera."""
    AT_EDGE = "at_edge"
    """The face is cut by the picture's edge."""
    COVERED_EYES = "covered_eyes"
    """The inner canthi are colder than the skin around them: glasses or another covering."""
    IMPLAUSIBLE = "implausible"
    """The skin temperature lies outside what living skin shows: cold arrival or a hot object."""
    UNSTEADY = "unsteady"
    """The valid frames of this traveller disagree."""
    TOO_FEW_FRAMES = "too_few_frames"
    """The traveller was seen well in too few frames."""
    NO_POLICY = "no_policy"
    """No threshold policy is in force on this day."""


class Site(StrEnum):
    """Where on the face a reading was taken."""

    INNER_CANTHUS = "inner_canthus"
    """Hottest 3x3 mean in the band of the inner eye corners."""


@dataclass(frozen=True, slots=True)
class SkinReading:
    """One valid skin temperature of one face in one frame."""

    skin_c: float
    """Skin temperature, °C, corrected by the reference source."""
    u_c: float
    """Standard uncertainty (k=1), °C."""
    site: Site
    """Where it was taken."""
    point: Point
    """(row, column) of the hottest 3x3 patch's center."""
    sequence: int
    """The frame's number."""
    reference_offset_c: float
    """What was added to the camera's apparent temperature, °C."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """No reading from this face in this frame."""

    reason: RejectReason
    """The first reason found, in the order frame, reference, face."""
    point: Point | None = None
    """Where the site would have been, if it was looked for."""


@dataclass(frozen=True, slots=True)
class ExtractionLimits:
    """What a face must keep to be measured, and the fixed parts of the uncertainty."""

    min_face_width_px: float
    """Narrower faces are too far."""
    min_frontality: float
    """Faces turned further are rejected, 0 to 1."""
    shutter_hold_off_s: float
    """Seconds after a shutter correction in which nothing is measured."""
    max_covering_c: float
    """The eye band may be this much colder than the forehead before the eyes count as covered."""
    skin_band_c: tuple[float, float]
    """Corrected skin temperatures outside (low, high) are implausible."""
    site_u_c: float
    """Standard uncertainty of the site: pixel size, pose and emissivity, °C."""


# Head-box fractions: the band of 26 hand-labelled frontal faces in which the hottest 3x3 mean lies
# within 0.06 °C of the whole face's (development recordings, November 2026).
_EYE_BAND = (0.30, 0.60, 0.15, 0.85)
_FOREHEAD = (0.08, 0.28, 0.25, 0.75)


def measure_canthus(
    frame: ThermalFrame,
    face: FaceRegion,
    reference: ReferenceReading,
    limits: ExtractionLimits,
) -> SkinReading | Rejection:
    """Measure one face.

    Every doubt is a `Rejection`; no path turns a fault of frame or reference into a number.

    Args:
        frame: an upright frame.
        face: a face found in that frame.
        reference: the reference source's state in that frame.
        limits: what a valid face must keep.
    """
    blocked = frame_rejection(frame, reference, limits)
    if blocked is not None:
        return Rejection(blocked)
    geometry = _geometry_rejection(frame.shape, face, limits)
    if geometry is not None:
        return Rejection(geometry)
    hottest = _hottest_patch(frame.temperature_c, _part(face.box, _EYE_BAND))
    forehead = _median(frame.temperature_c, _part(face.box, _FOREHEAD))
    if hottest is None or forehead is None:
        return Rejection(RejectReason.TOO_FAR)
    apparent_c, point = hottest
    if apparent_c < forehead - limits.max_covering_c:
        return Rejection(RejectReason.COVERED_EYES, point)
    skin_c = apparent_c + reference.offset_c
    low_c, high_c = limits.skin_band_c
    if not low_c <= skin_c <= high_c:
        return Rejection(RejectReason.IMPLAUSIBLE, point)
    u_c = float(np.hypot(reference.u_c, limits.site_u_c))
    return SkinReading(skin_c, u_c, Site.INNER_CANTHUS, point, frame.sequence, reference.offset_c)


def frame_rejection(
    frame: ThermalFrame, reference: ReferenceReading, limits: ExtractionLimits
) -> RejectReason | None:
    """Return why nothing in this frame may be measured, or None."""
    by_status = {
        FrameStatus.NOT_RADIOMETRIC: RejectReason.NOT_RADIOMETRIC,
        FrameStatus.STALE: RejectReason.STALE_FRAME,
        FrameStatus.SHUTTER: RejectReason.SHUTTER,
    }
    if frame.status in by_status:
        return by_status[frame.status]
    if frame.shutter_age_s is not None and frame.shutter_age_s < limits.shutter_hold_off_s:
        return RejectReason.SHUTTER
    by_reference = {
        ReferenceState.SEARCHING: RejectReason.NO_REFERENCE,
        ReferenceState.LOST: RejectReason.NO_REFERENCE,
        ReferenceState.UNSTABLE: RejectReason.REFERENCE_UNSTABLE,
        ReferenceState.OUT_OF_BAND: RejectReason.REFERENCE_OUT_OF_BAND,
    }
    return by_reference.get(reference.state)


def _geometry_rejection(
    shape: tuple[int, int], face: FaceRegion, limits: ExtractionLimits
) -> RejectReason | None:
    box = face.box
    if box.width < limits.min_face_width_px:
        return RejectReason.TOO_FAR
    if face.frontality < limits.min_frontality:
        return RejectReason.TURNED_AWAY
    # The eye band must be whole; a cut chin or ear does not touch the site.
    eyes = _part(box, _EYE_BAND)
    if eyes.left < 0 or eyes.top < 0 or eyes.right > shape[1] or eyes.bottom > shape[0]:
        return RejectReason.AT_EDGE
    return None


def _part(box: Box, fractions: tuple[float, float, float, float]) -> Box:
    top, bottom, left, right = fractions
    return Box(
        box.top + top * box.height,
        box.left + left * box.width,
        box.top + bottom * box.height,
        box.left + right * box.width,
    )


def _median(picture: NDArray[np.float32], box: Box) -> float | None:
    patch = picture[box.slices((picture.shape[0], picture.shape[1]))]
    return float(np.median(patch)) if patch.size else None


def _hottest_patch(picture: NDArray[np.float32], box: Box) -> tuple[float, Point] | None:
    """Return the hottest 3x3 mean inside the box and its center, or None if it is too small."""
    rows, columns = box.slices((picture.shape[0], picture.shape[1]))
    patch = picture[rows, columns]
    if min(patch.shape) < _PATCH:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(patch, (_PATCH, _PATCH))
    means = windows.mean(axis=(2, 3))
    row, column = np.unravel_index(int(np.argmax(means)), means.shape)
    center = (float(rows.start + row + 1), float(columns.start + column + 1))
    return float(means[row, column]), center


_PATCH = 3
