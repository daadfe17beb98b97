"""What forbids measuring in a whole frame: camera, shutter, clock, calibration or room."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache

import numpy as np
from numpy.typing import NDArray

from station.core.extraction import RejectReason
from station.core.frames import FrameStatus, ThermalFrame
from station.core.room import Room, RoomLimits


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """What a frame must keep to be measured in."""

    warm_up_s: float
    """Seconds from the first frame in which nothing is measured."""
    shutter_hold_off_s: float
    """Seconds after a shutter correction in which nothing is measured."""
    max_step_c: float
    """The whole picture jumps by more: a shutter correction that the camera did not tell."""
    frozen_frames: int
    """So many frames in a row that are equal in every pixel come from a frozen camera."""
    max_clock_jump_s: float
    """The clock may run this much apart from the frames' own time, between two frames."""
    clock_hold_off_s: float
    """Seconds after a jump of the clock in which nothing is measured."""
    calibration_valid_until: date | None
    """Last day of the calibration of camera and source, or None if nobody set one."""
    room: RoomLimits
    """What the room must keep."""
    zone: tzinfo = UTC
    """The site's time zone: days of calibrations and policies begin and end in it."""


# So many of the latest pictures are remembered: a broken buffer may play a few again and again.
_REMEMBERED = 16
# A part of the picture that stands still, and how many parts make it one that is not believed: a
# quarter, because a lamp that is too bright for the camera also stands still.
_TILES, _STILL_TILES = 4, 4
# A thousand pixels are enough to see the whole picture jump.
_SPARSE_LONGER_PX = 40
_BY_STATUS = {
    FrameStatus.NOT_RADIOMETRIC: RejectReason.NOT_RADIOMETRIC,
    FrameStatus.STALE: RejectReason.STALE_FRAME,
    FrameStatus.SHUTTER: RejectReason.SHUTTER,
}


class FrameMonitor:
    """Watches the stream of one camera; give it every frame in order."""

    def __init__(self, limits: FrameLimits) -> None:
        self._limits = limits
        self._started_s: float | None = None
        self._previous: ThermalFrame | None = None
        self._sparse: NDArray[np.float32] | None = None
        self._same = 0
        self._known: deque[int] = deque(maxlen=_REMEMBERED)
        self._none_still = self._still = np.zeros((_TILES, _TILES), dtype=np.int64)
        self._shutter_s: float | None = None
        self._jumped_s: float | None = None

    def step(self, frame: ThermalFrame, room: Room) -> RejectReason | None:
        """Return why nothing in the next frame may be measured, or None."""
        if self._started_s is None:
            self._started_s = frame.monotonic_s
        self._look(frame)
        self._previous = frame
        if frame.status in _BY_STATUS:
            return _BY_STATUS[frame.status]
        limits, age_s = self._limits, frame.monotonic_s - self._started_s
        expires = limits.calibration_valid_until
        checks = (
            (self._is_frozen(), RejectReason.STALE_FRAME),
            (age_s < limits.warm_up_s, RejectReason.WARMING_UP),
            (self._is_settling(frame), RejectReason.SHUTTER),
            (self._has_clock_jumped(frame), RejectReason.CLOCK),
            (
                expires is not None and frame.captured_at.astimezone(limits.zone).date() > expires,
                RejectReason.CALIBRATION_EXPIRED,
            ),
            (not limits.room.allow(room), RejectReason.ROOM_OUT_OF_BAND),
        )
        return next((reason for is_so, reason in checks if is_so), None)

    def _look(self, frame: ThermalFrame) -> None:
        """Compare the frame with the one before."""
        if frame.status is FrameStatus.SHUTTER:
            self._shutter_s = frame.monotonic_s
        step = max(1, max(frame.shape) // _SPARSE_LONGER_PX)
        # A copy: its pixels lie together, and are fetched from the large frame once.
        sparse, previous = frame.temperature_c[::step, ::step].copy(), self._previous
        before, self._sparse = self._sparse, sparse
        picture = hash(sparse.tobytes())
        is_known = picture in self._known
        self._known.append(picture)
        if previous is None or before is None:
            return
        if previous.shape != frame.shape:
            # The camera has begun anew, in another mode: as after a shutter correction.
            self._shutter_s = frame.monotonic_s
            return
        change = sparse - before
        self._look_for_repeats(frame, previous, change, is_known=is_known)
        if abs(_common_step(change)) > self._limits.max_step_c:
            self._shutter_s = frame.monotonic_s
        clock_s = _seconds(frame.captured_at, previous.captured_at)
        apart_s = clock_s - (frame.monotonic_s - previous.monotonic_s)
        if abs(apart_s) > self._limits.max_clock_jump_s:
            self._jumped_s = frame.monotonic_s

    def _look_for_repeats(
        self,
        frame: ThermalFrame,
        previous: ThermalFrame,
        change: NDArray[np.float32],
        *,
        is_known: bool,
    ) -> None:
        """Count pictures, and parts of them, that the camera has shown before to the last bit."""
        rows, columns = _starts(change.shape)
        moves = np.logical_or.reduceat(
            np.logical_or.reduceat(change != 0, rows, axis=0), columns, axis=1
        )
        is_all_moving = bool(moves.all())
        self._still = self._none_still if is_all_moving else np.where(moves, 0, self._still + 1)
        is_moving = is_all_moving or bool(moves.any())
        is_same = not is_moving and np.array_equal(frame.temperature_c, previous.temperature_c)
        self._same = self._same + 1 if is_same or (is_moving and is_known) else 0

    def _is_frozen(self) -> bool:
        frames = self._limits.frozen_frames
        if self._same >= frames:
            return True
        is_part = self._still is not self._none_still
        return is_part and int((self._still >= frames).sum()) >= _STILL_TILES

    def _is_settling(self, frame: ThermalFrame) -> bool:
        hold_off_s = self._limits.shutter_hold_off_s
        if frame.shutter_age_s is not None and frame.shutter_age_s < hold_off_s:
            return True
        return self._shutter_s is not None and frame.monotonic_s - self._shutter_s < hold_off_s

    def _has_clock_jumped(self, frame: ThermalFrame) -> bool:
        hold_off_s = self._limits.clock_hold_off_s
        return self._jumped_s is not None and frame.monotonic_s - self._jumped_s < hold_off_s


@cache
def _starts(shape: tuple[int, ...]) -> tuple[NDArray[np.int64], ...]:
    """Return where the rows and the columns of each tile begin."""
    return tuple(np.arange(_TILES) * (n // _TILES) for n in shape)


def _common_step(change: NDArray[np.float32]) -> float:
    """Return by how much four fifths of the pixels rose or fell together, °C; 0 if they did not.

    Somebody who walks in changes half the picture, a shutter correction changes all of it.
    """
    tenth = change.size // 10
    if np.count_nonzero(change <= 0) > tenth and np.count_nonzero(change >= 0) > tenth:
        # As in almost every picture; counted in half the time of sorting.
        return 0.0
    # A thousand values are sorted as fast as numpy partitions them.
    ordered = np.sort(change, axis=None)
    low, high = ordered.item(tenth), ordered.item(-1 - tenth)
    if low > 0:
        return low
    return high if high < 0 else 0.0


def _seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()
