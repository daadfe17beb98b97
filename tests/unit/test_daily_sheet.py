from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from station.core.about import CameraAbout, StationDescribed
from station.core.daily_sheet import SheetPoint, SheetVerdict, daily_sheet, verdict_of
from station.core.handhelds import CheckVerdict, DeviceCheck
from station.core.reference import ReferenceState
from station.core.trends import CameraTrend, TrendPoint

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CAMERAS = (CameraAbout("camera-1", "1", 0.05),)
PLACES = (), (0.02, 0.06), (0.3, 0.3, 0.8, 0.7)
ABOUT = StationDescribed("s-1", "0.1", CAMERAS, ("gun-1",), (), 37.0, 1.0, 0.25, *PLACES, "/f")
CHECK = DeviceCheck(UUID(int=1), "gun-1", NOW, "Wu", 37.0, (37.1,) * 3, 0.3, CheckVerdict.PASSED)


def trend(count=240, **of_point):
    points = [
        TrendPoint(NOW - timedelta(seconds=5 * (count - 1 - i)), 0.1, 0.02, 0.05, 9.0, 0, 45)
        for i in range(count)
    ]
    changed = tuple(replace(point, **of_point) for point in points)
    return CameraTrend("camera-1", "1", ReferenceState.HEALTHY, changed, ())


def verdicts(camera, check=CHECK, now=NOW):
    checks = {"gun-1": check} if check else {}
    lines = daily_sheet(ABOUT, {"camera-1": camera} if camera else {}, checks, now)
    return {line.point: line.verdict for line in lines}, verdict_of(lines)


def test_a_station_in_which_all_is_well_passes():
    found, whole = verdicts(trend())
    assert set(found.values()) == {SheetVerdict.PASS}
    assert set(found) == set(SheetPoint)
    assert whole is SheetVerdict.PASS


@pytest.mark.parametrize(
    ("of_point", "point"),
    [
        ({"reference_c": 1.2}, SheetPoint.OFFSET),
        ({"noise_c": 0.11}, SheetPoint.NOISE),
        ({"gaps": 1}, SheetPoint.PICTURES),
    ],
)
def test_each_limit_fails_alone(of_point, point):
    found, whole = verdicts(trend(**of_point))
    assert [one for one, verdict in found.items() if verdict is SheetVerdict.FAIL] == [point]
    assert whole is SheetVerdict.FAIL


def test_a_camera_that_wanders_within_ten_minutes_fails():
    steady = trend()
    points = [replace(p, reference_c=0.005 * i) for i, p in enumerate(steady.points)]
    found, _ = verdicts(replace(steady, points=tuple(points[:160])), now=points[159].at)
    assert found[SheetPoint.DRIFT] is SheetVerdict.FAIL
    assert found[SheetPoint.OFFSET] is SheetVerdict.PASS


def test_a_hidden_source_fails_and_a_camera_not_heard_of_is_open():
    found, _ = verdicts(replace(trend(), reference=ReferenceState.LOST))
    assert found[SheetPoint.REFERENCE] is SheetVerdict.FAIL
    for camera, now in ((None, NOW), (trend(), NOW + timedelta(minutes=1))):
        found, whole = verdicts(camera, now=now)
        assert found[SheetPoint.NOISE] is SheetVerdict.OPEN
        assert whole is SheetVerdict.OPEN


def test_a_young_station_cannot_tell_drift_yet():
    found, whole = verdicts(trend(count=30))
    assert found[SheetPoint.DRIFT] is SheetVerdict.OPEN
    assert whole is SheetVerdict.OPEN


def test_a_thermometer_without_a_check_of_today_is_open_and_a_failed_one_fails():
    old = replace(CHECK, at=NOW - timedelta(hours=25))
    failed = replace(CHECK, verdict=CheckVerdict.FAILED)
    for check, verdict in ((None, "open"), (old, "open"), (failed, "fail")):
        assert verdicts(trend(), check)[0][SheetPoint.READINGS] == verdict
