"""Following faces from frame to frame, so that readings add up for one traveller only."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from station.core.faces import Box, FaceRegion
from station.core.frames import ThermalFrame

# Two boxes can be the same face if their centers are at most this many face widths apart.
_MAX_DISTANCE_WIDTHS = 0.9
# And if their widths differ by at most this factor: people do not jump towards the camera.
_MAX_WIDTH_RATIO = 1.6
_VELOCITY_GAIN = 0.5


@dataclass(slots=True)
class Track:
    """One face over time. Owned by its `Follower`; others only read."""

    traveller: int | None
    """The traveller's number, or None until the track is confirmed."""
    face: FaceRegion
    """The face when last seen."""
    first_at: datetime
    """When first seen, aware, UTC."""
    first_sequence: int
    """Frame number at first sight."""
    seen_at_s: float
    """Monotonic time when last seen."""
    hits: int = 1
    """Frames in which it was seen."""
    velocity: tuple[float, float] = (0.0, 0.0)
    """Rows and columns a second."""
    is_doubtful: bool = False
    """Whether in this frame the face could have been somebody else's just as well."""

    def predicted(self, at_s: float) -> Box:
        """Where the face should be at a monotonic time."""
        dt = at_s - self.seen_at_s
        dy, dx = self.velocity[0] * dt, self.velocity[1] * dt
        box = self.face.box
        return Box(box.top + dy, box.left + dx, box.bottom + dy, box.right + dx)


class Follower:
    """Assigns the faces of each frame to tracks; numbers travellers from 1."""

    def __init__(self, *, confirm_frames: int, forget_s: float) -> None:
        self._confirm_frames = confirm_frames
        self._forget_s = forget_s
        self._tracks: list[Track] = []
        self._count = 0

    def step(
        self, faces: tuple[FaceRegion, ...], frame: ThermalFrame
    ) -> tuple[tuple[Track, ...], tuple[Track, ...]]:
        """Take the faces of the next frame.

        Args:
            faces: what the locator found.
            frame: the frame, for its times and number.

        Returns:
            The tracks seen in this frame, one for each face in the same order, and the confirmed
            tracks that have now left.
        """
        at_s = frame.monotonic_s
        pairs = self._assign(faces, at_s)
        seen = [self._update(pairs.get(i), face, frame) for i, face in enumerate(faces)]
        gone = [t for t in self._tracks if at_s - t.seen_at_s > self._forget_s]
        self._tracks = [t for t in self._tracks if at_s - t.seen_at_s <= self._forget_s]
        return tuple(seen), tuple(t for t in gone if t.traveller is not None)

    def end(self) -> tuple[Track, ...]:
        """Forget everybody, as at the end of a stream, and return the confirmed tracks."""
        gone = tuple(track for track in self._tracks if track.traveller is not None)
        self._tracks = []
        return gone

    def _assign(self, faces: tuple[FaceRegion, ...], at_s: float) -> dict[int, Track]:
        """Pair faces with tracks, the closest pair first; at most 30 people make this cheap."""
        costs = sorted(
            (cost, i, j)
            for j, track in enumerate(self._tracks)
            for i, face in enumerate(faces)
            if (cost := _cost(track.predicted(at_s), face.box)) is not None
        )
        pairs: dict[int, Track] = {}
        taken: set[int] = set()
        for _, i, j in costs:
            if i not in pairs and j not in taken:
                pairs[i] = self._tracks[j]
                taken.add(j)
        return pairs

    def _update(self, track: Track | None, face: FaceRegion, frame: ThermalFrame) -> Track:
        at_s = frame.monotonic_s
        if track is None:
            track = Track(None, face, frame.captured_at, frame.sequence, at_s)
            self._tracks.append(track)
        else:
            dt = at_s - track.seen_at_s
            if dt > 0:
                track.velocity = _smoothed_velocity(track, face, dt)
            track.face, track.seen_at_s, track.hits = face, at_s, track.hits + 1
        if track.traveller is None and track.hits >= self._confirm_frames:
            self._count += 1
            track.traveller = self._count
        return track


def _cost(expected: Box, found: Box) -> float | None:
    """Distance in face widths plus the width's change, or None if it cannot be the same face."""
    ratio = max(expected.width, found.width) / min(expected.width, found.width)
    if ratio > _MAX_WIDTH_RATIO:
        return None
    offset = np.subtract(expected.center, found.center)
    distance = float(np.hypot(*offset)) / max(expected.width, found.width)
    return distance + (ratio - 1) / 2 if distance <= _MAX_DISTANCE_WIDTHS else None


def _smoothed_velocity(track: Track, face: FaceRegion, dt: float) -> tuple[float, float]:
    (row, column), (old_row, old_column) = face.box.center, track.face.box.center
    vy, vx = track.velocity
    return (
        vy + _VELOCITY_GAIN * ((row - old_row) / dt - vy),
        vx + _VELOCITY_GAIN * ((column - old_column) / dt - vx),
    )
