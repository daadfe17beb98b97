"""What the settings of screening must keep, beside their types."""

from collections.abc import Iterator

from config.rules import (
    ABOVE_ZERO,
    AT_LEAST_ONE,
    LABEL_RULE,
    SHARE_RULE,
    Check,
    is_label,
    is_share,
    is_within,
)
from config.settings import Settings

# A smaller crowd is worse than none; a few people cannot show a shift.
_LEAST_CROWD, _LEAST_NEWEST = 50, 10
_LOWEST_SCORE, _HIGHEST_SCORE = 0.05, 0.95


def screening_checks(s: Settings) -> Iterator[Check]:
    """Yield the checks of room, pictures, faces, travellers, limits and watches."""
    yield from _room_checks(s)
    yield ("frame", "frozen_frames"), s.frame.frozen_frames >= 1, AT_LEAST_ONE
    yield from _locator_checks(s)
    yield from _extraction_checks(s)
    yield from _tracking_checks(s)
    yield from _policy_checks(s)
    yield from _watch_checks(s)


def _room_checks(s: Settings) -> Iterator[Check]:
    room = s.room
    is_band = room.lowest_ambient_c < room.highest_ambient_c
    yield ("room", "lowest_ambient_c"), is_band, "must be below highest_ambient_c"
    is_band = room.lowest_humidity_pct < room.highest_humidity_pct
    yield ("room", "lowest_humidity_pct"), is_band, "must be below highest_humidity_pct"
    yield ("room", "ambient_u_c"), room.ambient_u_c > 0, ABOVE_ZERO
    yield ("room", "measured_u_c"), room.measured_u_c > 0, ABOVE_ZERO


def _locator_checks(s: Settings) -> Iterator[Check]:
    is_named = s.locator.kind == "own" or s.locator.file is not None
    yield ("locator", "file"), is_named, "must name the YuNet file"
    is_score = is_within(s.locator.min_score, _LOWEST_SCORE, _HIGHEST_SCORE)
    yield ("locator", "min_score"), is_score, f"must be {_LOWEST_SCORE} to {_HIGHEST_SCORE}"
    is_less = is_within(s.locator.keep_score, _LOWEST_SCORE, s.locator.min_score)
    yield ("locator", "keep_score"), is_less, f"must be {_LOWEST_SCORE} to min_score"


def _extraction_checks(s: Settings) -> Iterator[Check]:
    e = s.extraction
    yield ("extraction", "skin_emissivity"), is_share(e.skin_emissivity), SHARE_RULE
    yield ("extraction", "min_frontality"), is_within(e.min_frontality, 0, 1), "must be 0 to 1"
    yield ("extraction", "skin_low_c"), e.skin_low_c < e.skin_high_c, "must be below skin_high_c"


def _tracking_checks(s: Settings) -> Iterator[Check]:
    t = s.tracking
    yield ("tracking", "confirm_frames"), t.confirm_frames >= 1, AT_LEAST_ONE
    is_window = 1 <= t.min_valid_frames <= t.window_frames
    yield ("tracking", "min_valid_frames"), is_window, "must be 1 to window_frames"


def _policy_checks(s: Settings) -> Iterator[Check]:
    yield ("policies",), bool(s.policies), "needs at least one threshold policy"
    for i, p in enumerate(s.policies):
        at = ("policies", i)
        yield (*at, "policy_id"), is_label(p.policy_id), LABEL_RULE
        for name, low, high in (
            ("skin_threshold_c", 34, 39),
            ("skin_adjust_c", 0, 1),
            ("body_threshold_c", 36, 40),
            ("guard_band_c", 0, 2),
        ):
            is_good = is_within(getattr(p, name), low, high)
            yield (*at, name), is_good, f"must be {low} to {high} °C"
        is_ordered = p.valid_until is None or p.valid_from <= p.valid_until
        yield (*at, "valid_until"), is_ordered, "must not lie before valid_from"


def _watch_checks(s: Settings) -> Iterator[Check]:
    c, b = s.crowd, s.bias
    is_enough = c.window_people >= _LEAST_CROWD
    yield ("crowd", "window_people"), is_enough, f"must be at least {_LEAST_CROWD}"
    is_part = _LEAST_NEWEST <= c.newest_people <= c.window_people
    yield ("crowd", "newest_people"), is_part, f"must be {_LEAST_NEWEST} to window_people"
    for name in ("max_age_s", "max_gap_s", "warn_c", "warn_spreads", "shift_c", "shift_sigmas"):
        yield ("crowd", name), getattr(c, name) > 0, ABOVE_ZERO
    for name in ("stretch_s", "slice_s", "min_people", "alarm_c", "alarm_sigmas", "clear_c"):
        yield ("bias", name), getattr(b, name) > 0, ABOVE_ZERO
    yield ("bias", "slice_s"), b.slice_s <= b.stretch_s, "must be at most stretch_s"
    yield ("bias", "clear_c"), b.clear_c < b.alarm_c, "must be below alarm_c"
