"""Settings of what is measured with, and of when it is no longer believed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

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
    masks: tuple[tuple[float, float, float, float], ...] = ()
    """Areas never searched for faces, (top, left, bottom, right) as fractions of the picture."""
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
