"""From settings to the pure core: limits, policies and lanes."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from config.device_settings import CameraSettings, HealthSettings, ReferenceSettings, SourceSettings
from config.screening_settings import (
    BiasSettings,
    CrowdSettings,
    ExtractionSettings,
    LocatorSettings,
    PolicySettings,
    RoomSettings,
)
from config.settings import Settings
from station.core.camera_bias import BiasLimits
from station.core.cohort import CrowdLimits
from station.core.extraction import ExtractionLimits
from station.core.faces import FaceLocator
from station.core.frame_checks import FrameLimits
from station.core.health import DriftLimits
from station.core.lane import Lane, LaneLimits
from station.core.masks import UnmaskedLocator
from station.core.reference import ReferenceLimits
from station.core.room import Room, RoomLimits
from station.core.screening import Comparison, ThresholdPolicy
from station.core.source import SourceLimits
from station.core.visits import VisitLimits
from station.estimation.model_file import shipped_model
from station.vision.locator import HeatmapFaceLocator
from station.vision.threads import stay_in_calling_thread
from station.vision.yunet import YuNetFaceLocator


def build_lane(
    settings: Settings, camera: CameraSettings, locator: FaceLocator, new_id: Callable[[], UUID]
) -> Lane:
    """Build the lane that one camera watches.

    Args:
        settings: the station's settings.
        camera: one of its cameras.
        locator: finds faces; stateless, so lanes may not share one only if it is not thread-safe.
        new_id: makes passage ids.
    """
    return Lane(
        name=camera.lane,
        camera_id=camera.camera_id,
        locator=UnmaskedLocator(locator, camera.masks) if camera.masks else locator,
        limits=build_limits(settings, camera),
        policies=build_policies(settings),
        room=build_room(settings.room),
        new_id=new_id,
        oral_model=shipped_model(),
    )


def build_locator(locator: LocatorSettings) -> HeatmapFaceLocator | YuNetFaceLocator:
    """Build what finds the faces, in the thread that asks it; each lane needs its own.

    Raises:
        KnownError: if the file cannot be read or is none.
    """
    stay_in_calling_thread()
    if locator.kind == "yunet" and locator.file is not None:
        return YuNetFaceLocator(locator.file, min_score=locator.keep_score)
    return HeatmapFaceLocator(locator.file, min_score=locator.keep_score)


def build_crowd(c: CrowdSettings) -> CrowdLimits:
    """Build the limits of the watch against the crowd."""
    return CrowdLimits(
        window_people=c.window_people,
        newest_people=c.newest_people,
        max_age_s=c.max_age_s,
        max_gap_s=c.max_gap_s,
        warn_c=c.warn_c,
        warn_spreads=c.warn_spreads,
        shift_c=c.shift_c,
        shift_sigmas=c.shift_sigmas,
    )


def build_bias(b: BiasSettings) -> BiasLimits:
    """Build the limits of the watch of camera against camera."""
    return BiasLimits(
        stretch_s=b.stretch_s,
        slice_s=b.slice_s,
        min_people=b.min_people,
        alarm_c=b.alarm_c,
        alarm_sigmas=b.alarm_sigmas,
        clear_c=b.clear_c,
    )


def build_source(settings: Settings, source: SourceSettings) -> SourceLimits:
    """Build what a reference source must say to be measured by."""
    r = settings.reference
    return SourceLimits(
        set_point_c=r.set_point_c,
        set_point_u_c=r.set_point_u_c,
        emissivity=r.emissivity,
        max_away_c=r.max_step_c,
        uses_own_temperature=source.uses_own_temperature,
        own_u_c=source.u_c,
    )


def build_drift(h: HealthSettings) -> DriftLimits:
    """Build how far a camera's offset may creep."""
    return DriftLimits(h.drift_stretch_s, h.drift_warn_c, h.drift_block_c)


def build_policies(settings: Settings) -> tuple[ThresholdPolicy, ...]:
    """Build the threshold policies."""
    return tuple(_policy(policy) for policy in settings.policies)


def _policy(policy: PolicySettings) -> ThresholdPolicy:
    return ThresholdPolicy(
        policy_id=policy.policy_id,
        valid_from=policy.valid_from,
        valid_until=policy.valid_until,
        signed_by=policy.signed_by,
        skin_threshold_c=policy.skin_threshold_c,
        skin_comparison=Comparison(policy.skin_comparison),
        guard_band_c=policy.guard_band_c,
        body_threshold_c=policy.body_threshold_c,
        body_comparison=Comparison(policy.body_comparison),
    )


def build_room(room: RoomSettings) -> Room:
    """Build the room that holds until a sensor says otherwise."""
    return Room(room.ambient_c, room.ambient_u_c, room.humidity_pct, room.outdoor_c)


def build_limits(settings: Settings, camera: CameraSettings) -> LaneLimits:
    """Build what one camera's lane must keep."""
    t = settings.tracking
    return LaneLimits(
        extraction=_extraction_limits(settings.extraction, camera),
        reference=_reference_limits(settings.reference),
        frame=_frame_limits(settings, camera),
        pixel_lag_s=camera.pixel_lag_s,
        begin_score=settings.locator.min_score,
        confirm_frames=t.confirm_frames,
        forget_s=t.forget_s,
        visit=VisitLimits(t.min_valid_frames, t.window_frames, t.max_spread_c),
    )


def _extraction_limits(e: ExtractionSettings, camera: CameraSettings) -> ExtractionLimits:
    return ExtractionLimits(
        min_face_width_px=e.min_face_width_px,
        min_frontality=e.min_frontality,
        canthus_mm_per_px=e.canthus_mm_per_px,
        screening_mm_per_px=e.screening_mm_per_px,
        max_blur_mm=e.max_blur_mm,
        max_canthus_blur_mm=e.max_canthus_blur_mm,
        glasses_c=e.glasses_c,
        max_covering_c=e.max_covering_c,
        max_canthi_difference_c=e.max_canthi_difference_c,
        hot_spot_c=e.hot_spot_c,
        chilled_cheeks_c=e.chilled_cheeks_c,
        skin_band_c=(e.skin_low_c, e.skin_high_c),
        skin_emissivity=e.skin_emissivity,
        skin_emissivity_u=e.skin_emissivity_u,
        noise_c=camera.noise_c,
        site_u_c=e.site_u_c,
    )


def _reference_limits(r: ReferenceSettings) -> ReferenceLimits:
    return ReferenceLimits(
        set_point_c=r.set_point_c,
        set_point_u_c=r.set_point_u_c,
        regions=r.regions,
        radius_fraction=r.radius_fraction,
        band_c=r.band_c,
        max_step_c=r.max_step_c,
        emissivity=r.emissivity,
    )


def _frame_limits(settings: Settings, camera: CameraSettings) -> FrameLimits:
    f, r = settings.frame, settings.room
    return FrameLimits(
        warm_up_s=camera.warm_up_s,
        shutter_hold_off_s=f.shutter_hold_off_s,
        max_step_c=f.max_step_c,
        frozen_frames=f.frozen_frames,
        max_clock_jump_s=f.max_clock_jump_s,
        clock_hold_off_s=f.clock_hold_off_s,
        calibration_valid_until=camera.calibration_valid_until,
        room=RoomLimits(
            ambient_c=(r.lowest_ambient_c, r.highest_ambient_c),
            humidity_pct=(r.lowest_humidity_pct, r.highest_humidity_pct),
            cold_outdoor_c=r.cold_outdoor_c,
        ),
        zone=ZoneInfo(settings.station.time_zone),
    )
