"""What one frame shows of the swept source, corrected by the reference source."""

from dataclasses import replace

import numpy as np
import pytest

from station.core.frames import FrameStatus, ThermalFrame
from station.core.radiance import Surface, radiance, temperature_c
from station.core.swept_source import (
    Obstacle,
    SweptReading,
    SweptSourceLimits,
    SweptSourceMeter,
    overlapping,
)
from tests.support import FRAME, FRAME_S, NOON, REFERENCE, ROOM

SHAPE = (120, 160)
SWEPT = SweptSourceLimits((0.4, 0.1, 1.0, 0.5), (0.03, 0.08), 0.95, 0.1)
REFERENCE_SOURCE = replace(REFERENCE, emissivity=0.98)
# A camera whose housing adds a fixed radiance: 0.6 °C at 37 °C.
STRAY = radiance(37.6) - radiance(37.0)


def disc(picture, at, radius_px, shown_c):
    rows, columns = np.ogrid[: SHAPE[0], : SHAPE[1]]
    away_px = np.hypot(rows - at[0], columns - at[1])
    picture[away_px < 2 * radius_px] = 25.0
    picture[away_px <= radius_px] = shown_c


def frame(sequence, true_c, *, reference=True, swept=True, swept_at=(80, 45), status="live"):
    picture = np.full(SHAPE, 22.0, np.float32)
    if reference:
        disc(picture, (30, 140), 5, temperature_c(Surface(0.98, 22).seen(37) + STRAY))
    if swept:
        disc(picture, swept_at, 9, temperature_c(Surface(0.95, 22).seen(true_c) + STRAY))
    picture += np.random.default_rng(sequence).normal(0, 0.03, SHAPE).astype(np.float32)
    at_s = sequence * FRAME_S
    return ThermalFrame(picture, sequence, NOON, at_s, "camera-1", FrameStatus(status))


@pytest.fixture
def meter():
    return SweptSourceMeter(REFERENCE_SOURCE, SWEPT, replace(FRAME, max_clock_jump_s=1e9), ROOM)


def last(meter, frames):
    for each in frames:
        found = meter.step(each)
    return found


@pytest.mark.parametrize("true_c", [34.0, 37.0, 39.25, 41.0])
def test_emissivity_and_the_camera_s_error_are_taken_out_in_radiance(meter, true_c):
    found = last(meter, [frame(i, true_c) for i in range(12)])
    assert isinstance(found, SweptReading)
    # 0.03 °C of noise over some forty pixels, twice.
    assert found.shown_c == pytest.approx(true_c, abs=0.02)


def test_its_uncertainty_holds_both_sources_and_the_room(meter):
    found = last(meter, [frame(i, 37.0) for i in range(12)])
    assert found.level_u_c == pytest.approx(np.hypot(0.15, 0.1), abs=0.005)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reference": False}, "reference source is lost"),
        ({"swept": False}, "swept source is lost"),
        ({"swept_at": (60, 30)}, "swept source was moved"),
        ({"status": "shutter"}, "frame cannot be used (shutter)"),
        ({"status": "stale"}, "frame cannot be used (stale frame)"),
    ],
)
def test_what_goes_wrong_is_named(meter, change, words):
    last(meter, [frame(i, 37.0) for i in range(12)])
    found = last(meter, [frame(i, 37.0, **change) for i in range(12, 40)])
    assert isinstance(found, Obstacle)
    assert words in found.reason


def test_a_source_that_was_never_there_is_looked_for(meter):
    found = last(meter, [frame(i, 37.0, swept=False) for i in range(12)])
    assert "not found in its region" in found.reason


def test_a_warm_up_is_waited_for(meter):
    slow = SweptSourceMeter(REFERENCE_SOURCE, SWEPT, replace(FRAME, warm_up_s=60.0), ROOM)
    found = last(slow, [frame(i, 37.0) for i in range(12)])
    assert found.is_waiting
    assert not last(meter, [frame(i, 37.0, status="stale") for i in range(12)]).is_waiting


def test_regions_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        SweptSourceMeter(REFERENCE_SOURCE, replace(SWEPT, region=(0.0, 0.0, 1.0, 0.7)), FRAME, ROOM)
    assert overlapping((0.0, 0.0, 0.5, 0.5), ((0.0, 0.5, 1.0, 1.0), (0.5, 0.0, 1.0, 1.0))) is None
    assert overlapping((0.0, 0.0, 0.5, 0.6), ((0.0, 0.5, 1.0, 1.0),)) == (0.0, 0.5, 1.0, 1.0)
