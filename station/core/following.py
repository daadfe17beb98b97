"""Following faces from frame to frame, so that readings add up for one traveller only.

Every track predicts its face with a constant-velocity Kalman filter; faces are assigned to tracks
all at once, by place, size and thermal appearance. Where two assignments explain a frame nearly
as well, the tracks concerned are marked as doubtful: no reading may then stand for both frames.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from station.core.appearance import appearances
from station.core.faces import FaceRegion, Point
from station.core.frames import ThermalFrame

# All in face widths and seconds. A face is 0.15 m wide; heads bob by a centimetre at 1.7 Hz, which
# is 9 widths/s^2, and people cross a lane at up to 1.2 m/s, 8 widths/s (chosen from these).
_PLACE_SD = 0.08
_ACCELERATION_SD = 5.0
_FIRST_SPEED_SD = 4.0
_LARGEST_PLACE_SD = 0.3
# Logarithm of the width: the locator's scatter, and how fast people come nearer.
_SIZE_SD, _SIZE_SD_PER_S = 0.09, 0.2
_LARGEST_GROWTH = float(np.log(1.6))
# Appearance counts up to this much: a turned head or a shutter correction changes all of it.
_APPEARANCE_SD_C, _APPEARANCE_MOST = 0.8, 9.0
# Beyond both, a face is somebody else's. The locator's boxes jump now and then: scatter has heavy
# tails (Student's t with four degrees of freedom), and a jump pulls the filter less.
_LARGEST_MISFIT, _LARGEST_JUMP = 14.0, 0.5
_TAIL = 4.0
_IMPOSSIBLE = 1000.0
_HIDDEN_COSTS, _NEARER, _FACE_ASPECT = 3.0, 1.03, 1.35
# A sharp turn: so many face widths at the most, soon after, alike in size and in looks.
_TURN_WIDTHS, _TURN_S, _TURN_GROWTH, _ALIKE = 1.4, 0.25, 0.2, 16.0
# How far from its expected middle a face may reach, in its heights.
_REACH_HEIGHTS = 1.0
_UNCONFIRMED_COSTS = 1.0
_SMALLEST_MARGIN = 4.0
_SIZE_GAIN, _APPEARANCE_GAIN, _FRONTALITY_GAIN, _CONFIDENCE_GAIN = 0.5, 0.2, 0.4, 0.3


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
    place: tuple[float, float] = (0.0, 0.0)
    """Filtered center of the face, (row, column)."""
    spread: tuple[float, float, float] = (_PLACE_SD**2, 0.0, _FIRST_SPEED_SD**2)
    """Variances of place, place with speed, and speed, in face widths; the same both ways."""
    log_width: float = 0.0
    """Logarithm of the smoothed width, px."""
    frontality: float = 0.0
    """Smoothed frontality."""
    confidence: float = 0.0
    """Smoothed confidence of the locator."""
    appearance: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """Smoothed appearance, see `station.core.appearance`."""

    def expected(self, at_s: float) -> Point:
        """Return where the face's middle should be at a monotonic time, (row, column)."""
        dt = at_s - self.seen_at_s
        return self.place[0] + self.velocity[0] * dt, self.place[1] + self.velocity[1] * dt


class Follower:
    """Assigns the faces of each frame to tracks; numbers travellers from 1.

    Args:
        begin_score: the locator's confidence from which a face begins a track; where a track
            expects one, a lesser one will do for some frames.
        confirm_frames: frames in which a face must be seen to be a traveller.
        forget_s: seconds without a face after which a traveller has left.
    """

    def __init__(self, *, begin_score: float, confirm_frames: int, forget_s: float) -> None:
        self._begin_score = begin_score
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
            frame: the frame, for its picture, its times and its number.

        Returns:
            The tracks seen in this frame, in the order of their faces, and the confirmed tracks
            that have now left. Faint faces that no track expects are left out. A track's face says
            the lesser of this frame's frontality and the smoothed one: one frame alone turns
            nobody to the camera.
        """
        at_s = frame.monotonic_s
        looks = appearances(frame.temperature_c, faces)
        pairs, doubtful = self._assign(faces, looks, frame)
        seen = []
        for i, face in enumerate(faces):
            track = pairs.get(i)
            expected = track.confidence if track else 0.0
            if max(face.score, expected) < self._begin_score:
                continue
            if track is None:
                track = self._begin(face, looks[i], frame)
            else:
                _advance(track, face, looks[i], at_s, may_learn=i not in doubtful)
            track.is_doubtful = i in doubtful
            self._number(track)
            seen.append(track)
        gone = [t for t in self._tracks if at_s - t.seen_at_s > self._forget_s]
        self._tracks = [t for t in self._tracks if at_s - t.seen_at_s <= self._forget_s]
        return tuple(seen), tuple(t for t in gone if t.traveller is not None)

    def expected_rows(self, at_s: float) -> tuple[float, float] | None:
        """Return the highest and the lowest row where a known face may be, or None without any."""
        if not self._tracks:
            return None
        rows = [(track.expected(at_s)[0], track.face.box.height) for track in self._tracks]
        return (
            min(row - _REACH_HEIGHTS * height for row, height in rows),
            max(row + _REACH_HEIGHTS * height for row, height in rows),
        )

    def end(self) -> tuple[Track, ...]:
        """Forget everybody, as at the end of a stream, and return the confirmed tracks."""
        gone = tuple(track for track in self._tracks if track.traveller is not None)
        self._tracks = []
        return gone

    def _begin(self, face: FaceRegion, look: NDArray[np.float32], frame: ThermalFrame) -> Track:
        track = Track(
            None,
            face,
            frame.captured_at,
            frame.sequence,
            frame.monotonic_s,
            place=face.box.center,
            log_width=float(np.log(face.box.width)),
            frontality=face.frontality,
            confidence=face.score,
            appearance=look,
        )
        self._tracks.append(track)
        return track

    def _number(self, track: Track) -> None:
        if track.traveller is None and track.hits >= self._confirm_frames:
            self._count += 1
            track.traveller = self._count

    def _assign(
        self, faces: tuple[FaceRegion, ...], looks: NDArray[np.float32], frame: ThermalFrame
    ) -> tuple[dict[int, Track], set[int]]:
        """Return the track of each face that has one, and the faces that are in doubt."""
        if not faces or not self._tracks:
            return {}, set()
        at_s = frame.monotonic_s
        costs = _costs(self._tracks, faces, looks, at_s)
        rows, columns = linear_sum_assignment(costs)
        fits = costs[rows, columns] < _IMPOSSIBLE
        rows, columns = rows[fits], columns[fits]
        pairs = {int(j): self._tracks[i] for i, j in zip(rows, columns, strict=True)}
        confirmed = np.array([track.traveller is not None for track in self._tracks])
        doubtful = _doubtful(costs, rows, columns, confirmed)
        known = set(rows.tolist())
        rest = [
            track
            for i, track in enumerate(self._tracks)
            if i not in known and _is_inside(track.expected(at_s), frame.shape)
        ]
        return pairs | _turned(rest, faces, looks, set(pairs), at_s), doubtful


def _costs(
    tracks: list[Track], faces: tuple[FaceRegion, ...], looks: NDArray[np.float32], at_s: float
) -> NDArray[np.float64]:
    """Return how badly each face fits each track, as -2 log likelihood up to a constant.

    Shape (tracks, faces); pairs that cannot be the same face cost `_IMPOSSIBLE`.
    """
    known = np.array([_known(track) for track in tracks])
    place, speed, log_width, seen_at_s = known[:, :2], known[:, 2:4], known[:, 4], known[:, 5]
    dt = at_s - seen_at_s
    expected = place + speed * dt[:, None]
    apart = expected[:, None] - [face.box.center for face in faces]
    distance = (apart**2).sum(axis=2) / np.exp(2 * log_width)[:, None]
    variance = _predicted(known[:, 6:9].T, dt)[0]
    variance = np.minimum(variance, _LARGEST_PLACE_SD**2) + _PLACE_SD**2
    growth = np.log([face.box.width for face in faces]) - log_width[:, None]
    size_sd = _SIZE_SD + _SIZE_SD_PER_S * dt
    misfit = distance / variance[:, None] + (growth / size_sd[:, None]) ** 2
    # A track that has just been seen explains a face better than one whose place is a guess.
    vagueness = 2 * np.log(variance) + 2 * np.log(size_sd) + known[:, 9]
    own = np.stack([track.appearance for track in tracks])
    look = (((own[:, None] - looks) / _APPEARANCE_SD_C) ** 2).sum(axis=2)
    costs: NDArray[np.float64] = (_TAIL + 2) * np.log1p(misfit / _TAIL) + vagueness[:, None]
    costs += np.minimum(look, _APPEARANCE_MOST)
    costs += _HIDDEN_COSTS * _hidden(expected, np.exp(log_width))[:, None]
    # The gate is on place and size alone, so that a shutter correction loses nobody.
    is_far = (misfit > _LARGEST_MISFIT) & (distance > _LARGEST_JUMP**2)
    costs[is_far | (abs(growth) > _LARGEST_GROWTH)] = _IMPOSSIBLE
    return costs


def _turned(
    tracks: list[Track],
    faces: tuple[FaceRegion, ...],
    looks: NDArray[np.float32],
    taken: set[int],
    at_s: float,
) -> dict[int, Track]:
    """Return tracks that turned so sharply that no prediction found them, by their face.

    Only where one face and one track are each other's single choice, alike in size and looks.
    """
    candidates = [
        (j, track)
        for track in tracks
        if at_s - track.seen_at_s <= _TURN_S
        for j, face in enumerate(faces)
        if j not in taken and _may_have_turned(track, face, looks[j])
    ]
    found: dict[int, Track] = {}
    for j, track in candidates:
        rivals = sum(j == k or track is other for k, other in candidates)
        if rivals == 1:
            found[j] = track
            _begin_anew(track, faces[j], at_s)
    return found


def _is_inside(point: Point, shape: tuple[int, int]) -> bool:
    """Whether a place is in the picture: who has left it turns no more."""
    return 0 <= point[0] < shape[0] and 0 <= point[1] < shape[1]


def _may_have_turned(track: Track, face: FaceRegion, look: NDArray[np.float32]) -> bool:
    known, found = track.face.box, face.box
    apart = np.hypot(*np.subtract(known.center, found.center)) / known.width
    is_as_large = abs(np.log(found.width / known.width)) <= _TURN_GROWTH
    differences = (track.appearance - look) / _APPEARANCE_SD_C
    return bool(apart <= _TURN_WIDTHS and is_as_large and differences @ differences <= _ALIKE)


def _begin_anew(track: Track, face: FaceRegion, at_s: float) -> None:
    """Let a track's filter start from its last two sights."""
    dt = at_s - track.seen_at_s
    (row, column), (old_row, old_column) = face.box.center, track.face.box.center
    track.velocity = (row - old_row) / dt, (column - old_column) / dt
    track.place = old_row, old_column
    track.spread = _PLACE_SD**2, 0.0, _FIRST_SPEED_SD**2


def _hidden(expected: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each track how far it stands behind a nearer one, 0 to 1.

    The larger face is the nearer: where two are expected and one is seen, it is that one.
    """
    if len(width) < 2:  # noqa: PLR2004 - nobody stands before anybody
        return np.zeros(len(width))
    apart = abs(expected[:, None] - expected) / np.maximum(width[:, None], width)[:, :, None]
    overlap = np.clip(1 - apart[:, :, 0] / _FACE_ASPECT, 0, 1) * np.clip(1 - apart[:, :, 1], 0, 1)
    is_nearer = width > _NEARER * width[:, None]
    behind: NDArray[np.float64] = np.minimum(2 * (overlap * is_nearer).max(axis=1), 1)
    return behind


def _known(track: Track) -> tuple[float, ...]:
    place, speed, spread = track.place, track.velocity, track.spread
    late = _UNCONFIRMED_COSTS if track.traveller is None else 0.0
    return (*place, *speed, track.log_width, track.seen_at_s, *spread, late)


def _doubtful(
    costs: NDArray[np.float64],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    is_confirmed: NDArray[np.bool_],
) -> set[int]:
    """Return the faces whose owner could be another traveller nearly as well."""
    if is_confirmed.sum() < 2:  # noqa: PLR2004 - there is nobody else
        return set()
    crossed = costs[np.ix_(rows, columns)]
    chosen = np.diag(crossed)
    both = is_confirmed[rows][:, None] & is_confirmed[rows]
    exchange = crossed + crossed.T - chosen[:, None] - chosen
    np.fill_diagonal(exchange, np.inf)
    in_doubt = (both & (exchange < _SMALLEST_MARGIN)).any(axis=1)
    is_lost = is_confirmed.copy()
    is_lost[rows] = False
    takeover = costs[is_lost][:, columns] - chosen
    in_doubt |= (takeover < _SMALLEST_MARGIN).any(axis=0) & is_confirmed[rows]
    return set(columns[in_doubt].tolist())


def _predicted(
    spread: NDArray[np.float64] | tuple[float, ...], dt: NDArray[np.float64] | float
) -> tuple[Any, Any, Any]:
    """Return the variances of place and speed, and their covariance, some seconds later."""
    place, both, speed = spread
    push = _ACCELERATION_SD**2 * dt
    return (
        place + dt * (2 * both + dt * speed) + push * dt**3 / 4,
        both + dt * speed + push * dt**2 / 2,
        speed + push * dt,
    )


def _advance(
    track: Track, face: FaceRegion, look: NDArray[np.float32], at_s: float, *, may_learn: bool
) -> None:
    """Take a new sight of the track's face."""
    dt = at_s - track.seen_at_s
    place, both, speed = _predicted(track.spread, dt)
    (row, column), (vy, vx) = track.place, track.velocity
    dy, dx = face.box.center[0] - row - vy * dt, face.box.center[1] - column - vx * dt
    distance = (dy * dy + dx * dx) / float(np.exp(2 * track.log_width))
    scatter = _PLACE_SD**2 * max(1.0, distance / (place + _PLACE_SD**2) / _TAIL)
    gain = place / (place + scatter), both / (place + scatter)
    track.spread = (1 - gain[0]) * place, (1 - gain[0]) * both, speed - gain[1] * both
    track.place = row + vy * dt + gain[0] * dy, column + vx * dt + gain[0] * dx
    track.velocity = vy + gain[1] * dy, vx + gain[1] * dx
    track.log_width += _SIZE_GAIN * (float(np.log(face.box.width)) - track.log_width)
    if may_learn:
        track.appearance = track.appearance + _APPEARANCE_GAIN * (look - track.appearance)
    track.frontality += _FRONTALITY_GAIN * (face.frontality - track.frontality)
    track.confidence += _CONFIDENCE_GAIN * (face.score - track.confidence)
    frontality = min(face.frontality, track.frontality)
    track.face = FaceRegion(face.box, face.score, frontality, face.canthi)
    track.seen_at_s, track.hits = at_s, track.hits + 1
