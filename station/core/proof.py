"""Whether a face that was near another is still the same person's.

Two faces that touch may change places unnoticed, and so may others where another assignment of the
faces fits nearly as well. From then on a reading counts only in frames in which the face looks like
the person that it was before: whoever looks like everybody else is
followed, but not measured, and so is whoever looks like one of those that it was near.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.core.appearance import Look, change, copy, learn, look_of
from station.core.faces import corners
from station.core.tracks import SHORT, Track

# Faces that overlap so much (IoU), or stand so near to where somebody is expected who is not seen
# (face widths and heights), may be taken for each other.
_TOUCH, _NEAR = 0.15, 0.5
# How alike a face must be to be itself, see `appearance.change`: the latest frames together, and
# this frame alone; and how much less like each of those that it was near. For following, less will
# do.
_PROVEN, _FITS, _FOLLOWED = -10.0, -6.0, 2.0
_UNLIKE_RIVALS, _MOST_RIVALS = 6.0, 6
# One frame alone proves nobody: a stranger's box may look so once.
_ENOUGH_PROOFS = 3
# A number that was never shown is whoever is there now, if that is rather somebody else than any of
# those who were near (see `appearance.change`), seen in so many frames.
_STRANGER, _STRANGER_FRAMES = 0.0, 2


def prove(
    seen: Sequence[Track],
    unseen: Sequence[Track],
    suspects: Sequence[Track],
    looks: tuple[NDArray[np.float64], NDArray[np.bool_]],
) -> None:
    """Mark the tracks that are in doubt in this frame, and remember how the others look.

    Args:
        seen: the tracks of this frame.
        unseen: those that are expected, but not seen.
        suspects: those seen of whom it is unsure in this frame who they are.
        looks: how the seen ones look, shape (seen, traits), and whose head nobody hides, (seen,).
    """
    if not seen:
        return
    traits, is_seen = looks
    alone = []
    checked = []
    known = [*seen, *unseen]
    memories = [track.proven or track.look for track in known]
    touching = _touching(seen, unseen)
    is_touching: list[bool] = np.logical_or.reduce(touching, axis=1).tolist()
    for i, (track, touches) in enumerate(zip(seen, is_touching, strict=True)):
        track.is_touching = touches
        if touches:
            _remember(track, [memories[j] for j in np.flatnonzero(touching[i])])
        is_suspect = track in suspects
        if is_suspect or (track.recent is None and touches and track.hits > 1):
            if track.recent is None:
                track.proven = copy(track.look)
            track.recent = look_of(traits[i], is_seen[i], SHORT)
            track.proofs = 0 if is_suspect else _ENOUGH_PROOFS
        elif track.recent is None:
            track.is_doubtful = False
            if track.hits > 1:
                alone.append(i)
            continue
        checked.append(i)
    if alone:
        learn([seen[i].look for i in alone], traits[alone], is_seen[alone])
    if checked:
        _check([seen[i] for i in checked], traits[checked], is_seen[checked])


def _check(
    tracks: Sequence[Track], traits: NDArray[np.float64], is_seen: NDArray[np.bool_]
) -> None:
    """Compare faces with what is remembered of them."""
    proven = [t.proven for t in tracks if t.proven is not None]
    latest = [t.recent for t in tracks if t.recent is not None]
    learn(latest, traits, is_seen)
    means, frames = np.array([look.mean for look in latest]), np.array([t.frames for t in latest])
    # All comparisons at once: the latest frames and this one with what is proven, the latest with
    # what is followed, and with each of those that the face was near.
    whose = [i for i, track in enumerate(tracks) for _ in track.rivals]
    alike, fits, follows, rivals = np.split(
        change(
            [*proven, *proven, *(t.look for t in tracks), *(r for t in tracks for r in t.rivals)],
            np.concatenate((means, traits, means, means[whose])),
            np.concatenate((frames, is_seen, frames, frames[whose])),
        ),
        (len(tracks), 2 * len(tracks), 3 * len(tracks)),
    )
    is_proven = (alike <= _PROVEN) & (fits <= _FITS)
    is_like_rival = rivals - alike[whose] < _UNLIKE_RIVALS
    is_proven[[i for i, is_it in zip(whose, is_like_rival.tolist(), strict=True) if is_it]] = False
    is_followed = follows <= _FOLLOWED
    is_stranger = frames >= _STRANGER_FRAMES
    is_stranger[
        [i for i, apart in zip(whose, rivals.tolist(), strict=True) if apart <= _STRANGER]
    ] = False
    for track, is_sure, may_begin in zip(
        tracks, is_proven.tolist(), is_stranger.tolist(), strict=True
    ):
        track.proofs = track.proofs + 1 if is_sure else 0
        is_new = track.traveller is not None and not track.is_shown and not track.is_touching
        track.strange_frames = track.strange_frames + 1 if may_begin and is_new else 0
        is_proved = track.proofs >= _ENOUGH_PROOFS
        track.is_anew = not is_proved and track.strange_frames >= _ENOUGH_PROOFS
        track.is_doubtful = not (is_proved or track.is_anew)
    for looks, chosen in ((proven, is_proven), ([t.look for t in tracks], is_followed)):
        which = np.flatnonzero(chosen)
        if len(which):
            learn([looks[i] for i in which], traits[which], is_seen[which])
    for track, look in zip(tracks, latest, strict=True):
        if track.is_anew:
            track.proven = copy(look)


def _remember(track: Track, near: Sequence[Look]) -> None:
    new = [look for look in near if not any(look is known for known in track.rivals)]
    track.rivals = (*track.rivals, *new)[-_MOST_RIVALS:]


def _touching(seen: Sequence[Track], unseen: Sequence[Track]) -> NDArray[np.bool_]:
    """Return which faces are so near to which other, seen or expected, that they may be taken so.

    Shape (seen, seen and unseen).
    """
    boxes = corners(track.face.box for track in seen)
    start, stop = boxes[:, :2], boxes[:, 2:]
    touches = np.zeros((len(seen), len(seen) + len(unseen)), dtype=np.bool_)
    if len(seen) > 1:
        high, wide = (
            np.maximum(np.minimum(last[:, None], last) - np.maximum(first[:, None], first), 0)
            for first, last in zip(start.T, stop.T, strict=True)
        )
        overlap = high * wide
        area = (stop - start).prod(axis=1)
        touches[:, : len(seen)] = overlap > _TOUCH * (area[:, None] + area - overlap)
        np.fill_diagonal(touches, val=False)
    if unseen:
        expected = np.array([t.expected(seen[0].seen_at_s) for t in unseen])
        apart = abs((start + stop)[:, None] / 2 - expected) / (stop - start)[:, None]
        # Who has no number yet may be the one that is expected.
        has_number = np.array([t.traveller is not None for t in seen])
        touches[:, len(seen) :] = (apart < _NEAR).all(axis=2) & has_number[:, None]
    return touches
