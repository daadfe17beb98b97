"""From settings to the pure core: limits, policies and lanes."""

from collections.abc import Callable
from uuid import UUID

from config.settings import CameraSettings, PolicySettings, Settings
from station.core.extraction import ExtractionLimits
from station.core.faces import FaceLocator
from station.core.lane import Lane, LaneLimits
from station.core.reference import ReferenceLimits
from station.core.screening import Comparison, ThresholdPolicy


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
        locator=locator,
        limits=_limits(settings, camera),
        policies=build_policies(settings),
        new_id=new_id,
    )


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


def _limits(settings: Settings, camera: CameraSettings) -> LaneLimits:
    e, r, t = settings.extraction, settings.reference, settings.tracking
    return LaneLimits(
        extraction=ExtractionLimits(
            min_face_width_px=e.min_face_width_px,
            min_frontality=e.min_frontality,
            shutter_hold_off_s=e.shutter_hold_off_s,
            max_covering_c=e.max_covering_c,
            skin_band_c=(e.skin_low_c, e.skin_high_c),
            site_u_c=e.site_u_c,
        ),
        reference=ReferenceLimits(
            set_point_c=r.set_point_c,
            set_point_u_c=r.set_point_u_c,
            regions=r.regions,
            radius_fraction=r.radius_fraction,
            band_c=r.band_c,
            max_step_c=r.max_step_c,
        ),
        warm_up_s=camera.warm_up_s,
        confirm_frames=t.confirm_frames,
        forget_s=t.forget_s,
        min_valid_frames=t.min_valid_frames,
        window_frames=t.window_frames,
        max_spread_c=t.max_spread_c,
    )
