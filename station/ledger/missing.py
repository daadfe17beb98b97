"""Rows that a salvage could not carry over, as spans of their numbers."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]
"""The first and the last of numbers without a gap."""
Spans = Mapping[str, Sequence[Span]]
"""Spans of each table."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Rows that a salvage could not carry over."""

    told: Spans
    """Numbers that no row has, by table."""
    unchained: Spans
    """Records whose rows of the trail are gone, by table."""
    found: Spans = field(default_factory=dict)
    """Numbers that an earlier salvage missed and that are there now, by table."""


def read_missing(entries: Iterable[str]) -> Missing:
    """Return what all salvages together miss, by the details of the rows that tell of them.

    Args:
        entries: in the order of their rows: what a later one has found is not missing any more.
    """
    gone: dict[str, list[Span]] = defaultdict(list)
    unchained: dict[str, list[Span]] = defaultdict(list)
    for details in entries:
        told = json.loads(details)
        for table, spans in told.get("found_again", {}).items():
            gone[table] = without(gone[table], [(first, last) for first, last in spans])
        for into, name in ((gone, "missing"), (unchained, "unchained")):
            for table, spans in told.get(name, {}).items():
                into[table] += [(first, last) for first, last in spans]
    return Missing(gone, unchained)


def without(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """Return the numbers of some spans that are in no other span."""
    left = list(spans)
    for first, last in others:
        rest = []
        for begin, end in left:
            if last < begin or end < first:
                rest.append((begin, end))
                continue
            if begin < first:
                rest.append((begin, first - 1))
            if last < end:
                rest.append((last + 1, end))
        left = rest
    return left


def count(spans: Iterable[Span]) -> int:
    """Return how many numbers there are."""
    return sum(last - first + 1 for first, last in spans)


def spans_of(numbers: Iterable[int]) -> list[Span]:
    """Return numbers as spans."""
    spans: list[Span] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return spans


def is_within(number: int, spans: Iterable[Span]) -> bool:
    """Whether a number is in one of some spans."""
    return any(first <= number <= last for first, last in spans)
