"""How faces that come in from the cold warm up again."""

import numpy as np

# Forehead skin after a stay at -5.5 to 0 °C: 33.2, 34.9, 35.8, 36.1 and 36.6 °C, 0 to 60 min after
# coming in: what is missing to the last. Source: Dzien et al. 2020.
_MINUTES = (0.0, 1.0, 3.0, 5.0, 60.0)
_MISSING_C = (3.4, 1.7, 0.8, 0.5, 0.0)
_DZIEN_OUTDOOR_C = -2.75
# From here on no rest is needed. Source: Applied Ergonomics 98 (2022) 103576.
_MILD_C = 15.0
# A wet towel of 20 °C cools the forehead by 2.8 and the canthus by 0.6 °C after a minute.
# Source: Micheletti et al. 2022.
_CANTHUS_SHARE = 0.6 / 2.8


def face_chill_c(outdoor_c: float, minutes_inside: float) -> float:
    """Return how much colder than usual forehead and cheeks are, °C (proportional: assumed)."""
    cold = max((_MILD_C - outdoor_c) / (_MILD_C - _DZIEN_OUTDOOR_C), 0.0)
    return cold * float(np.interp(minutes_inside, _MINUTES, _MISSING_C))


def canthus_chill_c(outdoor_c: float, minutes_inside: float) -> float:
    """Return how much colder than usual the inner canthi are, °C."""
    return _CANTHUS_SHARE * face_chill_c(outdoor_c, minutes_inside)
