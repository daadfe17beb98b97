"""Whether a face that was near another is still the same person's.

Two faces that touch may change places unnoticed. From then on a reading counts only in frames in
which the face looks like the person that it was before: whoever looks like everybody else is
followed, but not measured.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.core.appearance import change, copy, learn, look_of
from station.core.tracks import SHORT, Track

# Faces that overlap so much (IoU), or stand so near to where somebody is expected who is not seen
# (face widths and heights), may be taken for each other.
_TOUCH, _NEAR = 0.15, 0.5
# How alike a face must be to be itself, see `appearance.change`: the latest frames together, and
# this frame alone. For following, less will do.
_PROVEN, _FITS, _FOLLOWED = -10.0, -3.0, 2.0


def prove(
    seen: Sequence[Track],
    unseen: Sequence[Track],
    seen_c: NDArray[np.float64],
    is_seen: NDArray[np.bool_],
) -> None:
    """Mark the tracks that are in doubt in this frame, and remember how the others look.

    Args:
        seen: the tracks of this frame.
        unseen: those that are expected, but not seen.
        seen_c: how the former look, see `appearance.appearances`.
        is_seen: which zones are seen.
    """
    if not seen:
        return
    alone = []
    checked = []
    for i, touches in enumerate(_touching(seen, unseen)):
        track = seen[i]
        track.is_touching = touches
        if track.recent is None and touches and track.hits > 1:
            track.proven, track.recent = copy(track.look), look_of(seen_c[i], is_seen[i], SHORT)
        elif track.recent is None:
            track.is_doubtful = False
            if track.hits > 1:
                alone.append(i)
            continue
        checked.append(i)
    if alone:
        learn([seen[i].look for i in alone], seen_c[alone], is_seen[alone])
    if checked:
        _check([seen[i] for i in checked], seen_c[checked], is_seen[checked])


def _check(
    tracks: Sequence[Track], seen_c: NDArray[np.float64], is_seen: NDArray[np.bool_]
) -> None:
    """Compare faces with what is remembered of them."""
    proven = [t.proven for t in tracks if t.proven is not None]
    latest = [t.recent for t in tracks if t.recent is not None]
    learn(latest, seen_c, is_seen)
    now = np.array([look.mean_c for look in latest]), np.array([look.frames for look in latest])
    is_proven = change(proven, *now) <= _PROVEN
    is_proven &= change(proven, seen_c, is_seen.astype(np.float64)) <= _FITS
    is_followed = change([t.look for t in tracks], *now) <= _FOLLOWED
    for track, is_sure in zip(tracks, is_proven.tolist(), strict=True):
        track.is_doubtful = not is_sure
    for looks, chosen in ((proven, is_proven), ([t.look for t in tracks], is_followed)):
        which = np.flatnonzero(chosen)
        if len(which):
            learn([looks[i] for i in which], seen_c[which], is_seen[which])


def _touching(seen: Sequence[Track], unseen: Sequence[Track]) -> list[bool]:
    """Return which faces are so near to another, seen or expected, that they may be taken so."""
    boxes = np.array(
        [(t.face.box.top, t.face.box.left, t.face.box.bottom, t.face.box.right) for t in seen]
    )
    start, stop = boxes[:, :2], boxes[:, 2:]
    touches = np.zeros(len(seen), dtype=np.bool_)
    if len(seen) > 1:
        shared = np.minimum(stop[:, None], stop) - np.maximum(start[:, None], start)
        overlap = np.clip(shared, 0, None).prod(axis=2)
        area = (stop - start).prod(axis=1)
        touches = (overlap > _TOUCH * (area[:, None] + area - overlap)).sum(axis=1) > 1
    if unseen:
        expected = np.array([t.expected(seen[0].seen_at_s) for t in unseen])
        apart = abs((start + stop)[:, None] / 2 - expected) / (stop - start)[:, None]
        # Who has no number yet may be the one that is expected.
        has_number = np.array([t.traveller is not None for t in seen])
        touches |= (apart < _NEAR).all(axis=2).any(axis=1) & has_number
    found: list[bool] = touches.tolist()
    return found
