from math import log

import numpy as np
import pytest

from station.core.appearance import TRAITS
from station.core.assignment import assigned
from station.core.look_table import BETWEEN
from station.core.tracks import begun
from tests.support import face, frame

TRIES = 300
FAR = face(100.0, 2000.0)


def track_of(shape, traits, *, traveller):
    track = begun(shape, traits, np.True_, frame())
    track.traveller, track.look.frames = traveller, 5.0
    return track


@pytest.mark.parametrize("seed", range(2))
def test_somebody_alone_goes_on_just_as_beside_somebody_far_away(seed):
    rng = np.random.default_rng(seed)
    said = []
    for _ in range(TRIES):
        own, other = rng.normal(size=(2, TRAITS)) * np.sqrt(BETWEEN)
        track = track_of(face(), own, traveller=rng.choice([None, 1]))
        track.velocity, track.log_width = (
            tuple(rng.normal(0, 60, 2)),
            log(40 * rng.uniform(0.8, 1.2)),
        )
        row, column = rng.normal(60, 12, 2)
        seen = face(row, column, 40 * rng.uniform(0.6, 1.7), score=rng.uniform(0.3, 1))
        traits, is_seen = np.array([own if rng.random() < 0.5 else other]), rng.random(1) < 0.9
        at_s = rng.uniform(0.03, 0.8)
        alone = assigned([track], [seen], (traits, is_seen), at_s)
        far = track_of(FAR, own, traveller=2)
        looks = np.concatenate((traits, own[None])), np.append(is_seen, [True])
        pairs, _, _ = assigned([track, far], [seen, FAR], looks, at_s)
        assert alone == ({0: 0} if pairs.get(0) == 0 else {}, set(), set())
        said.append(bool(alone[0]))
    assert 0.2 < np.mean(said) < 0.8
