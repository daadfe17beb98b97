"""What the settings of the case flow must keep, beside their types."""

from collections.abc import Iterator

from config.rules import ABOVE_ZERO, AT_LEAST_ONE, LABEL_RULE, Check, is_label, is_within
from config.settings import Settings

_LONGEST_LINE = 120
_LONGEST_S = 3600
_NEEDS_KEY = (
    "needs cdc_encryption_key_file in [link]: name the cdc-encryption.jwk that the CDC made with "
    "fever-station pki encryption-key, or set it to false"
)


def case_checks(s: Settings) -> Iterator[Check]:
    """Yield the checks of second check, deadlines, registration and hand-over."""
    check = s.second_check
    yield ("second_check", "max_difference_c"), check.max_difference_c >= 0, "must not be below 0"
    yield ("second_check", "strong_flag_c"), check.strong_flag_c >= 0, "must not be below 0"
    yield ("second_check", "rest_s"), is_within(check.rest_s, 0, _LONGEST_S), "must be 0 to 3600"
    is_short = is_within(check.picture_s, 0, _LONGEST_S)
    yield ("second_check", "picture_s"), is_short, "must be 0 to 3600: pictures are not kept longer"
    for name in type(s.deadlines).__dataclass_fields__:
        is_time = getattr(s.deadlines, name) >= 0
        yield ("deadlines", name), is_time, "must not be below 0; 0 is never"
    r = s.registration
    yield ("registration", "medicine_hours"), r.medicine_hours >= 1, AT_LEAST_ONE
    yield ("registration", "identity_days"), r.identity_days >= 1, AT_LEAST_ONE
    has_key = s.link.cdc_encryption_key_file is not None
    yield ("registration", "share_with_cdc"), has_key or not r.share_with_cdc, _NEEDS_KEY
    yield from _order_checks(s)
    yield ("hand_over", "emergency"), is_label(s.hand_over.emergency), LABEL_RULE
    yield ("hand_over", "receipt_alarm_s"), s.hand_over.receipt_alarm_s > 0, ABOVE_ZERO
    for i, clinic in enumerate(s.clinics):
        for name in type(clinic).__dataclass_fields__:
            text = getattr(clinic, name)
            is_line = 1 <= len(text) <= _LONGEST_LINE and text.isprintable()
            yield ("clinics", i, name), is_line, "must be one line of up to 120 characters"


def _order_checks(s: Settings) -> Iterator[Check]:
    names = [order.order_id for order in s.collection_orders]
    yield ("collection_orders",), len(names) == len(set(names)), "need different order_ids"
    for i, order in enumerate(s.collection_orders):
        at = ("collection_orders", i)
        yield (*at, "order_id"), is_label(order.order_id), LABEL_RULE
        is_ordered = order.valid_from <= order.valid_until
        yield (*at, "valid_until"), is_ordered, "must not lie before valid_from"
        yield (*at, "fields"), bool(order.fields), "must name what may be taken"
        yield (*at, "keep_days"), order.keep_days >= 1, AT_LEAST_ONE
        has_key = s.link.cdc_encryption_key_file is not None
        yield (*at, "share_with_cdc"), has_key or not order.share_with_cdc, _NEEDS_KEY
