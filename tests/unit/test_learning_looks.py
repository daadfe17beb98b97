import numpy as np

from simulators.training.looks import Sight, learnt, written

ROOMS, PEOPLE, FRAMES, CELLS = 6, 12, 12, 5


def sights():
    """Cell 0 tells people apart, 1 rooms, 2 only frames; a breathing mask moves 3 and 4."""
    rng = np.random.default_rng(1)
    found = []
    for room in range(ROOMS):
        room_c = rng.normal(0, 2)
        for person in range(PEOPLE):
            own_c, mask_c = rng.normal(0, 2, 2)
            for i in range(FRAMES):
                noise, breath_c = rng.normal(0, 0.2, CELLS), rng.normal(0, 2)
                cells_c = np.array([own_c, room_c, rng.normal(0, 2), mask_c + breath_c, breath_c])
                found.append(Sight(f"{room}", f"{room}/{person}", i, 33 + cells_c + noise))
    return found


def test_the_traits_are_what_differs_between_people_and_not_within_one():
    table = learnt(sights(), 2)
    shares = abs(table.weights) / abs(table.weights).max(axis=0)
    assert (table.between > 10).all()
    assert shares[[1, 2]].max() < 0.4
    # The two cells of the mask count only against each other.
    mask = table.weights[:, shares[3].argmax()]
    assert mask[3] * mask[4] < 0


def test_what_people_of_a_room_share_is_not_taken_for_theirs():
    table = learnt(sights(), CELLS)
    of_rooms = abs(table.weights[1]).argmax()
    assert table.room[of_rooms] > 10 * table.between[of_rooms]


def test_the_written_table_is_the_learnt_one():
    table = learnt(sights(), 2)
    module: dict[str, object] = {}
    exec(written(table, "a test"), module)
    assert np.allclose(module["WEIGHTS"], table.weights)
    assert np.allclose(module["OFFSETS"], table.offsets, atol=0.01)
