"""What a station consists of, for whoever must check it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CameraAbout:
    """One camera, as the settings say."""

    camera_id: str
    """Its name."""
    lane: str
    """Its lane."""
    noise_c: float
    """The noise of a pixel that the station reckons with, °C."""
    masks: tuple[tuple[float, float, float, float], ...] = ()
    """Areas never searched for faces, (top, left, bottom, right) as fractions of the picture."""


@dataclass(frozen=True, slots=True)
class StationDescribed:
    """What the station consists of; told to every kiosk that connects."""

    station_id: str
    """Its name at the CDC."""
    program: str
    """The program's version."""
    cameras: tuple[CameraAbout, ...]
    """Its cameras."""
    thermometers: tuple[str, ...]
    """Names of its thermometers."""
    sources: tuple[str, ...]
    """Names of its reference sources on a wire."""
    set_point_c: float
    """What the reference source is set to, °C."""
    reference_band_c: float
    """How far a camera may read it off, °C."""
    drift_warn_c: float
    """How far it may drift within ten minutes, °C."""
    regions: tuple[tuple[float, float, float, float], ...]
    """Where it may be: (top, left, bottom, right) as fractions of the picture."""
    radius_fraction: tuple[float, float]
    """Smallest and largest radius of its disc as fractions of the picture's longer side."""
    swept_region: tuple[float, float, float, float]
    """Where the source is that cameras are certified with."""
    files_folder: str
    """Where exports, bundles, backups and sheets are written."""
    is_drill: bool = False
    """Whether every alert is an exercise."""
    is_simulated: bool = False
    """Whether simulated devices stand in for real ones: nobody here is real."""
