"""Times a step against a floor beside it: on a busy machine only their ratio means something."""

import statistics
import time
from collections.abc import Callable

Figures = dict[str, float]
"""cost_ms, floor_ms and their ratio."""


def interleaved(cost: Callable[[int], None], floor: Callable[[int], None], runs: int) -> Figures:
    """Time two steps in turn and return their medians in ms and the ratio."""
    costs, floors = [], []
    for i in range(runs):
        for step, times in ((floor, floors), (cost, costs)):
            started = time.perf_counter()
            step(i)
            times.append((time.perf_counter() - started) * 1e3)
    cost_ms, floor_ms = statistics.median(costs), statistics.median(floors)
    return {
        "cost_ms": round(cost_ms, 4),
        "floor_ms": round(floor_ms, 4),
        "ratio": round(cost_ms / floor_ms, 1),
    }
