"""From one frame and one face to a skin reading, or to the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import hypot

from station.core.anatomy import EYE_BAND, FaceTemperatures, look_at, one_eye_covered
from station.core.faces import FaceRegion, Point
from station.core.frames import ThermalFrame
from station.core.radiance import Surface, radiance
from station.core.reference import ReferenceReading, ReferenceState
from station.core.room import Room
from station.core.uncertainty import Budget, face_maximum_loss, mm_per_px, size_of_source


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
    """The reference source is not found: covered, off or out of view."""
    REFERENCE_UNSTABLE = "reference_unstable"
    """The reference source reads unsteadily."""
    REFERENCE_MOVED = "reference_moved"
    """The reference source is not where it was."""
    REFERENCE_OUT_OF_BAND = "reference_out_of_band"
    """The reference source reads so far from its set point that the camera is not trusted."""
    TOO_FAR = "too_far"
    """The face covers too few pixels."""
    TURNED_AWAY = "turned_away"
    """The face is not turned to the camera."""
    AT_EDGE = "at_edge"
    """The face is cut by the picture's edge."""
    GLASSES = "glasses"
    """Eyeballs and canthi are colder than the face: glasses are opaque to a thermal camera."""
    COVERED_EYES = "covered_eyes"
    """The inner canthi are colder than the skin around them, or disagree: something is on them."""
    FACES_TOO_NEAR = "faces_too_near"
    """Another face is so close that the reading could belong to somebody else."""
    BLURRED = "blurred"
    """The face moves too fast for its pixels."""
    SUN_OR_REFLECTION = "sun_or_reflection"
    """A spot on the face is far hotter than the canthi: sun, a reflection or a hot object."""
    COLD_ARRIVAL = "cold_arrival"
    """The face is chilled: let the traveller rest indoors, then measure again."""
    IMPLAUSIBLE = "implausible"
    """Hotter than any living skin: a hot object."""
    UNSTEADY = "unsteady"
    """The valid frames of this traveller disagree."""
    TOO_FEW_FRAMES = "too_few_frames"
    """The traveller was seen well in too few frames."""
    ROOM_OUT_OF_BAND = "room_out_of_band"
    """The room is too cold, too warm, too dry or too damp for readings to be trusted."""
    CLOCK = "clock"
    """The clock has jumped: it is not known which order is in force."""
    CALIBRATION_EXPIRED = "calibration_expired"
    """The camera's or the source's calibration is out of date."""
    NO_POLICY = "no_policy"
    """No threshold policy is in force on this day."""


class Site(StrEnum):
    """Where on the face a reading was taken."""

    INNER_CANTHUS = "inner_canthus"
    """The hotter of the two inner eye corners: the hottest spot along the eyes."""
    FACE_MAXIMUM = "face_maximum"
    """The hottest spot of the face outside the mouth: the pixels do not carry the canthi."""


@dataclass(frozen=True, slots=True)
class SkinReading:
    """One valid skin temperature of one face in one frame."""

    skin_c: float
    """Skin temperature, °C, corrected by the reference source."""
    budget: Budget
    """What it may be wrong by."""
    site: Site
    """Where it was taken."""
    point: Point
    """(row, column) of the center of the spot that was read."""
    sequence: int
    """The frame's number."""
    apparent_c: float
    """What the camera gave there, uncorrected, °C."""
    mm_per_px: float
    """Millimetres of the face that a pixel covers."""
    is_pre_screen: bool
    """Whether the pixels are too coarse for a measurement in the standards' sense."""
    temperatures: FaceTemperatures
    """Apparent temperatures of the whole face."""

    @property
    def u_c(self) -> float:
        """Standard uncertainty (k=1), °C."""
        return self.budget.combined_c


@dataclass(frozen=True, slots=True)
class Rejection:
    """No reading from this face in this frame."""

    reason: RejectReason
    """The first reason found, in the order frame, reference, room, place, face."""
    point: Point | None = None
    """Where the site would have been, if it was looked for."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else bears on one face in one frame."""

    room: Room
    """The air around it."""
    is_cold_outside: bool = False
    """Whether travellers may come in chilled."""
    blur_mm: float = 0.0
    """How far the face moves while a pixel follows it."""
    is_crowded: bool = False
    """Whether another face reaches over its eyes."""


@dataclass(frozen=True, slots=True)
class ExtractionLimits:
    """What a face must keep to be measured."""

    min_face_width_px: float
    """Narrower faces are too far."""
    min_frontality: float
    """Faces turned further are rejected, 0 to 1."""
    canthus_mm_per_px: float
    """The canthi are read where a pixel covers at most this much, else the face's maximum."""
    screening_mm_per_px: float
    """Coarser readings are marked as a pre-screen."""
    max_blur_mm: float
    """Faces that move further while a pixel follows are rejected."""
    max_canthus_blur_mm: float
    """The same where the canthi are read, which are small."""
    glasses_c: float
    """Eyeballs and hotter canthus, each against the face's median, together colder by this much
    are behind glasses."""
    max_covering_c: float
    """The canthi may be this much colder than the forehead."""
    max_canthi_difference_c: float
    """The two canthi may differ by this much."""
    hot_spot_c: float
    """The face's hottest spot may exceed the hotter canthus by this much."""
    chilled_cheeks_c: float
    """Cheeks further below the canthi than this mark a chilled face on a cold day; what pixels and
    motion blur of the canthi is added first."""
    skin_band_c: tuple[float, float]
    """Corrected skin temperatures below are chilled, above are no living skin."""
    skin_emissivity: float
    """Emissivity of skin in the camera's band."""
    skin_emissivity_u: float
    """Its standard uncertainty."""
    noise_c: float
    """Noise of one pixel, standard deviation, °C."""
    site_u_c: float
    """Standard uncertainty of finding the site, °C."""


# Side of the square that is averaged, by how fine the pixels are: a larger one has less noise, but
# reads a small canthus low.
_FINE_MM_PER_PX, _FINE_PX, _COARSE_PX = 1.25, 3, 2


def measure_skin(
    frame: ThermalFrame,
    faces: Sequence[tuple[FaceRegion, Surroundings]],
    reference: ReferenceReading,
    limits: ExtractionLimits,
) -> list[SkinReading | Rejection]:
    """Measure every face of a frame.

    Every doubt is a `Rejection`; no path turns a fault of frame or reference into a number.

    Args:
        frame: an upright frame in which measuring is allowed at all.
        faces: the faces found in that frame, each with what else bears on it.
        reference: the reference source's state in that frame.
        limits: what a valid face must keep.

    Returns:
        For each face what was read, or why nothing was.
    """
    no_reference = reference_rejection(reference)
    if no_reference is not None:
        return [Rejection(no_reference) for _ in faces]
    misplaced = [_place_rejection(frame.shape, *face, limits) for face in faces]
    _tell_covered(frame, faces, misplaced)
    placed = [face for (face, _), reason in zip(faces, misplaced, strict=True) if reason is None]
    patches_px = [_patch_px(mm_per_px(face)) for face in placed]
    looks = iter(look_at(frame.temperature_c, placed, patches_px))
    return [
        Rejection(reason)
        if reason is not None
        else _measured(
            face,
            next(looks),
            surroundings,
            sequence=frame.sequence,
            reference=reference,
            limits=limits,
        )
        for (face, surroundings), reason in zip(faces, misplaced, strict=True)
    ]


def _patch_px(scale_mm_per_px: float) -> int:
    return _FINE_PX if scale_mm_per_px <= _FINE_MM_PER_PX else _COARSE_PX


@lru_cache(maxsize=8)
def _skin(emissivity: float, ambient_c: float) -> Surface:
    """Return skin in a room; the same for all faces, for as long as the room's sensor says so."""
    return Surface(emissivity, ambient_c)


def _measured(
    face: FaceRegion,
    seen: FaceTemperatures | None,
    surroundings: Surroundings,
    *,
    sequence: int,
    reference: ReferenceReading,
    limits: ExtractionLimits,
) -> SkinReading | Rejection:
    if seen is None:
        return Rejection(RejectReason.TOO_FAR)
    scale = mm_per_px(face)
    patch_px = _patch_px(scale)
    has_canthi = scale <= limits.canthus_mm_per_px
    spot = seen.canthus if has_canthi else seen.hottest
    covered = _covering(seen, limits, has_canthi=has_canthi)
    if covered is not None:
        return Rejection(covered, spot.point)
    skin = _skin(limits.skin_emissivity, surroundings.room.ambient_c)
    loss_c, loss_u_c = (
        size_of_source(scale, patch_px, surroundings.blur_mm)
        if has_canthi
        else face_maximum_loss(scale, patch_px)
    )
    skin_c = skin.true_c(radiance(spot.apparent_c) + reference.shift) + loss_c
    implausible = _implausibility(
        skin_c, seen, surroundings, limits, warmest_c=spot.apparent_c + loss_c
    )
    if implausible is not None:
        return Rejection(implausible, spot.point)
    return SkinReading(
        skin_c=skin_c,
        budget=Budget(
            reference_c=reference.u_c,
            noise_c=limits.noise_c / patch_px,
            size_of_source_c=loss_u_c,
            site_c=limits.site_u_c,
            ambient_c=_ambient_u_c(skin_c, surroundings.room, limits),
        ),
        site=Site.INNER_CANTHUS if has_canthi else Site.FACE_MAXIMUM,
        point=spot.point,
        sequence=sequence,
        apparent_c=spot.apparent_c,
        mm_per_px=scale,
        is_pre_screen=scale > limits.screening_mm_per_px,
        temperatures=seen,
    )


def reference_rejection(reference: ReferenceReading) -> RejectReason | None:
    """Return why the reference source forbids a reading, or None if it is healthy."""
    if reference.state is ReferenceState.HEALTHY:
        return None
    return {
        ReferenceState.UNSTABLE: RejectReason.REFERENCE_UNSTABLE,
        ReferenceState.MOVED: RejectReason.REFERENCE_MOVED,
        ReferenceState.OUT_OF_BAND: RejectReason.REFERENCE_OUT_OF_BAND,
    }.get(reference.state, RejectReason.NO_REFERENCE)


def is_facing(face: FaceRegion, limits: ExtractionLimits) -> bool:
    """Whether a face is near enough to be measured and turned to the camera."""
    is_near = face.box.width >= limits.min_face_width_px
    return is_near and face.frontality >= limits.min_frontality


def _place_rejection(
    shape: tuple[int, int], face: FaceRegion, surroundings: Surroundings, limits: ExtractionLimits
) -> RejectReason | None:
    box = face.box
    height, width = box.height, box.width
    if width < limits.min_face_width_px:
        return RejectReason.TOO_FAR
    if face.frontality < limits.min_frontality:
        return RejectReason.TURNED_AWAY
    # The eye band must be whole; a cut chin or ear does not touch the site.
    top, bottom, left, right = EYE_BAND
    if (
        box.top + top * height < 0
        or box.left + left * width < 0
        or box.top + bottom * height > shape[0]
        or box.left + right * width > shape[1]
    ):
        return RejectReason.AT_EDGE
    if surroundings.is_crowded:
        return RejectReason.FACES_TOO_NEAR
    has_canthi = mm_per_px(face) <= limits.canthus_mm_per_px
    if surroundings.blur_mm > (limits.max_canthus_blur_mm if has_canthi else limits.max_blur_mm):
        return RejectReason.BLURRED
    return None


def _tell_covered(
    frame: ThermalFrame,
    faces: Sequence[tuple[FaceRegion, Surroundings]],
    reasons: list[RejectReason | None],
) -> None:
    """Name the eye under hair of faces that pass for turned ones: staff must know what to ask."""
    turned = [i for i, reason in enumerate(reasons) if reason is RejectReason.TURNED_AWAY]
    if not turned:
        return
    covered = one_eye_covered(frame.temperature_c, [faces[i][0] for i in turned])
    for i, is_covered in zip(turned, covered, strict=True):
        if is_covered:
            reasons[i] = RejectReason.COVERED_EYES


def _covering(
    seen: FaceTemperatures, limits: ExtractionLimits, *, has_canthi: bool
) -> RejectReason | None:
    # Glasses hide both corners; hair or a hand may hide one.
    other_c = min(seen.left.apparent_c, seen.right.apparent_c)
    is_one_hidden = (
        other_c < seen.forehead_c - limits.glasses_c
        and seen.corner_c - other_c > limits.max_canthi_difference_c
        and seen.corner_c >= seen.forehead_c - limits.max_covering_c
    )
    if is_one_hidden:
        return RejectReason.COVERED_EYES
    # Lenses cover the eyeballs and the canthi: both are colder than they would be on a bare face.
    eyes_c, corner_c = seen.eyes_c - seen.face_c, seen.corner_c - seen.face_c
    if eyes_c + corner_c < -limits.glasses_c:
        return RejectReason.GLASSES
    if seen.corner_c < seen.forehead_c - limits.max_covering_c:
        return RejectReason.COVERED_EYES
    difference_c = abs(seen.left.apparent_c - seen.right.apparent_c)
    if has_canthi and difference_c > limits.max_canthi_difference_c:
        return RejectReason.COVERED_EYES
    return None


def _implausibility(
    skin_c: float,
    seen: FaceTemperatures,
    surroundings: Surroundings,
    limits: ExtractionLimits,
    *,
    warmest_c: float,
) -> RejectReason | None:
    low_c, high_c = limits.skin_band_c
    if seen.hottest.apparent_c > seen.canthus.apparent_c + limits.hot_spot_c:
        return RejectReason.SUN_OR_REFLECTION
    if skin_c > high_c:
        return RejectReason.IMPLAUSIBLE
    # Coarse pixels blur the canthi into the cheeks: what that lost counts, at any distance alike.
    has_cold_cheeks = warmest_c - seen.cheeks_c > limits.chilled_cheeks_c
    if skin_c < low_c or (surroundings.is_cold_outside and has_cold_cheeks):
        return RejectReason.COLD_ARRIVAL
    return None


def _ambient_u_c(skin_c: float, room: Room, limits: ExtractionLimits) -> float:
    """What an uncertain room and emissivity do to a reading, to first order in °C."""
    reflects = 1 - limits.skin_emissivity
    return hypot(reflects * room.ambient_u_c, limits.skin_emissivity_u * (skin_c - room.ambient_c))
