from dataclasses import replace

import pytest

from station.core.extraction import RejectReason
from station.core.frames import FrameStatus
from station.core.reference import ReferenceReading, ReferenceState
from station.core.trends import POINTS, CameraTrendMeter
from tests.support import HEALTHY, frame

LOST = ReferenceReading(ReferenceState.LOST)


def fed(*parts):
    """A meter that took frames of a 10 Hz stream: (number, reference, blocked, status) each."""
    meter, sequence = CameraTrendMeter("camera-1", "1"), 0
    for count, reference, blocked, status in parts:
        for _ in range(count):
            meter.take(frame(sequence, status=status), reference, blocked)
            sequence += 1
    return meter


def test_a_point_every_five_seconds_tells_the_reference_error_rate_and_noise():
    meter = fed((101, HEALTHY, None, FrameStatus.LIVE))
    first, second = meter.trend().points
    assert second.at > first.at
    assert first.reference_c == pytest.approx(HEALTHY.apparent_c - HEALTHY.expected_c)
    assert first.spread_c == pytest.approx(0.0, abs=1e-9)
    assert second.rate_hz == pytest.approx(10.0)
    # The stream's noise is 0.03 °C a pixel.
    assert second.noise_c == pytest.approx(0.03, abs=0.004)
    assert (second.gaps, second.frames) == (0, 50)


def test_without_a_usable_source_there_is_no_error_to_tell():
    trend = fed((60, LOST, None, FrameStatus.LIVE)).trend()
    assert trend.reference is ReferenceState.LOST
    assert trend.points[0].reference_c is None


def test_a_source_that_jumps_spreads_its_point():
    warmer = replace(HEALTHY, apparent_c=HEALTHY.apparent_c + 0.4)
    meter = fed((25, HEALTHY, None, FrameStatus.LIVE), (30, warmer, None, FrameStatus.LIVE))
    assert meter.trend().points[0].spread_c == pytest.approx(0.2, abs=0.01)


def test_each_shutter_correction_is_logged_once_however_long_it_holds():
    settling = (30, HEALTHY, RejectReason.SHUTTER, FrameStatus.LIVE)
    closed = (5, HEALTHY, RejectReason.SHUTTER, FrameStatus.SHUTTER)
    calm = (40, HEALTHY, None, FrameStatus.LIVE)
    trend = fed(calm, closed, settling, calm, closed, calm).trend()
    assert len(trend.shutters) == 2
    assert trend.shutters[0] == frame(40).captured_at


def test_missing_frames_are_gaps_of_the_point_they_fell_into():
    meter = CameraTrendMeter("camera-1", "1")
    for sequence in range(0, 160):
        if sequence not in {70, 71, 90}:
            meter.take(frame(sequence), HEALTHY, None)
    assert [point.gaps for point in meter.trend().points] == [0, 2, 0]


def test_twenty_minutes_are_kept(monkeypatch):
    monkeypatch.setattr("station.core.trends.POINT_S", 0.05)
    meter = fed((POINTS + 20, HEALTHY, None, FrameStatus.LIVE))
    assert len(meter.trend().points) == POINTS
