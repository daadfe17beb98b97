"""Faces looked at together give what each would alone, written down plainly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.anatomy import FaceTemperatures, Spot, look_at
from station.core.faces import Box, Canthi, FaceRegion

SHAPE = (60, 80)
# Whole 1024ths: sums of nine are exact, so that the order of adding does not matter.
PICTURE = np.random.default_rng(1).integers(30 * 1024, 38 * 1024, SHAPE).astype(np.float32) / 1024


def hottest(square_px, rows, columns):
    """Return the first hottest square whose upper left corner lies in these rows and columns."""
    best = None
    for row in rows:
        for column in columns:
            square = PICTURE[row : row + square_px, column : column + square_px]
            value = float(square.mean(dtype=np.float64))
            if best is None or value > best[0]:
                middle = (square_px - 1) / 2
                best = value, (row + middle, column + middle)
    return None if best is None else Spot(*best)


def median(top, left, height, width):
    """Return the upper median of 8 x 6 points spread evenly over a zone."""
    points = [
        PICTURE[
            min(max(int(top + height * (i + 0.5) / 8), 0), SHAPE[0] - 1),
            min(max(int(left + width * (j + 0.5) / 6), 0), SHAPE[1] - 1),
        ]
        for i in range(8)
        for j in range(6)
    ]
    return float(sorted(points)[24])


def plainly(region, square_px):
    """Look at one face, point by point."""
    box, width, height = region.box, region.box.width, region.box.height

    def zone(top, bottom, left, right):
        start = box.top + top * height, box.left + left * width
        return median(*start, (bottom - top) * height, (right - left) * width)

    top = max(round(box.top + 0.05 * height), 0)
    bottom = min(round(box.top + 0.62 * height), SHAPE[0])
    left = max(round(box.left + 0.08 * width), 0)
    right = min(round(box.left + 0.92 * width), SHAPE[1])
    rows, columns = range(top, bottom - square_px + 1), range(left, right - square_px + 1)
    row, offset = box.top + 0.42 * height, 0.13 * width
    middle = (box.left + box.right) / 2
    points = [(row, middle - offset), (row, middle + offset)]
    if region.canthi is not None:
        points = [region.canthi.image_left, region.canthi.image_right]

    def around(places, reach, among):
        first = round(min(places) + 0.5 - max(reach * width, 1.5))
        last = round(max(places) + 0.5 + max(reach * width, 1.5)) - square_px
        return [n for n in range(first, last + 1) if n in among]

    downs, acrosses = zip(*points, strict=True)
    along = around(downs, 0.10, rows), around(acrosses, 0.16, columns)
    spots, eyes = [], []
    for (down, across), outward in zip(points, (-0.17, 0.17), strict=True):
        near = around([down], 0.09, rows), around([across], 0.09, columns)
        spots.append(hottest(square_px, *near))
        half_height, half_width = max(0.05 * width, 1.0), max(0.06 * width, 1.0)
        eyes.append(
            median(
                down + 0.5 - half_height,
                across + 0.5 + outward * width - half_width,
                2 * half_height,
                2 * half_width,
            )
        )
    above_mouth = hottest(square_px, rows, columns)
    if None in (*spots, above_mouth):
        return None
    return FaceTemperatures(
        *spots,
        hottest(square_px, *along),
        above_mouth,
        sum(eyes) / 2,
        zone(0.08, 0.28, 0.25, 0.75),
        zone(0.55, 0.75, 0.10, 0.90),
        zone(0.10, 0.90, 0.15, 0.85),
    )


def region_at(row, column, width, aspect, canthi):
    box = Box(
        row - width * aspect / 2,
        column - width / 2,
        row + width * aspect / 2,
        column + width / 2,
    )
    if canthi is None:
        return FaceRegion(box, 0.9, 0.9)
    places = [(row + down * width, column + across * width) for down, across in canthi]
    return FaceRegion(box, 0.9, 0.9, Canthi(*places))


shares = st.floats(-0.4, 0.4)
regions = st.builds(
    region_at,
    st.floats(-5, SHAPE[0] + 5),
    st.floats(-5, SHAPE[1] + 5),
    st.floats(1.0, 50.0),
    st.floats(1.0, 1.5),
    st.none() | st.lists(st.tuples(shares, shares), min_size=2, max_size=2),
)


def same(seen, plain):
    if seen is None or plain is None:
        return seen is plain
    spots = [(getattr(seen, n), getattr(plain, n)) for n in ("left", "right", "canthus", "hottest")]
    zones = ("eyes_c", "forehead_c", "cheeks_c", "face_c")
    return all(
        a.apparent_c == pytest.approx(b.apparent_c, abs=1e-6) and a.point == b.point
        for a, b in spots
    ) and all(getattr(seen, n) == pytest.approx(getattr(plain, n), abs=1e-6) for n in zones)


@given(st.lists(st.tuples(regions, st.sampled_from([2, 3])), max_size=5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_faces_looked_at_together_give_what_each_gives_alone_point_by_point(faces):
    seen = look_at(PICTURE, [region for region, _ in faces], [px for _, px in faces])
    assert len(seen) == len(faces)
    for (region, square_px), temperatures in zip(faces, seen, strict=True):
        assert same(temperatures, plainly(region, square_px))


def test_a_picture_on_its_side_in_memory_is_seen_like_any_other():
    region = region_at(30.0, 40.0, 30.0, 1.3, None)
    turned = np.asfortranarray(PICTURE)
    assert look_at(turned, [region], [3]) == look_at(PICTURE, [region], [3])
