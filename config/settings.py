"""Every setting of a station: one frozen dataclass a section, the unit in every name.

The shipped values and their sources stand in `defaults.toml`; a site file overrides them.
"""

from dataclasses import dataclass, field
from datetime import date, time
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from config.case_settings import (
    ClinicSettings,
    CollectionOrderSettings,
    DeadlineSettings,
    HandOverSettings,
    RegistrationSettings,
    SecondCheckSettings,
)

OrientationName = Literal[
    "none",
    "transpose",
    "antitranspose",
    "rot90",
    "rot180",
    "rot270",
    "flip_horizontal",
    "flip_vertical",
]
ComparisonName = Literal[">", ">="]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class StationSettings:
    """Who this station is."""

    station_id: str
    """Name known to the CDC: letters, digits, `-`."""
    region: str
    """First part of the topics: the area's code."""
    site: str
    """Second part of the topics: the hub."""
    ledger_path: Path
    """The SQLite file."""
    time_zone: str
    """Where its days begin and end: a name of the IANA database."""
    export_folder: Path
    """Where lists that staff export are written; made if missing."""


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """One thermal camera and the lane it watches."""

    camera_id: str
    """Name of the camera."""
    lane: str
    """Name of the lane, as staff say it."""
    driver: str
    """Registered driver name."""
    orientation: OrientationName = "none"
    """How its picture becomes upright."""
    warm_up_s: float = 1800.0
    """Seconds after power-up in which nothing is measured."""
    noise_c: float = 0.05
    """Noise of one pixel (NETD), standard deviation."""
    pixel_lag_s: float = 0.01
    """Time in which a pixel follows a change: what moves is blurred."""
    calibration_valid_until: date | None = None
    """Last day of the calibration certificates of camera and source."""
    options: dict[str, str | int | float | bool] = field(default_factory=dict)
    """The driver's own options: url, user, channel."""


@dataclass(frozen=True, slots=True)
class ThermometerSettings:
    """One handheld thermometer."""

    device_id: str
    """Name on the device's label."""
    driver: str
    """Registered driver name."""
    options: dict[str, str | int | float | bool] = field(default_factory=dict)
    """The driver's own options: port."""


@dataclass(frozen=True, slots=True)
class ReferenceSettings:
    """The reference source in the camera's view."""

    set_point_c: float
    """What the source is set to."""
    set_point_u_c: float
    """Standard uncertainty of the set point."""
    regions: tuple[tuple[float, float, float, float], ...]
    """Where it may be: (top, left, bottom, right) as fractions of the picture."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius of the disc as fractions of the picture's longer side."""
    band_c: float
    """Largest difference of apparent temperature and set point before the camera is distrusted."""
    max_step_c: float
    """Largest change within a second that counts as steady."""
    emissivity: float
    """Emissivity of the source's surface in the camera's band."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """A reference source in view that tells how it is, beside `[reference]`."""

    device_id: str
    """Name on the device's label."""
    driver: str
    """Registered driver name; "fixed" for one without a wire."""
    cameras: tuple[str, ...] = ()
    """Names of the cameras that look at it; none stands for all."""
    uses_own_temperature: bool = False
    """Whether the temperature that it measures counts as true, instead of the set point."""
    u_c: float = 0.1
    """Standard uncertainty of the temperature that it measures."""
    poll_s: float = 1.0
    """Seconds between two questions."""
    silence_s: float = 5.0
    """Seconds without an answer after which nothing is measured by it."""
    options: dict[str, str | int | float | bool] = field(default_factory=dict)
    """The driver's own options: port, baud, address."""


@dataclass(frozen=True, slots=True)
class SweptSourceSettings:
    """The second source that `fever-station certify` sweeps to prove a camera's linearity."""

    driver: str
    """Registered driver name of a source on a wire, or "manual": a technician sets it by hand."""
    region: tuple[float, float, float, float]
    """Where it is: (top, left, bottom, right) as fractions; apart from the reference source's."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius of its disc as fractions of the picture's longer side."""
    emissivity: float
    """Emissivity of its surface in the camera's band."""
    u_c: float
    """Standard uncertainty of the temperature that it tells."""
    dwell_s: float
    """Seconds that it must keep its temperature before a step is measured."""
    options: dict[str, str | int | float | bool] = field(default_factory=dict)
    """The driver's own options: port, baud."""


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
class RoomSensorSettings:
    """One sensor of the air, at the checkpoint or outdoors."""

    device_id: str
    """Name on the device's label."""
    driver: str
    """Registered driver name."""
    role: Literal["indoor", "outdoor"] = "indoor"
    """Whether it tells the room's air, or only the outdoor temperature."""
    u_c: float = 0.5
    """Standard uncertainty of its temperature."""
    poll_s: float = 5.0
    """Seconds between two readings."""
    silence_s: float = 60.0
    """Seconds without a reading after which the room counts as assumed again."""
    options: dict[str, str | int | float | bool] = field(default_factory=dict)
    """The driver's own options: port."""


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """When instruments that answer are no longer believed."""

    source_stuck_s: float
    """A finely told temperature of a reference source moves within this time."""
    camera_stuck_s: float
    """What a camera shows of the reference source moves within this time."""
    room_stuck_s: float
    """Some value of a room sensor moves within this time."""
    drift_stretch_s: float
    """The stretch over which a camera's offset against its reference source is followed."""
    drift_warn_c: float
    """A trend of the offset over the stretch that is told."""
    drift_block_c: float
    """A trend of the offset after which a source on a wire is no longer believed."""


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
    """The latest so many people are the crowd; with fewer nothing is said."""
    newest_people: int
    """So many newest people are tested against those before them."""
    max_age_s: float
    """Older values expire."""
    max_gap_s: float
    """After so long without anybody it learns anew."""
    warn_c: float
    """A warning needs at least so much above the crowd's median."""
    warn_spreads: float
    """And at least so many robust standard deviations."""
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


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """The way to the CDC."""

    host: str
    """The broker's name or address."""
    port: int
    """The broker's port."""
    window: int
    """Most alerts in flight at once; the broker's Receive Maximum lowers it."""
    publish_timeout_s: float
    """Seconds to wait for the broker's acknowledgement before trying again."""
    receipt_timeout_s: float
    """Seconds to wait for the CDC's receipt before sending again."""
    reconnect_min_s: float
    """Shortest wait before connecting again."""
    reconnect_max_s: float
    """Longest wait before connecting again."""
    ca_file: Path | None = None
    """The authority that the broker's certificate must come from; none connects without TLS."""
    cert_file: Path | None = None
    """This station's certificate; its name is the station_id."""
    key_file: Path | None = None
    """Its key."""
    signing_key_file: Path | None = None
    """The key that signs each message; none sends them unsigned."""
    cdc_keys_file: Path | None = None
    """The CDC's public keys: answers not signed by one are not believed; none believes all."""
    allow_plaintext: bool = False
    """Connect without TLS to a broker that is not this machine."""

    @property
    def is_local(self) -> bool:
        """Whether the broker is this machine: the only one that is reached without TLS."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """The daily report to the CDC."""

    daily_at: time
    """Local time at which it is sent."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Who may work at the kiosk."""

    required: bool
    """Whether people sign in there; without it everybody before it may do everything."""
    lock_after_min: float
    """After so many minutes without a touch the kiosk locks itself; 0 stands for never."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What technicians need at the kiosk."""

    certificate_valid_days: int
    """Days after which a camera's linearity certificate has expired."""
    backup_key_file: Path | None = None
    """The key that seals backups: backup.pub of `fever-station backup --new-key`."""


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """The kiosk's window."""

    socket_path: Path
    """The bridge between station and kiosk."""
    language: Literal["zh", "en"]
    """Language at start."""
    traveller: Literal["auto", "split", "off"]
    """Where travellers see what they are told: second screen, beside the kiosk, nowhere."""
    voices_path: Path | None = None
    """Folder of recorded prompts that go before the synthetic voice; None if there is none."""


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Where simulated devices are controlled; a station with this section screens nobody real."""

    control: str
    """Their control port on this machine: `host:port`."""

    @property
    def host(self) -> str:
        """The host, without brackets."""
        return self.control.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port; 0 if there is none."""
        text = self.control.rpartition(":")[2]
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything."""

    station: StationSettings
    """Who this station is."""
    cameras: tuple[CameraSettings, ...]
    """Its cameras, one lane each."""
    thermometers: tuple[ThermometerSettings, ...]
    """Its handheld thermometers."""
    sources: tuple[SourceSettings, ...]
    """Its reference sources that tell how they are."""
    room_sensors: tuple[RoomSensorSettings, ...]
    """Its sensors of the air, one a role."""
    reference: ReferenceSettings
    """The reference source."""
    swept_source: SweptSourceSettings
    """The source that cameras are certified with."""
    room: RoomSettings
    """The room."""
    health: HealthSettings
    """Instruments that go wrong without a word."""
    frame: FrameSettings
    """Limits of a whole picture."""
    locator: LocatorSettings
    """What finds the faces."""
    extraction: ExtractionSettings
    """Limits of measuring."""
    tracking: TrackingSettings
    """Following travellers."""
    crowd: CrowdSettings
    """Travellers against their crowd."""
    bias: BiasSettings
    """Camera against camera."""
    policies: tuple[PolicySettings, ...]
    """Threshold policies, each with its dates."""
    link: LinkSettings
    """The way to the CDC."""
    report: ReportSettings
    """The daily report."""
    second_check: SecondCheckSettings
    """The second check."""
    deadlines: DeadlineSettings
    """How long cases may wait."""
    registration: RegistrationSettings
    """What is asked after a confirmed fever."""
    collection_orders: tuple[CollectionOrderSettings, ...]
    """Orders to take identities."""
    hand_over: HandOverSettings
    """Whom staff call."""
    clinics: tuple[ClinicSettings, ...]
    """Fever clinics, the nearest first."""
    accounts: AccountSettings
    """Who may work there."""
    service: ServiceSettings
    """What technicians need there."""
    kiosk: KioskSettings
    """The kiosk."""
    simulators: SimulatorSettings | None = None
    """What stands in for real devices; None at a checkpoint."""
