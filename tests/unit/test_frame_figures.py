"""A camera's figures from its frames."""

from datetime import timedelta

import numpy as np
import pytest

from station.core.frame_figures import FrameFiguresMeter
from station.core.frames import FrameStatus, ThermalFrame
from tests.support import NOON


def frame(sequence, at_s, picture=None, status=FrameStatus.LIVE):
    shown = np.zeros((48, 64), np.float32) if picture is None else picture
    return ThermalFrame(shown, sequence, NOON + timedelta(seconds=at_s), at_s, "c", status)


def test_nothing_is_known_before_the_first_frame():
    figures = FrameFiguresMeter().figures()
    assert (figures.frames, figures.rate_hz, figures.noise_c) == (0, None, None)


def test_rate_and_statuses_are_counted():
    meter = FrameFiguresMeter()
    for i in range(11):
        status = FrameStatus.SHUTTER if i < 3 else FrameStatus.LIVE
        meter.take(frame(i, i * 0.1, status=status))
    figures = meter.figures()
    assert figures.rate_hz == pytest.approx(10.0)
    assert dict(figures.statuses) == {FrameStatus.LIVE: 8, FrameStatus.SHUTTER: 3}
    assert figures.gaps == 0


@pytest.mark.parametrize(("sequence", "at_s"), [(12, 1.1), (11, 1.5)])
def test_a_missing_or_a_late_frame_is_a_gap(sequence, at_s):
    meter = FrameFiguresMeter()
    for i in range(11):
        meter.take(frame(i, i * 0.1))
    meter.take(frame(sequence, at_s))
    assert meter.figures().gaps == 1


def test_noise_is_found_where_the_picture_drifts_and_somebody_moves():
    rng = np.random.default_rng(1)
    meter = FrameFiguresMeter()
    for i in range(30):
        picture = rng.normal(22 + 0.01 * i, 0.05, (48, 64)).astype(np.float32)
        picture[10:30, i : i + 12] += 12
        meter.take(frame(i, i * 0.1, picture))
    # Thirty frames tell a standard deviation to about 15 %; the median over pixels to far less.
    assert meter.figures().noise_c == pytest.approx(0.05, rel=0.1)
