import numpy as np
import pytest

from station.core.frames import Orientation

# One marked corner and one marked edge neighbour tell all eight orientations apart.
PICTURE = np.array([[1, 2, 0], [0, 0, 0]], dtype=np.float32)

UPRIGHT = {
    Orientation.NONE: [[1, 2, 0], [0, 0, 0]],
    Orientation.TRANSPOSE: [[1, 0], [2, 0], [0, 0]],
    Orientation.ANTITRANSPOSE: [[0, 0], [0, 2], [0, 1]],
    Orientation.ROT90: [[0, 0], [2, 0], [1, 0]],
    Orientation.ROT180: [[0, 0, 0], [0, 2, 1]],
    Orientation.ROT270: [[0, 1], [0, 2], [0, 0]],
    Orientation.FLIP_HORIZONTAL: [[0, 2, 1], [0, 0, 0]],
    Orientation.FLIP_VERTICAL: [[0, 0, 0], [1, 2, 0]],
}


@pytest.mark.parametrize("orientation", list(Orientation))
def test_each_orientation_moves_the_marked_pixels_where_its_name_says(orientation):
    upright = orientation.upright(PICTURE)
    np.testing.assert_array_equal(upright, UPRIGHT[orientation])
    assert upright.flags.c_contiguous
    assert upright.dtype == np.float32


@pytest.mark.parametrize("orientation", [o for o in Orientation if o is not Orientation.NONE])
def test_a_turned_picture_never_shares_memory_with_the_device(orientation):
    assert not np.shares_memory(orientation.upright(PICTURE), PICTURE)


def test_a_quarter_turn_back_undoes_a_quarter_turn():
    there_and_back = Orientation.ROT270.upright(Orientation.ROT90.upright(PICTURE))
    np.testing.assert_array_equal(there_and_back, PICTURE)


@pytest.mark.parametrize("orientation", list(Orientation))
def test_the_mirrored_orientation_swaps_left_and_right_of_the_upright_picture(orientation):
    stored = np.array([[1, 2, 0], [0, 3, 0]])
    swapped = orientation.upright(stored)[:, ::-1]
    assert orientation.mirrored.upright(stored).tolist() == swapped.tolist()
