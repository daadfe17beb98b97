"""Settings of how travellers are screened: the room, pictures, faces, limits, and the watches."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

ComparisonName = Literal[">", ">="]


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """The room at the checkpoint: what is assumed, and between which limits it is measured in."""

    ambient_c: float
    """Temperature of air and walls, unless a sensor tells it."""
    ambient_u_c: float
    """Standard uncertainty of that."""
    measured_u_c: float
    """Standard uncertainty once somebody has measured it."""
    lowest_ambient_c: float
    """Colder rooms are out of band."""
    highest_ambient_c: float
    """Warmer rooms are out of band."""
    lowest_humidity_pct: float
    """Drier rooms are out of band."""
    highest_humidity_pct: float
    """Damper rooms are out of band."""
    cold_outdoor_c: float
    """Below this outdoor temperature faces may come in chilled."""
    humidity_pct: float | None = None
    """Relative humidity, unless a sensor tells it."""
    outdoor_c: float | None = None
    """Outdoor temperature, unless a sensor tells it."""


@dataclass(frozen=True, slots=True)
class FrameSettings:
    """What a whole picture must keep to be measured in."""

    shutter_hold_off_s: float
    """Seconds after a shutter correction in which nothing is measured."""
    max_step_c: float
    """The whole picture jumps by more: a shutter correction that the camera did not tell."""
    frozen_frames: int
    """So many equal frames in a row come from a frozen camera."""
    max_clock_jump_s: float
    """The clock may run this much apart from the frames' own time."""
    clock_hold_off_s: float
    """Seconds after a jump of the clock in which nothing is measured."""


@dataclass(frozen=True, slots=True)
class LocatorSettings:
    """What finds the faces."""

    kind: Literal["own", "yunet"] = "own"
    """The program's own network, or a YuNet file of the operator's."""
    file: Path | None = None
    """The operator's file; none takes the network that comes with the program."""
    min_score: float = 0.45
    """The confidence from which a face begins a traveller, 0 to 1."""
    keep_score: float = 0.25
    """The confidence that is enough where a traveller is expected, 0 to 1."""


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
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
    """Eyeballs and canthus together colder than the face's median by this much: glasses."""
    max_covering_c: float
    """The canthi may be this much colder than the forehead before they count as covered."""
    max_canthi_difference_c: float
    """The two canthi may differ by this much."""
    hot_spot_c: float
    """The face's hottest spot may exceed the hotter canthus by this much."""
    chilled_cheeks_c: float
    """Cheeks further below the canthi mark a chilled face on a cold day."""
    skin_low_c: float
    """Colder skin is implausible: a cold arrival, not a pass."""
    skin_high_c: float
    """Hotter skin is implausible: no living person."""
    skin_emissivity: float
    """Emissivity of skin in the camera's band."""
    skin_emissivity_u: float
    """Its standard uncertainty."""
    site_u_c: float
    """Standard uncertainty of finding the canthus or the face's hottest spot."""


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """How faces become travellers, and travellers answers."""

    confirm_frames: int
    """Frames with a face before it counts as a traveller."""
    forget_s: float
    """Seconds without a face before a traveller has left."""
    min_valid_frames: int
    """Valid frames before there is an answer."""
    window_frames: int
    """The latest valid frames that the median is taken over."""
    max_spread_c: float
    """Largest robust standard deviation of a traveller's valid frames."""


@dataclass(frozen=True, slots=True)
class CrowdSettings:
    """The watch of each camera's travellers against their crowd; it only adds warnings."""

    window_people: int
    """The latest so many people are the crowd; with fewer than 50 nothing is said."""
    newest_people: int
    """So many newest people are tested against those before them."""
    max_age_s: float
    """Older values expire."""
    max_gap_s: float
    """After so long without anybody it learns anew."""
    warn_c: float
    """A warning needs at least so much above the crowd's median."""
    warn_spreads: float
    """And at least so many robust standard deviations, and more while the crowd is small."""
    shift_c: float
    """A crowd whose newest people differ by at least so much has shifted."""
    shift_sigmas: float
    """If that is so many standard uncertainties, too."""


@dataclass(frozen=True, slots=True)
class BiasSettings:
    """The watch of camera against camera."""

    stretch_s: float
    """The latest stretch of time that is compared."""
    slice_s: float
    """Only people of the same slice of it are compared."""
    min_people: int
    """Fewer people of a camera tell nothing."""
    alarm_c: float
    """A difference that may be as large as this raises an alarm."""
    alarm_sigmas: float
    """If it is so many standard uncertainties from nothing."""
    clear_c: float
    """The alarm ends when the difference is below this."""


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """One dated threshold policy."""

    policy_id: str
    """Name of the order."""
    valid_from: date
    """First day in force."""
    signed_by: str
    """The office that set it."""
    skin_threshold_c: float
    """Referral limit on skin temperature."""
    skin_comparison: ComparisonName
    """Whether the limit itself is flagged."""
    guard_band_c: float
    """Readings up to this far below the limit are repeated."""
    body_threshold_c: float
    """Limit on the second reading."""
    body_comparison: ComparisonName
    """Whether the limit itself is febrile."""
    valid_until: date | None = None
    """Last day in force."""
    skin_adjust_c: float = 0.0
    """Two people may move the limit on skin temperature so far up or down; 0 forbids it."""
