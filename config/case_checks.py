"""What the settings of the case flow must keep, beside their types."""

from collections.abc import Iterator

from config.rules import LABEL_RULE, Check, is_label
from config.settings import Settings

_LONGEST_LINE = 120
_NEEDS_KEY = (
    "needs cdc_encryption_key_file in [link]: name the cdc-encryption.jwk that the CDC made with "
    "fever-station pki encryption-key, or set it to false"
)


def case_checks(s: Settings) -> Iterator[Check]:
    """Yield the checks of registration and hand-over."""
    r = s.registration
    has_key = s.link.cdc_encryption_key_file is not None
    yield ("registration", "share_with_cdc"), has_key or not r.share_with_cdc, _NEEDS_KEY
    yield from _order_checks(s)
    yield ("hand_over", "emergency"), is_label(s.hand_over.emergency), LABEL_RULE
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
        has_key = s.link.cdc_encryption_key_file is not None
        yield (*at, "share_with_cdc"), has_key or not order.share_with_cdc, _NEEDS_KEY
