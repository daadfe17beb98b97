"""What the checks of every section are made of: a check, and the rules that several share."""

from config.places import Place

Check = tuple[Place, bool, str]
"""(the value's place, whether the rule holds, the rule in words that follow the place)."""

LABEL_RULE = "must be 1 to 64 printable characters: it is shown to staff and sent to the CDC"
BOX_RULE = "must be top < bottom, left < right, 0 to 1"
DISC_RULE = "must be 0 < smallest <= largest"
_LONGEST_LABEL = 64


def is_label(text: str) -> bool:
    """Whether a text may name something to staff and to the CDC."""
    return 1 <= len(text) <= _LONGEST_LABEL and text.isprintable()


def is_within(value: float, low: float, high: float) -> bool:
    """Whether a value lies between two limits, or on one."""
    return low <= value <= high


def is_box(region: tuple[float, float, float, float]) -> bool:
    """Whether (top, left, bottom, right), as fractions, is a box within the picture."""
    top, left, bottom, right = region
    return 0 <= top < bottom <= 1 and 0 <= left < right <= 1


def is_disc(radii: tuple[float, float]) -> bool:
    """Whether (smallest, largest), as fractions of the picture's longer side, may be radii."""
    smallest, largest = radii
    return 0 < smallest <= largest < 1
