"""The pairing that costs least; its library is loaded when first needed, not at every start."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


def cheapest_pairs(costs: NDArray[np.float64]) -> Pairs:
    """Return rows, ascending, and the column of each, so that the sum of their costs is least."""
    rows, columns = costs.shape
    if rows == 1 and columns:
        return np.zeros(1, np.intp), np.array([costs[0].argmin()])
    if columns == 1 and rows:
        return np.array([costs[:, 0].argmin()]), np.zeros(1, np.intp)
    return load_solver()(costs)


@cache
def load_solver() -> Callable[[NDArray[np.float64]], Pairs]:
    """Load what pairs several with several: half a second, which no frame has to wait for."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - see above

    return linear_sum_assignment
