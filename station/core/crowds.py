"""What is not believed of a face while others are about.

Heads that overlap are found as one box, which lies now on one of them and now on the other. So in
a crowd a face has to go its own way for a while before it gets a number, and what is read of a
face whose box jumps beside others counts for nobody.
"""

from collections.abc import Sequence

import numpy as np

from station.core.appearance import change, together
from station.core.tracks import Track

# A box that lies so far from where and how large it was expected jumps (-2 log likelihood), which
# matters where somebody is so near (face widths). (Chosen from crowds of the twin.)
_JUMPS, _COMPANY_WIDTHS = 6.0, 4.0
# For so long a face must go its own way: with a face so near (in its own sizes), or in a picture of
# so many faces. Who has waited for long gets a number after this part of it.
_NEAR_SIZES, _NEAR_S = 1.5, 0.8
_MANY, _MANY_S = 4, 0.4
_OLD_PART = 0.5
# A face looks as it did before a doubt (see `appearance.change`), seen unhidden for so long.
_ALIKE, _ENOUGH_FRAMES = -3.0, 2


def shaky_in_company(seen: Sequence[Track], known: Sequence[Track], at_s: float) -> list[Track]:
    """Return the seen tracks whose box jumps while somebody else, seen or expected, is near.

    Args:
        seen: the tracks of this frame.
        known: all tracks, those seen included.
        at_s: the frame's monotonic time.
    """
    jumping = [track for track in seen if track.jump > _JUMPS]
    if not jumping or len(known) < 2:  # noqa: PLR2004 - nobody to be taken for
        return []
    expected = np.array([track.expected(at_s) for track in known])
    place = np.array([track.face.box.center for track in jumping])
    reach = _COMPANY_WIDTHS * np.array([track.face.box.width for track in jumping])
    is_near = np.hypot(*(place[:, None] - expected).transpose(2, 0, 1)) < reach[:, None]
    return [
        track
        for track, near in zip(jumping, is_near.tolist(), strict=True)
        if any(is_it and other is not track for other, is_it in zip(known, near, strict=True))
    ]


def lost_in_doubt(track: Track, before: Track) -> None:
    """Remember how a face looked that has just lost its track in a doubt: it may go on."""
    if before.earlier is not None and before.earlier[0].frames > before.look.frames:
        track.earlier = before.earlier
    else:
        track.earlier = before.look, before.own_way_since_s


def take_up(track: Track) -> None:
    """Let a face that looks as it did before a doubt have gone its own way since before it."""
    if track.earlier is None or track.look.frames < _ENOUGH_FRAMES:
        return
    look, since_s = track.earlier
    alike = change([look], track.look.mean[None], np.array([track.look.frames]))
    if alike[0] <= _ALIKE:
        track.look, track.own_way_since_s = together(look, track.look), since_s
        track.earlier = None


def settling_s(
    track: Track, seen: Sequence[Track], tracks: Sequence[Track], *, is_old: bool
) -> float:
    """Return for how many seconds a face must go its own way before it gets a number.

    Args:
        track: the face's.
        seen: the tracks of this frame.
        tracks: those that may be seen again at any moment.
        is_old: whether somebody has been seen there for long without a number.
    """
    box, at_s = track.face.box, track.seen_at_s
    wait_s = _MANY_S if len(seen) >= _MANY else 0.0
    for other in tracks:
        row, column = other.expected(at_s)
        is_near = (
            abs(row - box.center[0]) < _NEAR_SIZES * box.height
            and abs(column - box.center[1]) < _NEAR_SIZES * box.width
        )
        if is_near and other is not track and not _is_part(other, track):
            wait_s = _NEAR_S
    return wait_s * (_OLD_PART if is_old else 1.0) - _ROUNDING_S


def _is_part(other: Track, track: Track) -> bool:
    """Whether a fainter face lies over a surer one: it may be part of that face."""
    return other.confidence < track.confidence and other.face.box.iou(track.face.box) > _OVERLAP


_OVERLAP, _ROUNDING_S = 0.15, 1e-6
