"""Pictures of flagged travellers, held in memory until somebody has dealt with them."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from station.core.cases import Case
from station.core.faces import Box
from station.core.lane_events import FaceView, LaneUpdate
from station.core.screening import Outcome

HELD_FOR = timedelta(minutes=30)
"""Then a picture is forgotten in any case (NEC's airports keep it so long: khon2, hidot 2021)."""

_MOST = 12
# Of the face's width and height: head and shoulders, by which staff know somebody.
_AROUND = 1.7


@dataclass(frozen=True, slots=True, eq=False)
class HeldFlag:
    """One flagged traveller as the lane saw them at the moment of the flag."""

    lane: str
    """The lane's name."""
    traveller: int
    """The number beside the box."""
    at: datetime
    """When, aware, UTC."""
    held_s: float
    """When by a clock that nobody sets back, s."""
    skin_c: float | None
    """Skin temperature, °C."""
    u_c: float | None
    """Its standard uncertainty (k=1), °C."""
    pixels_ck: NDArray[np.uint16]
    """Apparent hundredths of a kelvin around the face, uint16, (rows, columns); a copy."""


class HeldFlags:
    """Holds one picture for each flagged traveller; nothing goes to disk."""

    def __init__(self) -> None:
        self._flags: OrderedDict[tuple[int, str, int], HeldFlag] = OrderedDict()
        self._run = 0

    def renew(self) -> None:
        """Note that a station was started, which counts its travellers anew."""
        self._run += 1

    def take(self, pixels_ck: NDArray[np.uint16], update: LaneUpdate, now_s: float) -> None:
        """Hold the picture of everybody who is flagged in it and was not before.

        Args:
            pixels_ck: the lane's picture.
            update: what was found in it.
            now_s: by a clock that nobody sets back, s.
        """
        for face in update.faces:
            if face.outcome is not Outcome.ABOVE or face.traveller is None:
                continue
            key = self._run, update.lane, face.traveller
            if key not in self._flags:
                self._flags[key] = _held(pixels_ck, update, face, face.traveller, now_s)
                while len(self._flags) > _MOST:
                    self._flags.popitem(last=False)

    def dealt_with(self, case: Case) -> None:
        """Forget the picture of a case that is decided, not of another one with its number."""
        number = case.lane, case.traveller
        same = [key for key in self._flags if key[1:] == number]
        if same:
            nearest = min(same, key=lambda key: abs(self._flags[key].at - case.opened_at))
            del self._flags[nearest]

    def waiting(self, now_s: float) -> list[HeldFlag]:
        """Return those held, the latest first; what is too old is forgotten."""
        old_s = now_s - HELD_FOR.total_seconds()
        for key in [key for key, flag in self._flags.items() if flag.held_s <= old_s]:
            del self._flags[key]
        return list(reversed(self._flags.values()))


def _held(
    pixels_ck: NDArray[np.uint16],
    update: LaneUpdate,
    face: FaceView,
    traveller: int,
    now_s: float,
) -> HeldFlag:
    rows, columns = pixels_ck.shape
    box: Box = face.box.grown(_AROUND)
    top, left = max(0, int(box.top)), max(0, int(box.left))
    bottom, right = min(rows, int(box.bottom) + 1), min(columns, int(box.right) + 1)
    around = pixels_ck[top:bottom, left:right].copy()
    return HeldFlag(
        update.lane, traveller, update.captured_at, now_s, face.skin_c, face.u_c, around
    )
