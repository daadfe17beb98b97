"""Simulated people: what is true of one person, and how it walks."""

from dataclasses import dataclass

import numpy as np

FACE_WIDTH_MM = 150.0
"""Cheek to cheek without ears."""
FACE_HEIGHT_MM = 200.0
"""Hairline to chin."""

FAR_M, NEAR_M = 5.0, 1.7
"""Between which distances people walk down a lane."""
# Beyond the near point people step aside and leave the picture within this many seconds.
_LEAVING_S, _LEAVING_M = 0.9, 0.9
_LANE_HALF_WIDTH_M = 0.35
_PROFILE_DEG = 90.0
_FACING_DEG = 50.0


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A place on somebody's way; between two, one walks straight and evenly."""

    age_s: float
    """Seconds since the person appeared."""
    side_m: float
    """Sideways place, right of the camera's axis."""
    distance_m: float
    """Distance in front of the camera."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """One simulated person."""

    name: str
    """What the simulator calls it; never leaves the simulator's truth."""
    core_c: float
    """Core temperature, °C."""
    enters_at_s: float
    """Scene time at which the person appears."""
    speed_m_s: float = 0.9
    """Walking speed down the lane."""
    canthus_below_core_c: float = 1.25
    """Inner canthus skin is the core temperature minus this, °C, when not chilled."""
    glasses: bool = False
    """Whether opaque lenses cover both canthi."""
    turned_away: bool = False
    """Whether the face is turned to the side by more than 60 degrees."""
    lane_offset: float = 0.0
    """Sideways place, -1 (left) to 1 (right)."""
    from_behind: bool = False
    """Whether only the back of the head shows."""
    path: tuple[Waypoint, ...] = ()
    """The way, if it is not down the lane; two waypoints or more."""
    yaw_deg: float | None = None
    """How far the head is turned to the picture's right; None draws a little."""
    height_m: float = 0.0
    """How much taller than the usual person, m."""
    mask: bool = False
    """Whether a surgical mask covers nose and mouth."""
    covered_eye: bool = False
    """Whether a lock of hair hangs over one eye."""
    sun_c: float = 0.0
    """How much hotter a sunlit or mirroring spot on the cheek is, °C."""
    cup: bool = False
    """Whether a hot drink is held in front of the chest."""
    face_chill_c: float = 0.0
    """How much colder than usual forehead, cheeks and nose are, °C."""
    canthus_chill_c: float = 0.0
    """How much colder than usual the inner canthi are, °C."""
    emissivity: float = 0.98
    """Emissivity of the skin (0.98: Foster et al. 2021, PMC8654479, table 1)."""

    @property
    def canthus_c(self) -> float:
        """Skin temperature of the hotter inner canthus, °C."""
        return self.core_c - self.canthus_below_core_c - self.canthus_chill_c

    @property
    def is_facing(self) -> bool:
        """Whether the face is turned to the camera."""
        turned = abs(self.yaw_deg or 0.0) > _FACING_DEG
        return not (self.turned_away or self.from_behind or turned)

    @property
    def mean_yaw_deg(self) -> float:
        """How far the head is turned, on average; 90 and more is a profile, 180 a back."""
        if self.from_behind:
            return 180.0
        if self.turned_away:
            return _PROFILE_DEG
        return self.yaw_deg or 0.0

    def place(self, t_s: float) -> tuple[float, float] | None:
        """Return (sideways, distance) in m at a scene time, or None when not there."""
        age_s = t_s - self.enters_at_s
        if self.path:
            return self._on_path(age_s)
        walking_s = (FAR_M - NEAR_M) / self.speed_m_s
        if not 0 <= age_s < walking_s + _LEAVING_S:
            return None
        side_m = self.lane_offset * _LANE_HALF_WIDTH_M
        if age_s > walking_s:
            aside = 1.0 if self.lane_offset >= 0 else -1.0
            side_m += aside * _LEAVING_M * ((age_s - walking_s) / _LEAVING_S) ** 2
        return side_m, max(FAR_M - self.speed_m_s * age_s, NEAR_M)

    def _on_path(self, age_s: float) -> tuple[float, float] | None:
        ages = [point.age_s for point in self.path]
        if not ages[0] <= age_s < ages[-1]:
            return None
        side_m = np.interp(age_s, ages, [point.side_m for point in self.path])
        distance_m = np.interp(age_s, ages, [point.distance_m for point in self.path])
        return float(side_m), float(distance_m)
