import numpy as np

from simulators.training.folding import fold, unfold
from station.vision.locator import folded

RNG = np.random.default_rng(1)
WEIGHTS = RNG.normal(size=(8, 2, 3, 3)).astype(np.float32)


def convolved(image, weights, *, stride, before, after):
    size = weights.shape[2]
    wide = np.pad(image, ((0, 0), (before, after), (before, after)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (size, size), axis=(1, 2))
    return np.einsum("crsyx,ocyx->ors", windows[:, ::stride, ::stride], weights)


def test_a_folded_first_layer_says_the_same_of_a_folded_picture():
    image = RNG.normal(size=(2, 8, 12)).astype(np.float32)
    plain = convolved(image, WEIGHTS, stride=2, before=1, after=1)
    quick = convolved(folded(image), fold(WEIGHTS), stride=1, before=1, after=0)
    np.testing.assert_allclose(quick, plain[:, :4, :6], atol=1e-5)


def test_a_network_is_trained_on_from_what_was_folded():
    np.testing.assert_array_equal(unfold(fold(WEIGHTS)), WEIGHTS)
