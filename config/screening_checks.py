"""What the settings of screening must keep, beside their types."""

from collections.abc import Iterator

from config.rules import LABEL_RULE, Check, is_label
from config.settings import Settings


def screening_checks(s: Settings) -> Iterator[Check]:
    """Yield the checks of room, pictures, faces, travellers, limits and watches."""
    yield from _room_checks(s)
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


def _locator_checks(s: Settings) -> Iterator[Check]:
    is_named = s.locator.kind == "own" or s.locator.file is not None
    yield ("locator", "file"), is_named, "must name the YuNet file"
    is_less = s.locator.keep_score <= s.locator.min_score
    yield ("locator", "keep_score"), is_less, "must be at most min_score"


def _extraction_checks(s: Settings) -> Iterator[Check]:
    e = s.extraction
    yield ("extraction", "skin_low_c"), e.skin_low_c < e.skin_high_c, "must be below skin_high_c"


def _tracking_checks(s: Settings) -> Iterator[Check]:
    t = s.tracking
    is_window = t.min_valid_frames <= t.window_frames
    yield ("tracking", "min_valid_frames"), is_window, "must be at most window_frames"


def _policy_checks(s: Settings) -> Iterator[Check]:
    yield ("policies",), bool(s.policies), "needs at least one threshold policy"
    for i, p in enumerate(s.policies):
        at = ("policies", i)
        yield (*at, "policy_id"), is_label(p.policy_id), LABEL_RULE
        is_ordered = p.valid_until is None or p.valid_from <= p.valid_until
        yield (*at, "valid_until"), is_ordered, "must not lie before valid_from"


def _watch_checks(s: Settings) -> Iterator[Check]:
    c, b = s.crowd, s.bias
    is_part = c.newest_people <= c.window_people
    yield ("crowd", "newest_people"), is_part, "must be at most window_people"
    yield ("bias", "slice_s"), b.slice_s <= b.stretch_s, "must be at most stretch_s"
    yield ("bias", "clear_c"), b.clear_c < b.alarm_c, "must be below alarm_c"
