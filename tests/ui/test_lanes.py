"""Several lanes at once, pictures that are no longer true, and flags that are held."""

from datetime import timedelta

import numpy as np
import pytest

from station.core.cases import CaseState
from station.core.events import CaseChanged
from station.core.extraction import RejectReason
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.reference import ReferenceState
from station.core.screening import Outcome
from tests.ui.looking import everything_said, has_picture
from tests.ui.making import FACES, NOON, case, face, picture, update
from tests.ui.screens import Stage
from ui.held import HELD_FOR, HeldFlags
from ui.model import KioskModel, Loss
from ui.palette import PALETTES, PaletteName
from ui.viewmodels.lanes import held_view, lanes_notice, reference_notice
from ui.widgets.coloring import colored

FLAGGED = FACES[1]


def model_of(*events: object) -> KioskModel:
    model = KioskModel()
    for event in events:
        model.take(event)
    return model


def show(stage: Stage, *lanes: str) -> None:
    """Bring a fresh picture of each lane; no time passes."""
    for lane in lanes:
        stage.bridge.keep(picture(1, FACES, lane=lane))
        stage.bridge.keep(update(1, FACES, lane=lane, captured_at=stage.clock.now()))
    stage.window.refresh()


def test_a_lane_that_is_down_says_nothing_of_its_reference_source() -> None:
    model = model_of(update(lane="1"), LaneFault("1", NOON, "silent", LaneFaultKind.NO_PICTURES))
    assert reference_notice(model).text == "Reference: unknown"
    model.take(update(lane="2"))
    assert reference_notice(model).role == "good"


def test_all_lanes_are_one_touch_away_and_each_tile_leads_to_its_lane(stage: Stage) -> None:
    view = stage.lane.lane_view
    show(stage, "1", "2", "3", "4")
    view.all.click()
    show(stage, "1", "2", "3", "4")
    assert [has_picture(tile.picture) for tile in view.wall.tiles.values()] == [True] * 4
    assert "Lanes: 4 measuring" in everything_said(view)
    stage.clock.advance(0.6)
    view.wall.tiles["3"].click()
    stage.settle()
    assert stage.window.desk.model.lane == "3"
    assert view.picture.isVisible()
    assert has_picture(view.picture)


def test_one_lane_alone_has_no_wall(stage: Stage) -> None:
    stage.show_faces()
    assert not stage.lane.lane_view.all.isVisible()


def test_a_tile_says_what_is_wrong_and_covers_what_is_late(stage: Stage) -> None:
    stage.tell(LaneFault("3", NOON, "silent", LaneFaultKind.NO_PICTURES))
    show(stage, "1", "2")
    stage.lane.lane_view.all.click()
    stage.clock.advance(3)
    show(stage, "2")
    tiles = stage.lane.lane_view.wall.tiles
    assert "late" in tiles["1"].picture.accessibleDescription()
    assert not tiles["2"].picture.accessibleDescription()
    assert "No pictures" in tiles["3"].accessibleName()


def test_a_frozen_picture_is_covered_and_called_frozen(stage: Stage) -> None:
    stage.show_faces(state=LaneState.FAULT, blocked=RejectReason.STALE_FRAME.value)
    assert stage.lane.lane_view.picture.accessibleDescription().startswith("Picture frozen")


def test_the_header_names_the_first_lane_that_measures_nobody() -> None:
    well = [update(lane=lane) for lane in ("1", "2")]
    ages = {"1": 0.1, "2": 0.1, "3": 0.1}
    assert lanes_notice(model_of(*well), ages).text == "Lanes: 2 measuring"
    cold = update(lane="3", state=LaneState.WARMING_UP)
    notice = lanes_notice(model_of(*well, cold), ages)
    assert (notice.text, notice.role) == ("Lane 3: warming up", "alarm")
    notice = lanes_notice(model_of(*well, cold), ages | {"1": 2.0})
    assert notice.text == "Lane 1: late"
    assert "1 more" in notice.hint


@pytest.mark.parametrize("state", LaneState)
def test_no_state_but_the_measuring_ones_looks_well_in_the_header(state: LaneState) -> None:
    notice = lanes_notice(model_of(update(state=state)), {"1": 0.0})
    measures = state in {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
    assert (notice.role == "good") is measures


def test_without_station_or_lanes_nothing_looks_well_in_the_header() -> None:
    lost = model_of(update())
    lost.loss = Loss.NO_ANSWER
    for model in (lost, KioskModel()):
        assert lanes_notice(model, {"1": 0.0}).role != "good"
        assert reference_notice(model).role != "good"


def test_the_reference_of_any_lane_is_told() -> None:
    hidden = update(lane="2", reference=ReferenceState.LOST)
    notice = reference_notice(model_of(update(lane="1"), hidden))
    assert (notice.text, notice.role) == ("Reference: lost", "caution")
    assert notice.hint.startswith("lane 2")


def test_a_flagged_traveller_is_held_also_after_walking_on(stage: Stage) -> None:
    stage.show_faces()
    assert "Flagged: 32 · lane 1 · skin 37.2" in everything_said(stage.window)
    stage.show_faces(2, is_busy=False)
    assert stage.lane.lane_view.held.isVisible()


def test_the_picture_goes_when_the_case_is_decided(stage: Stage) -> None:
    stage.show_faces()
    waiting = case(FLAGGED.traveller)
    stage.tell(CaseChanged(waiting))
    assert stage.lane.lane_view.held.isVisible()
    stage.tell(CaseChanged(case(FLAGGED.traveller, state=CaseState.CLEARED)))
    assert not stage.lane.lane_view.held.isVisible()


def test_the_latest_of_several_is_shown_and_the_others_are_counted() -> None:
    flags = HeldFlags()
    faces = [face(n, FLAGGED.box, Outcome.ABOVE, 37.5) for n in (1, 2)]
    for i, one in enumerate(faces):
        at = NOON + timedelta(seconds=i)
        flags.take(picture(i, FACES).pixels_ck, update(i, (one,), captured_at=at), i)
    held = held_view(flags.waiting(9), 9)
    assert held.flag.traveller == 2
    assert held.detail == "0:08 ago, held until decided · 1 more"


def test_a_clock_set_back_hides_no_later_flag() -> None:
    flags = HeldFlags()
    for i, one in enumerate(face(n, FLAGGED.box, Outcome.ABOVE, 37.5) for n in (1, 2)):
        at = NOON - timedelta(hours=i)
        flags.take(picture(i, FACES).pixels_ck, update(i, (one,), captured_at=at), i)
    assert [flag.traveller for flag in flags.waiting(9)] == [2, 1]


def test_a_station_that_counts_anew_mixes_up_nobody() -> None:
    flags, shown = HeldFlags(), picture(1, FACES).pixels_ck
    flags.take(shown, update(1, (FLAGGED,)), 0)
    flags.renew()
    later = NOON + timedelta(minutes=5)
    flags.take(shown, update(2, (FLAGGED,), captured_at=later), 300)
    assert len(flags.waiting(300)) == 2
    flags.dealt_with(case(FLAGGED.traveller, seconds_ago=2, state=CaseState.CLEARED))
    (left,) = flags.waiting(300)
    assert left.at == later


def test_a_held_picture_is_the_moment_of_the_flag_and_is_forgotten_in_time() -> None:
    flags = HeldFlags()
    shown = picture(1, FACES).pixels_ck
    flags.take(shown, update(1, FACES), 0)
    flags.take(np.zeros_like(shown), update(2, FACES, captured_at=NOON + timedelta(seconds=5)), 5)
    (held,) = flags.waiting(5)
    assert held.pixels_ck.max() > _ck(30)
    assert held.pixels_ck.size < shown.size / 4
    assert flags.waiting(HELD_FOR.total_seconds()) == []


def test_nobody_but_flagged_travellers_is_held() -> None:
    flags = HeldFlags()
    others = tuple(one for one in FACES if one.outcome is not Outcome.ABOVE)
    flags.take(picture(1, FACES).pixels_ck, update(1, others), 0)
    assert flags.waiting(0) == []


def _ck(temperature_c: float) -> int:
    return round(100 * temperature_c) + 27_315


@pytest.mark.parametrize("palette", PaletteName)
def test_a_warmer_pixel_is_drawn_in_a_later_colour_and_an_unknown_one_as_cold(
    palette: PaletteName,
) -> None:
    field = np.full((64, 64), _ck(22), np.uint16)
    field[0, 1:6] = [_ck(at_c) for at_c in (19, 25, 30, 35, 90)]
    field[0, 6] = 0
    image = colored(field, palette)
    colors = [image.pixelColor(x, 0).getRgb()[:3] for x in range(1, 7)]
    steps = [int(np.argmin(np.abs(PALETTES[palette] - color).sum(axis=1))) for color in colors]
    assert steps[:5] == sorted(steps[:5])
    assert (steps[0], steps[4], steps[5]) == (0, 255, 0)


def test_a_picture_without_any_known_pixel_is_drawn_cold() -> None:
    image = colored(np.zeros((16, 16), np.uint16), PaletteName.GREY)
    assert image.pixelColor(3, 3).getRgb()[:3] == tuple(PALETTES[PaletteName.GREY][0])


def test_a_picture_is_shown_as_it_comes_and_waits_for_no_timer(stage: Stage) -> None:
    stage.send_faces()
    assert has_picture(stage.lane.lane_view.picture)
