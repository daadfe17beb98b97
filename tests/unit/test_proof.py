import numpy as np
import pytest

from station.core.appearance import TRAITS
from station.core.look_table import BETWEEN
from station.core.proof import prove
from station.core.tracks import begun
from tests.support import face, frame

SD = np.sqrt(BETWEEN)
OWN, NEIGHBOURS = SD, -SD
STRANGERS = 2 * SD * (-1.0) ** np.arange(TRAITS)
TOGETHER = face(60, 60), face(60, 80)
APART = face(60, 40), face(60, 120)


def after_touching(look, *, is_shown, frames=9):
    """One with a number touches a neighbour; then a face with this look goes on in that track."""
    tracks = [begun(TOGETHER[i], (OWN, NEIGHBOURS)[i], np.True_, frame()) for i in range(2)]
    for i, track in enumerate(tracks):
        track.traveller, track.hits, track.look.frames, track.is_shown = i + 1, 5, 5.0, is_shown
    seen = np.array([True, True])
    prove(tracks, [], [], (np.array([OWN, NEIGHBOURS]), seen))
    for track, place in zip(tracks, APART, strict=True):
        track.face = place
    for _ in range(frames):
        prove(tracks, [], [], (np.array([look, NEIGHBOURS]), seen))
    return tracks[0]


def test_who_looks_as_before_touching_somebody_is_the_same():
    track = after_touching(OWN, is_shown=True)
    assert (track.is_doubtful, track.is_anew) == (False, False)


def test_a_number_that_was_seen_never_passes_to_a_stranger():
    assert after_touching(STRANGERS, is_shown=True).is_doubtful


def test_a_number_that_nobody_has_seen_begins_with_whoever_is_there_after_some_frames():
    tracks = [after_touching(STRANGERS, is_shown=False, frames=n) for n in range(1, 10)]
    doubts = [track.is_doubtful for track in tracks]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[:2] == [True, True]
    assert tracks[doubts.index(False)].is_anew


@pytest.mark.parametrize("is_shown", [True, False])
def test_no_number_passes_to_the_one_who_was_touched(is_shown):
    assert after_touching(NEIGHBOURS, is_shown=is_shown).is_doubtful
