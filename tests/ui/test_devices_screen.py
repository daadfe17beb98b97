"""The devices' screen tells of each device what a technician needs."""

from dataclasses import replace
from datetime import timedelta

from station.core.events import LedgerRecovered
from station.core.reference import ReferenceState
from tests.ui import scenes_technician
from tests.ui.conftest import MakeStage
from tests.ui.looking import everything_said
from tests.ui.making import NOON, update
from tests.ui.making_devices import trend, well_kept_station
from tests.ui.screens import Stage
from ui.viewmodels.devices import curves, shutter_text, station_rows


def test_a_camera_tells_its_reference_error_noise_gaps_and_shutters(stage: Stage) -> None:
    stage.tell(*well_kept_station())
    stage.window.show_screen("devices")
    said = everything_said(stage.window)
    for words in ("+0.20 °C ±0.02", "37 mK", "8.9 pictures/s · 12 gaps", "2:01", "lane 1"):
        assert words in said


def test_a_thermometer_tells_its_daily_check_and_a_source_what_it_says(stage: Stage) -> None:
    stage.tell(*well_kept_station())
    stage.window.show_screen("devices")
    stage.settle()
    devices = stage.window.screens["devices"].devices
    for button, words in ((3, "FAIL 42:0"), (4, "Shows 36.42 °C, set to 37.00 °C")):
        devices.rows.buttons[button].click()
        assert words in everything_said(stage.window)


def test_devices_the_link_and_the_station_tell_what_is_wrong_in_whole_sentences(
    make_stage: MakeStage,
) -> None:
    stage = make_stage("zh")
    stage.window.show_screen("devices")
    for play, words in (
        (scenes_technician.device_lost, "端口 /dev/ttyUSB1 已断开"),
        (scenes_technician.link_refused, "预警留在本站磁盘上等待。"),
        (scenes_technician.station_fault, "ledger.sqlite 所在磁盘已满：请腾出空间"),
    ):
        play(stage)
        assert words in everything_said(stage.window)
    assert "extract-2 已有 31 秒没有动作" in everything_said(stage.window)
    stage.tell(LedgerRecovered(NOON), update(9, lane="2"))
    assert "所在磁盘已满" not in everything_said(stage.window)
    assert station_rows(stage.window.desk.model, None) == []
    scenes_technician.ledger_damaged(stage)
    assert "缺失：疾控中心报告 4 份、个案 2 个" in everything_said(stage.window)


def test_a_hidden_source_leaves_a_gap_and_no_zero() -> None:
    reference, _, _ = curves(trend(), NOON)
    hidden = [age for age, value in reference.points if value is None]
    assert len(hidden) == 12
    lost = replace(trend(count=1).points[0], reference_c=None)
    nothing = replace(trend(), points=(lost,), reference=ReferenceState.LOST, shutters=())
    assert curves(nothing, NOON)[0].latest == "no reference"
    assert "none" in shutter_text(nothing, NOON)


def test_an_error_beyond_the_scale_widens_it() -> None:
    one = replace(trend(count=1).points[0], reference_c=-2.0, at=NOON - timedelta(seconds=5))
    reference = curves(replace(trend(), points=(one,)), NOON)[0]
    assert reference.low < -2.0 < 2.0 < reference.high
