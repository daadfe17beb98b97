"""Between which limits each number of a site file may lie: beyond them a watch would be off.

All limits are chosen: far enough for any bench or checkpoint, and never so far that what a setting
guards against goes unseen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from config.rules import Check, is_within

Limits = Mapping[str, tuple[float, float]]

_DAY_S = 86_400
# Minutes; 0 is never.
_DEADLINE = (0, 10_080)

LIMITS: Mapping[str, Limits] = {
    "reference": {
        "set_point_c": (20, 50),
        "set_point_u_c": (0.001, 2),
        "band_c": (0.5, 20),
        "max_step_c": (0.01, 1),
        "emissivity": (0.5, 1),
    },
    "swept_source": {"emissivity": (0.5, 1), "u_c": (0.001, 2), "dwell_s": (0, 3600)},
    "room": {
        "ambient_c": (-30, 60),
        "ambient_u_c": (0.01, 10),
        "measured_u_c": (0.01, 5),
        "lowest_ambient_c": (-30, 60),
        "highest_ambient_c": (-30, 60),
        "lowest_humidity_pct": (0, 100),
        "highest_humidity_pct": (0, 100),
        "cold_outdoor_c": (-60, 40),
        "humidity_pct": (0, 100),
        "outdoor_c": (-60, 60),
    },
    "health": {
        "source_stuck_s": (0.1, 3600),
        "camera_stuck_s": (0.1, 3600),
        "room_stuck_s": (0.1, _DAY_S),
        "drift_stretch_s": (0.1, _DAY_S),
        "drift_warn_c": (0.01, 5),
        "drift_block_c": (0.01, 5),
    },
    "frame": {
        "shutter_hold_off_s": (0, 600),
        "max_step_c": (0.01, 2),
        "frozen_frames": (1, 100),
        "max_clock_jump_s": (0.1, 60),
        "clock_hold_off_s": (0, 600),
    },
    "locator": {"min_score": (0.05, 0.95), "keep_score": (0.05, 0.95)},
    "extraction": {
        "min_face_width_px": (4, 1000),
        "min_frontality": (0, 1),
        "canthus_mm_per_px": (0.05, 20),
        "screening_mm_per_px": (0.05, 20),
        "max_blur_mm": (0.1, 50),
        "max_canthus_blur_mm": (0.1, 50),
        "glasses_c": (0.1, 10),
        "max_covering_c": (0, 10),
        "max_canthi_difference_c": (0.05, 10),
        "hot_spot_c": (0.1, 10),
        "chilled_cheeks_c": (0.1, 10),
        "skin_low_c": (20, 40),
        "skin_high_c": (37, 60),
        "skin_emissivity": (0.8, 1),
        "skin_emissivity_u": (0, 0.1),
        "site_u_c": (0, 1),
    },
    "tracking": {
        "confirm_frames": (1, 100),
        "forget_s": (0.1, 60),
        "min_valid_frames": (1, 100),
        "window_frames": (1, 100),
        "max_spread_c": (0.01, 2),
    },
    # A smaller crowd is worse than none; a few people cannot show a shift.
    "crowd": {
        "window_people": (50, 10_000),
        "newest_people": (10, 10_000),
        "max_age_s": (1, 7 * _DAY_S),
        "max_gap_s": (1, 7 * _DAY_S),
        "warn_c": (0.01, 5),
        "warn_spreads": (0.1, 20),
        "shift_c": (0.01, 5),
        "shift_sigmas": (0.1, 20),
    },
    "bias": {
        "stretch_s": (1, 7 * _DAY_S),
        "slice_s": (1, 7 * _DAY_S),
        "min_people": (1, 10_000),
        "alarm_c": (0.01, 5),
        "alarm_sigmas": (0.1, 20),
        "clear_c": (0.001, 5),
    },
    "policies": {
        "skin_threshold_c": (34, 39),
        "skin_adjust_c": (0, 1),
        "guard_band_c": (0, 2),
        "body_threshold_c": (36, 40),
    },
    "link": {
        "port": (1, 65_535),
        "window": (1, 1000),
        "publish_timeout_s": (0.05, 600),
        "receipt_timeout_s": (0.05, 3600),
        "reconnect_min_s": (0.01, 600),
        "reconnect_max_s": (0.01, 600),
    },
    "second_check": {
        "max_difference_c": (0, 5),
        "strong_flag_c": (0, 5),
        "rest_s": (0, 3600),
        "picture_s": (0, 3600),  # pictures are not kept longer
    },
    "deadlines": dict.fromkeys(
        (
            *("reading", "contact", "verdict", "registration", "isolation"),
            *("request", "acceptance", "departure", "arrival", "outcome"),
        ),
        _DEADLINE,
    ),
    "registration": {"medicine_hours": (1, 720), "identity_days": (1, 3650)},
    "collection_orders": {"keep_days": (1, 3650)},
    "hand_over": {"receipt_alarm_s": (1, _DAY_S)},
    "accounts": {"lock_after_min": (0, 1440)},  # 0 is never
    "service": {"certificate_valid_days": (1, 3650)},
    "cameras": {"warm_up_s": (0, _DAY_S), "noise_c": (0.001, 1), "pixel_lag_s": (0, 1)},
    # Slow lines need a second; a thread that does not move for ten seconds counts as hung.
    "sources": {"u_c": (0.001, 2), "poll_s": (1, 10), "silence_s": (1, 600)},
    "room_sensors": {"u_c": (0.001, 5), "poll_s": (0.05, 10), "silence_s": (0.1, 3600)},
}


def limit_checks(settings: Any) -> Iterator[Check]:
    """Yield one check for every number of the settings that has limits."""
    for section in fields(settings):
        value, limits = getattr(settings, section.name), LIMITS.get(section.name, {})
        if isinstance(value, tuple):
            for i, item in enumerate(value):
                yield from _section_checks((section.name, i), item, limits)
        else:
            yield from _section_checks((section.name,), value, limits)


def _section_checks(at: tuple[str | int, ...], section: Any, limits: Limits) -> Iterator[Check]:
    for name, (low, high) in limits.items():
        value = getattr(section, name)
        if value is not None:
            yield (*at, name), is_within(value, low, high), f"must be {low:g} to {high:g}"
