"""Short films of the twin, each with what a technician would know and what is true.

A clip holds a scene, what the camera and the room's sensors tell, and facts that only the judge
may see. Its `site` holds the settings that a technician would have made there, as `section.key`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulators.twin.assumptions import (
    FIXED_PATTERN_C,
    FLICKER_C,
    GAIN_ERROR,
    HALO_SHARE,
    PIXEL_LAG_S,
    POINT_SPREAD_PX,
    SKIN_EMISSIVITY_SD,
)
from simulators.twin.optics import Optics, Room
from simulators.twin.people import Traveller
from simulators.twin.scene import Scene
from simulators.twin.sensor import Sensor, Shutter
from simulators.twin.source import ReferenceSource

RATE_HZ = 9.0
"""Frames a second of most clips: what cameras free of export licences give."""

Site = dict[str, Any]
"""Settings by `section.key`."""


@dataclass(frozen=True, slots=True)
class Sensors:
    """What the room's instruments say."""

    ambient_c: float
    """Air temperature, °C."""
    ambient_u_c: float
    """Its standard uncertainty, °C."""
    humidity_pct: float | None = None
    """Relative humidity, %."""
    outdoor_c: float | None = None
    """Outdoor temperature, °C."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One film."""

    name: str
    """Unique in its stream."""
    scene: Scene
    """What the camera looks at."""
    shape: tuple[int, int]
    """Rows and columns."""
    seconds: float
    """Length."""
    sensors: Sensors
    """The room's instruments."""
    start_s: float = 0.0
    """Scene time of the first frame."""
    rate_hz: float = RATE_HZ
    """Frames a second."""
    site: Site = field(default_factory=dict)
    """The technician's settings."""
    frozen_s: tuple[float, float] | None = None
    """From when to when the camera repeats one frame, s after the start."""
    clock_jump: tuple[float, float] | None = None
    """When the clock jumps, s after the start, and by how many seconds."""
    is_radiometric: bool = True
    """Whether the camera gives temperatures and not counts."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the judge may know besides."""

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return round(self.seconds * self.rate_hz)

    def times_s(self) -> Iterator[float]:
        """Yield the frames' times, s after the start."""
        for i in range(self.frame_count):
            yield i / self.rate_hz


@dataclass(frozen=True, slots=True)
class Drawn:
    """One camera in one room, drawn at random."""

    room: Room
    """The room."""
    sensors: Sensors
    """What is measured of it."""
    optics: Optics
    """The lens."""
    sensor: Sensor
    """The camera."""
    reference: ReferenceSource
    """The source."""
    start_s: float
    """Since when it drifts."""
    site: Site
    """What the technician knows."""


def draw(
    rng: np.random.Generator,
    *,
    focal_widths: float = 3.04,
    air_c: tuple[float, float] = (19.0, 26.0),
    set_point_u_c: float = 0.15,
    is_room_measured: bool = True,
    shutters: tuple[Shutter, ...] = (),
) -> Drawn:
    """Draw a camera, a room and a source, each with errors of its own.

    Args:
        rng: for everything random.
        focal_widths: the lens.
        air_c: between which the room lies, °C.
        set_point_u_c: standard uncertainty of the source's set point, °C.
        is_room_measured: whether there are instruments; otherwise the shipped setting holds.
        shutters: the camera's shutter corrections.
    """
    # Nobody measures: the shipped setting is 22 ± 2 °C, and so are such rooms.
    sensor_u_c, usual_c, usual_u_c = 0.5, 22.0, 2.0
    true_c = float(rng.uniform(*air_c))
    if not is_room_measured:
        true_c = float(np.clip(rng.normal(usual_c, usual_u_c), 17.0, 27.0))
    humidity_pct = float(rng.uniform(20, 75))
    room = Room(air_c=true_c, humidity_pct=humidity_pct)
    measured = Sensors(true_c + float(rng.normal(0, sensor_u_c)), sensor_u_c, humidity_pct)
    return Drawn(
        room=room,
        sensors=measured if is_room_measured else Sensors(usual_c, usual_u_c),
        optics=Optics(
            focal_widths=focal_widths,
            point_spread_px=float(rng.uniform(*POINT_SPREAD_PX)),
            halo_share=float(rng.uniform(*HALO_SHARE)),
        ),
        sensor=Sensor(
            netd_c=float(rng.uniform(0.03, 0.05)),
            offset_c=float(rng.normal(0, 1.5)),
            drift_c_per_h=float(rng.choice((-1.0, 1.0))),
            flicker_c=float(rng.uniform(*FLICKER_C)),
            fixed_pattern_c=float(rng.uniform(*FIXED_PATTERN_C)),
            gain_error=float(rng.normal(0, GAIN_ERROR)),
            lag_s=float(rng.uniform(*PIXEL_LAG_S)),
            shutters=shutters,
        ),
        reference=ReferenceSource(error_c=float(rng.normal(0, set_point_u_c))),
        start_s=float(rng.uniform(0, 3600)),
        site={"reference.set_point_u_c": set_point_u_c, "reference.regions": SOURCE_REGIONS},
    )


SOURCE_REGIONS = [[0.0, 0.7, 0.5, 1.0]]
"""Where the technician says that the source is: the upper right."""


CORE_SD_C, PERSON_SD_C = 0.23, 0.27
"""How people without fever scatter, °C: their core, and what their canthi lie below it.

The volunteers' mouths below 37.5 °C scatter by 0.27, their canthi by 0.38 and 0.43 (camera 1 and
2), and the one below the other by 0.34 and 0.38 (Wang et al. 2023, PhysioNet). All three hold the
thermometer's own error: canthi rise by only 0.70 and 0.78 °C with each °C of a mouth, although
those with fever lie as far below it as the others. So the core scatters by 0.23, the thermometer by
0.14. What is left for the person, without thermometer, camera (0.12: the two differ by 0.165) and
the source's set point (0.15, as drawn here), is 0.27.
"""


def person(
    rng: np.random.Generator, name: str, enters_at_s: float, core_c: float, **more: Any
) -> Traveller:
    """Draw a person.

    Canthi of the 512 volunteers lie 1.28 and 1.31 °C below the mouth (mean of three rounds, camera
    1 and 2; Wang et al. 2023, PhysioNet). For how they scatter, see `PERSON_SD_C`.
    """
    fixed = {
        "speed_m_s": float(rng.uniform(0.75, 1.1)),
        "canthus_below_core_c": float(rng.normal(1.28, PERSON_SD_C)),
        "lane_offset": float(rng.uniform(-0.8, 0.8)),
        "height_m": float(rng.normal(0, 0.05)),
        "emissivity": float(np.clip(rng.normal(0.98, SKIN_EMISSIVITY_SD), 0.95, 0.999)),
    }
    return Traveller(name=name, core_c=core_c, enters_at_s=enters_at_s, **(fixed | more))


def afebrile_core_c(rng: np.random.Generator) -> float:
    """Draw a core temperature without fever, °C.

    Mouths of the volunteers below 37.5 °C have a mean of 36.90 °C (Wang et al. 2023, PhysioNet).
    For how they scatter, see `PERSON_SD_C`.
    """
    return float(np.clip(rng.normal(36.9, CORE_SD_C), 35.8, 37.9))


def febrile_core_c(rng: np.random.Generator) -> float:
    """Draw a core temperature of 38.0 °C or more.

    The volunteers at 38.0 °C or more had a mean of 38.7 °C; the shape is assumed.
    """
    return float(min(38.0 + rng.exponential(0.7), 41.0))
