"""What a technician's touches do: the daily check, regions, versions, bundle and backup."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from station.core.about import StationDescribed
from station.core.commands import RecordCheck
from station.core.events import DeviceChecked, HandheldRead
from station.core.service_commands import (
    MakeBundle,
    SetMasks,
    SetRegions,
    SetSweptPlace,
    TakeVersion,
    VersionList,
)
from tests.ui import scenes_technician as scenes
from tests.ui.looking import everything_said
from tests.ui.making import REFERENCE_BOX, SHAPE, picture, update
from tests.ui.making_devices import about, check, source_reading, well_kept_station
from tests.ui.screens import Stage
from ui.widgets.thermal import ThermalView


def show(stage: Stage, key: str) -> object:
    stage.window.show_screen(key)
    return stage.window.screens[key]


def test_three_readings_after_the_begin_are_sent_as_one_check(stage: Stage) -> None:
    screen = show(stage, "daily")
    early = replace(source_reading(9, 36.0), taken_at=stage.clock.now())
    scenes.second_reading(stage)
    other = replace(source_reading(8, 36.0), device_id="gun-2")
    for event in (HandheldRead(early), HandheldRead(other), HandheldRead(source_reading(1, 37.1))):
        stage.tell(event)
    assert not any(isinstance(one, RecordCheck) for one in stage.bridge.sent)
    stage.tell(HandheldRead(source_reading(2, 36.9)), HandheldRead(source_reading(3, 37.2)))
    (sent,) = [one for one in stage.bridge.sent if isinstance(one, RecordCheck)]
    wanted = tuple(source_reading(i, 37.0).reading_id for i in (1, 2, 3))
    assert (sent.reference_c, sent.reading_ids) == (37.0, wanted)
    stage.tell(DeviceChecked(check("gun-1"), sent.command_id))
    assert "gun-1 · PASS" in screen.devices.rows.buttons[2].accessibleName()


def test_the_sheet_is_kept_as_a_page_where_no_printer_is(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.screens.daily.print_page", lambda html: None)
    screen = show(stage, "daily")
    stage.tell(*well_kept_station(), replace(about(), files_folder=str(tmp_path / "files")))
    screen.sheet.click()
    (page,) = (tmp_path / "files").iterdir()
    assert page.read_bytes().startswith(b"%PDF")
    assert page.name in everything_said(stage.window)


def masked(*masks: tuple[float, float, float, float]) -> StationDescribed:
    """Return a station whose first lane has masked areas."""
    first, *others = about().cameras
    return replace(about(), cameras=(replace(first, masks=masks), *others))


def _fitted(view: ThermalView) -> QRectF:
    """Return where the picture is in its view."""
    scale = min(view.width() / SHAPE[1], view.height() / SHAPE[0])
    width, height = SHAPE[1] * scale, SHAPE[0] * scale
    return QRectF((view.width() - width) / 2, (view.height() - height) / 2, width, height)


def test_two_taps_make_a_region_and_a_small_one_is_refused(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.trends(stage)
    screen.picture.tapped.emit((0.1, 0.1))
    screen.picture.tapped.emit((0.5, 0.5))
    assert screen.work.regions == about().regions
    screen.anew.click()
    area = screen.picture._area()
    for row, column in ((0.9, 0.75), (0.5, 0.25), (0.1, 0.1), (0.12, 0.12)):
        x, y = area.left() + column * area.width(), area.top() + row * area.height()
        place = QPointF(x, y).toPoint()
        QTest.mouseClick(screen.picture, Qt.MouseButton.LeftButton, pos=place)
    (region,) = screen.work.regions
    assert region == pytest.approx((0.5, 0.25, 0.9, 0.75), abs=0.01)
    assert "Too small" in everything_said(stage.window)
    screen.use.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, SetRegions) and sent.regions == (region,)


def test_a_touch_at_the_disc_proposes_its_region_and_size_and_tells_what_it_reads(
    stage: Stage,
) -> None:
    screen = show(stage, "regions")
    scenes.pointed_at(stage)
    assert "reads 36.60 °C; set point 37.00 °C, difference -0.40 °C" in everything_said(
        stage.window
    )
    proposed, kept = screen.work.regions
    assert kept == about().regions[0]
    row, column = scenes.place_of_disc()
    assert proposed[0] < row < proposed[2] and proposed[1] < column < proposed[3]
    screen.larger.click()
    larger, _ = screen.work.regions
    assert larger[2] - larger[0] > proposed[2] - proposed[0]
    screen.smaller.click()
    screen.use.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, SetRegions) and sent.regions == (proposed, kept)
    # Another lane was not pointed at: what it needs stays allowed.
    low, high = about().radius_fraction
    assert sent.radius_fraction[0] < low and sent.radius_fraction[1] == high


def test_with_every_lane_pointed_at_only_what_was_pointed_at_remains(stage: Stage) -> None:
    screen = show(stage, "regions")
    stage.show_faces(lane="2", is_busy=False)
    scenes.pointed_at(stage)
    screen.next_lane.click()
    stage.settle()
    screen.picture.tapped.emit(scenes.place_of_disc())
    screen.use.click()
    sent = stage.bridge.sent[-1]
    assert len(sent.regions) == 1
    low, high = sent.radius_fraction
    assert about().radius_fraction[0] != low < 8.3 / 384 < high


def test_the_reading_follows_the_newest_picture(stage: Stage) -> None:
    show(stage, "regions")
    scenes.pointed_at(stage)
    newer = picture(2)
    pixels_ck = newer.pixels_ck.copy()
    row, column = (int(v) for v in REFERENCE_BOX.center)
    pixels_ck[row - 12 : row + 12, column - 12 : column + 12] -= 25
    stage.bridge.keep(replace(newer, pixels_ck=pixels_ck))
    stage.bridge.keep(update(2, (), captured_at=stage.clock.now()))
    stage.settle()
    assert "reads 36.35 °C" in everything_said(stage.window)


def test_a_disc_far_from_the_set_point_and_no_disc_cannot_be_used(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.pointed_at_another(stage)
    assert "More than 1 °C off" in everything_said(stage.window)
    assert not screen.use.isEnabled()
    screen.keep.click()
    scenes.pointed_beside(stage)
    assert "No disc there" in everything_said(stage.window)
    assert not screen.use.isEnabled()


def test_the_source_of_certifying_is_pointed_at_whatever_it_reads(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.trends(stage)
    screen.source.click()
    assert screen.work.regions == (about().swept_region,)
    aside = ((0.6, 0.0, 0.9, 0.2),)
    stage.tell(replace(about(), set_point_c=42.0, regions=aside))
    screen.point.click()
    QTest.keyClick(screen.picture, Qt.Key.Key_Return)
    assert "No disc there" in everything_said(stage.window)
    screen.picture.tapped.emit(scenes.place_of_disc())
    screen.use.click()
    sent = stage.bridge.sent[-1]
    assert isinstance(sent, SetSweptPlace) and (sent.region,) == screen.work.regions
    assert sent.radius_fraction[0] < 8.3 / 384 < sent.radius_fraction[1]


def test_regions_are_drawn_by_keys_too(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.trends(stage)
    screen.anew.click()
    QTest.keyClick(screen.picture, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right) * 10:
        QTest.keyClick(screen.picture, key)
    QTest.keyClick(screen.picture, Qt.Key.Key_Return)
    assert screen.work.regions[0] == pytest.approx((0.3, 0.5, 0.5, 0.7))


def test_a_masked_area_is_drawn_by_two_taps_and_removed_by_one(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.masking(stage)
    lamp, window = screen.work.regions
    screen.use.click()
    sent = stage.bridge.sent[-1]
    assert sent == SetMasks(sent.command_id, "1", (lamp, window))
    screen.point.click()
    for tap in ((0.95, 0.95), (0.55, 0.1)):
        screen.picture.tapped.emit(tap)
    assert not screen.use.isEnabled()
    stage.tell(VersionList(sent.command_id, (), True), masked(lamp, window))
    screen.point.click()
    screen.picture.tapped.emit((0.95, 0.95))
    assert "No area there" in everything_said(stage.window)
    screen.picture.tapped.emit((0.55, 0.1))
    assert screen.work.regions == (window,)
    screen.use.click()
    assert stage.bridge.sent[-1].masks == (window,)


def test_an_area_over_the_way_that_people_take_is_told_and_can_be_used(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.masking_a_way(stage)
    said = everything_said(stage.window)
    assert "2 of the last 2 people walked there: they would be neither measured nor" in said
    assert screen.use.isEnabled()
    screen.point.click()
    screen.picture.tapped.emit((0.7, 0.2))
    screen.picture.tapped.emit((0.7, 0.7))
    stage.settle()
    assert "walked there" not in everything_said(stage.window)


def test_what_would_hide_the_reference_source_is_told_and_cannot_be_used(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.hiding(stage)
    assert "would hide the reference source" in everything_said(stage.window)
    assert not screen.use.isEnabled()
    screen.source.click()
    stage.tell(masked((0.0, 0.6, 0.4, 1.0)))
    screen.point.click()
    screen.picture.tapped.emit(scenes.place_of_disc())
    assert "A masked area hides the source" in everything_said(stage.window)
    assert not screen.use.isEnabled()
    screen.source.click()
    screen.point.click()
    screen.picture.tapped.emit(scenes.place_of_disc())
    stage.tell(replace(about(), regions=(screen.work.regions[0],)))
    assert "stand before the reference source" in everything_said(stage.window)
    assert not screen.use.isEnabled()


def test_regions_of_both_sources_that_only_touch_are_told_and_can_be_used(stage: Stage) -> None:
    screen = show(stage, "regions")
    scenes.trends(stage)
    stage.tell(replace(about(), swept_region=(0.0, 0.5, 1.0, 0.9)))
    screen.anew.click()
    for corner in ((0.0, 0.8), (0.4, 1.0)):
        screen.picture.tapped.emit(corner)
    assert "both sources overlap" in everything_said(stage.window)
    assert screen.use.isEnabled()


def test_where_nobody_is_measured_the_live_picture_is_hatched(stage: Stage) -> None:
    stage.show_faces(is_busy=False)
    before = stage.lane.lane_view.picture.grab().toImage()
    stage.tell(masked((0.5, 0.05, 0.9, 0.3)))
    stage.show_faces(2, is_busy=False)
    after = stage.lane.lane_view.picture.grab().toImage()
    changed = [
        (x, y)
        for x in range(0, after.width(), 3)
        for y in range(0, after.height(), 3)
        if after.pixel(x, y) != before.pixel(x, y)
    ]
    area = _fitted(stage.lane.lane_view.picture)
    rows = {round((y - area.top()) / area.height(), 1) for _, y in changed}
    columns = {round((x - area.left()) / area.width(), 1) for x, _ in changed}
    assert (min(rows), max(rows)) == (0.5, 0.9)
    assert max(columns) <= 0.3


def test_another_version_is_taken_over_by_a_touch_and_the_one_in_use_is_not(stage: Stage) -> None:
    screen = show(stage, "service")
    scenes.versions(stage)
    assert "regions" in screen.pane.toPlainText()
    screen.take_over.click()
    assert stage.bridge.sent[-1] == TakeVersion(stage.bridge.sent[-1].command_id, 2)
    screen.versions.chosen.emit(3)
    stage.settle()
    assert not screen.take_over.isEnabled()


def test_long_work_tells_how_far_it_is_and_is_asked_for_once(stage: Stage) -> None:
    screen = show(stage, "service")
    scenes.backing_up(stage)
    assert "43 %" in everything_said(stage.window)
    assert not screen.bundle.isEnabled()
    scenes.backed_up(stage)
    stage.settle()
    screen.bundle.click()
    assert isinstance(stage.bridge.sent[-1], MakeBundle)
