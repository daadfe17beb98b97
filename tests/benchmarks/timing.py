"""Times a step against a floor beside it: on a busy machine only their ratio means something."""

import statistics
import time
from collections.abc import Callable

Figures = dict[str, float]
"""cost_ms, floor_ms and their ratio."""
Step = Callable[[int], float | None]
"""Returns at which perf_counter() it was done, if that was before its end."""


def interleaved(cost: Step, floor: Step, runs: int) -> Figures:
    """Time two steps in turn and return their medians in ms and the ratio."""
    costs, floors = [], []
    for i in range(runs):
        for step, times in ((floor, floors), (cost, costs)):
            started = time.perf_counter()
            done = step(i) or time.perf_counter()
            times.append((done - started) * 1e3)
    cost_ms, floor_ms = statistics.median(costs), statistics.median(floors)
    return {
        "cost_ms": round(cost_ms, 4),
        "floor_ms": round(floor_ms, 4),
        "ratio": round(cost_ms / floor_ms, 1),
    }
