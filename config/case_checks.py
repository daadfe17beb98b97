"""What the settings of the case flow must keep, beside their types."""

from collections.abc import Iterator

from config.settings import Settings

Place = tuple[str | int, ...]

LABEL_RULE = "must be 1 to 64 printable characters: it is shown to staff and sent to the CDC"
_LONGEST_LABEL = 64
_LONGEST_LINE = 120
_LONGEST_PICTURE_S = 3600


def is_label(text: str) -> bool:
    """Whether a text may name something to staff and to the CDC."""
    return 1 <= len(text) <= _LONGEST_LABEL and text.isprintable()


def case_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    """Yield (place, whether it holds, what must hold)."""
    check = s.second_check
    yield ("second_check", "max_difference_c"), check.max_difference_c >= 0, "must not be below 0"
    yield ("second_check", "strong_flag_c"), check.strong_flag_c >= 0, "must not be below 0"
    yield ("second_check", "rest_s"), 0 <= check.rest_s <= _LONGEST_PICTURE_S, "must be 0 to 3600"
    is_short = 0 <= check.picture_s <= _LONGEST_PICTURE_S
    yield ("second_check", "picture_s"), is_short, "must be 0 to 3600: pictures are not kept longer"
    for name in type(s.deadlines).__dataclass_fields__:
        is_time = getattr(s.deadlines, name) >= 0
        yield ("deadlines", name), is_time, "must not be below 0; 0 is never"
    r = s.registration
    yield ("registration", "medicine_hours"), r.medicine_hours >= 1, "must be at least 1"
    days = s.service.certificate_valid_days
    yield ("service", "certificate_valid_days"), days >= 1, "must be at least 1"
    yield ("registration", "identity_days"), r.identity_days >= 1, "must be at least 1"
    yield from _order_checks(s)
    yield ("hand_over", "emergency"), is_label(s.hand_over.emergency), LABEL_RULE
    yield ("hand_over", "receipt_alarm_s"), s.hand_over.receipt_alarm_s > 0, "must be above 0"
    for i, clinic in enumerate(s.clinics):
        for name in type(clinic).__dataclass_fields__:
            text = getattr(clinic, name)
            is_line = 1 <= len(text) <= _LONGEST_LINE and text.isprintable()
            yield ("clinics", i, name), is_line, "must be one line of up to 120 characters"


def _order_checks(s: Settings) -> Iterator[tuple[Place, bool, str]]:
    names = [order.order_id for order in s.collection_orders]
    yield ("collection_orders",), len(names) == len(set(names)), "need different order_ids"
    for i, order in enumerate(s.collection_orders):
        at = ("collection_orders", i)
        yield (*at, "order_id"), is_label(order.order_id), LABEL_RULE
        is_ordered = order.valid_from <= order.valid_until
        yield (*at, "valid_until"), is_ordered, "must not lie before valid_from"
        yield (*at, "fields"), bool(order.fields), "must name what may be taken"
        yield (*at, "keep_days"), order.keep_days >= 1, "must be at least 1"
