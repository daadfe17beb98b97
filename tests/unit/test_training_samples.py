import numpy as np
import pytest

from config.loader import load_settings
from simulators.training.augment import random_view
from simulators.training.samples import Sample
from simulators.training.synthetic import scene_sample
from station.core.faces import Box

MIN_FRONTALITY = load_settings(None).extraction.min_frontality


@pytest.fixture(scope="module")
def lanes():
    return [scene_sample(np.random.default_rng([7, n])) for n in range(60)]


def test_lanes_teach_heads_turned_too_far_to_be_measured_but_no_profile(lanes):
    facing = [face.frontality for lane in lanes for face in lane.faces]
    assert sum(0.05 < value < MIN_FRONTALITY for value in facing) >= 5
    assert sum(value > 0.9 for value in facing) >= 10


def test_a_face_behind_somebody_is_hidden_and_neither_wanted_nor_ignored(lanes):
    seen = [lane for lane in lanes if lane.hidden]
    assert seen
    for lane in seen:
        assert not set(lane.hidden) & set(lane.ignored)
        assert not set(lane.hidden) & {face.box for face in lane.faces}


def test_a_view_keeps_who_is_hidden():
    sample = Sample(np.full((160, 128), 22, dtype=np.float32), hidden=(Box(40, 40, 80, 70),))
    for n in range(5):
        (box,) = random_view(sample, np.random.default_rng(n)).hidden
        assert box.width / box.height == pytest.approx(0.75)
