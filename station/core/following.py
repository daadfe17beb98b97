"""Following faces from frame to frame, so that readings add up for one traveller only.

Every track predicts its face with a constant-velocity Kalman filter; faces are assigned to tracks
all at once, by place, size and thermal appearance. Where that leaves a doubt, the number is put
aside and the face is followed without one, until some frames together tell who it is.
"""

from collections.abc import Sequence

from station.core.appearance import appearances, copy
from station.core.assignment import assigned
from station.core.crowds import lost_in_doubt, settling_s, shaky_in_company, take_up
from station.core.faces import FaceRegion
from station.core.frames import ThermalFrame
from station.core.proof import prove
from station.core.reunion import verdicts
from station.core.tracks import SHORT, Track, begun

# How far from its expected middle a face may reach, in its heights.
_REACH_HEIGHTS = 1.0
# Who was lost behind somebody is waited for so many times longer.
_HIDDEN_TIMES = 3.75
# How sure it must be who a face is, as a difference of -2 log likelihoods; after so long it is
# somebody new at any rate. A face half over a surer one has to be seen for longer.
_LINK_MARGIN, _NEW_MARGIN, _PONDER_S = 10.0, 4.0, 1.5
# With nobody else about, somebody who turns round is hardly ever somebody new.
_ALONE_MARGIN = 2.0
# Unless a face so much smaller comes into sight, as the logarithm of its width: whoever walked
# right behind somebody who steps aside.
_FARTHER = 0.15
_OVERLAP, _OVERLAP_TIMES = 0.15, 2
# Who was seen in so many frames more than it takes to get a number was somebody.
_UNNAMED_FRAMES = 1


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
        self._lost: list[Track] = []
        self._count = 0

    def step(
        self, faces: tuple[FaceRegion, ...], frame: ThermalFrame
    ) -> tuple[tuple[Track, ...], tuple[Track, ...]]:
        """Take the faces of the next frame.

        Args:
            faces: what the locator found.
            frame: the frame, for its picture, its times and its number.

        Returns:
            The tracks seen in this frame, in the order of their faces, and the travellers' tracks
            that have now left. Faint faces that no track expects are left out. A track's face says
            the lesser of this frame's frontality and the smoothed one: one frame alone turns
            nobody to the camera.
        """
        at_s = frame.monotonic_s
        looks = appearances(frame.temperature_c, faces)
        pairs, doubtful, unsure = assigned(self._tracks, faces, looks, at_s)
        seen, shown, broken, unclear = [], [], [], []
        for j, face in enumerate(faces):
            track = self._tracks[pairs[j]] if j in pairs else None
            if max(face.score, track.confidence if track else 0.0) < self._begin_score:
                continue
            before = track
            if track is not None and j in doubtful:
                broken.append(track)
                track = None
            if track is not None:
                track.advance(face, at_s)
                unclear += [track] if j in unsure else []
            elif face.score >= self._begin_score:
                track = begun(face, looks[0][j], looks[1][j], frame)
                _wait_on(track, before, at_s)
            else:
                continue
            seen.append(track)
            shown.append(j)
        unseen = [t for t in (*self._tracks, *self._lost) if t.seen_at_s < at_s]
        suspects = [track for track in unclear if track.traveller is not None]
        prove(seen, unseen, suspects, (looks[0][shown], looks[1][shown]))
        uncounted = self._put_aside(broken, seen, at_s)
        shaky = shaky_in_company(seen, [*self._tracks, *self._lost], at_s)
        self._name(seen, shaky, frame)
        for track in seen:
            track.is_shaky = track in shaky or track in unclear
        return tuple(seen), (*uncounted, *self._forget(at_s))

    def number(self, track: Track) -> None:
        """Give a face a number of its own, whoever it may be."""
        self._count += 1
        track.traveller, track.is_doubtful, track.is_shown = self._count, False, False
        track.proven, track.recent, track.rivals = None, None, ()

    def show(self, track: Track) -> None:
        """Take it that staff have seen the number on this face: from now on it is that face's."""
        track.is_shown = True

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
        """Forget everybody, as at the end of a stream, and return the travellers' tracks."""
        self._count_unnamed(self._tracks)
        gone = tuple(t for t in (*self._lost, *self._tracks) if t.traveller is not None)
        self._tracks, self._lost = [], []
        return gone

    def _put_aside(
        self, broken: Sequence[Track], seen: Sequence[Track], at_s: float
    ) -> tuple[Track, ...]:
        """Keep what is seen and what may be seen again soon; lose the rest.

        Returns:
            Who has left without ever having had a number, each with one now.
        """
        late = [
            t
            for t in self._tracks
            if at_s - t.seen_at_s > self._forget_s and t not in broken and t not in seen
        ]
        known = set(self._tracks)
        fresh = [t for t in seen if t not in known]
        for track in (*broken, *late):
            self._tracks.remove(track)
            if track.traveller is not None:
                track.is_hidden = _is_covered(track, seen, at_s)
                self._lost.append(track)
        self._tracks += fresh
        return self._count_unnamed([t for t in late if t.traveller is None])

    def _count_unnamed(self, left: Sequence[Track]) -> tuple[Track, ...]:
        """Give numbers to those who were in doubt until they left: nobody passes uncounted."""
        enough = self._confirm_frames + _UNNAMED_FRAMES
        uncounted = [
            t for t in left if t.traveller is None and t.hits >= enough and not t.is_counted
        ]
        for track in uncounted:
            self._count += 1
            track.traveller, track.is_doubtful = self._count, True
        return tuple(uncounted)

    def _name(self, seen: Sequence[Track], shaky: Sequence[Track], frame: ThermalFrame) -> None:
        """Give numbers to faces of whom it is clear by now who they are."""
        at_s = frame.monotonic_s
        fresh = [t for t in seen if t.traveller is None]
        if not any(t.hits >= self._confirm_frames for t in fresh):
            return
        missing = [t for t in self._tracks if t.traveller is not None and t.seen_at_s < at_s]
        lost = [*self._lost, *missing]
        for track, verdict in zip(fresh, verdicts(lost, fresh, frame.shape), strict=True):
            if track.hits < self._confirm_frames or track in shaky:
                continue
            is_alone = len(seen) == len(lost) == 1 and not _is_behind(track, lost[0])
            enough = _ALONE_MARGIN if is_alone else _LINK_MARGIN
            take_up(track)
            is_old = at_s - track.unnamed_since_s > _PONDER_S
            if verdict.lost is not None and verdict.margin >= enough:
                known = lost[verdict.lost]
                self._lost = [t for t in self._lost if t is not known]
                self._tracks = [t for t in self._tracks if t is not known]
                _continue(track, known, must_prove=not is_alone)
            elif (
                (is_old or (verdict.lost is None and verdict.margin >= _NEW_MARGIN))
                and track.hits
                >= self._confirm_frames * (_OVERLAP_TIMES if _is_over(track, seen) else 1)
                and at_s - track.own_way_since_s
                >= settling_s(track, seen, self._tracks, is_old=is_old)
            ):
                self._begin(track)

    def _begin(self, track: Track) -> None:
        """Give a number of its own to the face that is seen now, whoever was seen before it."""
        may_be_other = track.is_doubtful and track.is_touching
        self.number(track)
        track.is_doubtful = may_be_other

    def _forget(self, at_s: float) -> tuple[Track, ...]:
        gone = [
            t
            for t in self._lost
            if at_s - t.seen_at_s > self._forget_s * (_HIDDEN_TIMES if t.is_hidden else 1)
        ]
        self._lost = [t for t in self._lost if t not in gone]
        return tuple(gone)


def _wait_on(track: Track, before: Track | None, at_s: float) -> None:
    """Let a face that has lost its track wait for a number as long as it would have."""
    track.unnamed_since_s = at_s
    if before is not None and _is_behind(track, before):
        return
    track.is_counted = before is not None and (before.is_counted or before.traveller is not None)
    if before is not None and before.traveller is None:
        track.unnamed_since_s, track.hits = before.unnamed_since_s, before.hits + 1
        track.first_at, track.first_sequence = before.first_at, before.first_sequence
        lost_in_doubt(track, before)


def _continue(track: Track, known: Track, *, must_prove: bool) -> None:
    """Let a track be the traveller that was lost."""
    track.traveller, track.is_shown = known.traveller, known.is_shown
    track.first_at, track.first_sequence = known.first_at, known.first_sequence
    if must_prove or known.proven is not None:
        track.proven = known.proven or copy(known.look)
        track.recent = track.recent or copy(track.look, SHORT)
        own = known.look, known.proven
        rivals = (*known.rivals, *track.rivals)
        track.rivals = tuple(look for look in rivals if not any(look is it for it in own))
        track.is_doubtful, track.proofs = True, 0
    track.look = known.look


def _is_behind(track: Track, known: Track) -> bool:
    """Whether a face came into sight farther off than somebody was when lost."""
    return track.first_log_width < known.log_width - _FARTHER


def _is_covered(track: Track, seen: Sequence[Track], at_s: float) -> bool:
    """Whether a face in view stands where this track is expected."""
    row, column = track.expected(at_s)
    return any(
        abs(column - t.place[1]) < t.face.box.width and abs(row - t.place[0]) < t.face.box.height
        for t in seen
    )


def _is_over(track: Track, seen: Sequence[Track]) -> bool:
    """Whether a surer face overlaps this one: it may be part of that face."""
    return any(
        t is not track
        and t.confidence > track.confidence
        and t.face.box.iou(track.face.box) > _OVERLAP
        for t in seen
    )
