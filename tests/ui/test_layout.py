"""Nothing is cut and everything fits a glove, at both sizes and in both languages."""

import pytest
from PySide6.QtCore import QRectF

from station.core.cases import Refusal
from station.core.events import CommandRefused, DeviceState, PassageRecorded, RoomSource
from station.core.extraction import RejectReason
from station.core.lane_events import LaneFault, LaneFaultKind, LaneState
from station.core.link_events import LinkChanged, LinkState
from station.core.reference import ReferenceState
from tests.ui.conftest import MakeStage
from tests.ui.looking import faults_of_layout
from tests.ui.making import FROZEN, LEARNING, NOON, bias, device, passage, room
from tests.ui.making_stations import busy_station
from tests.ui.scenes import scenes_of
from tests.ui.screens import SIZES, Stage
from ui.language import LanguageName
from ui.model import Loss
from ui.sizes import PRIMARY_MM, to_px
from ui.widgets.placing import LabelPlaces


@pytest.mark.parametrize("name", ["zh", "en"])
def test_no_state_of_anything_is_cut_on_the_smallest_screen(
    make_stage: MakeStage, name: LanguageName
) -> None:
    stage = make_stage(name)
    stage.tell(*busy_station(), room())
    for play in _all_states(stage):
        play()
        stage.settle()
        assert stage.window.size().toTuple() == SIZES[0]
        assert list(faults_of_layout(stage.window)) == []


@pytest.mark.parametrize(("dpi", "size"), [(102.0, (1920, 1080)), (141.0, (1920, 1080))])
def test_a_denser_screen_still_shows_the_whole_task(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch, dpi: float, size: tuple[int, int]
) -> None:
    """A full-HD panel of 21.5 inches has 102 dots per inch, one of 15.6 inches 141."""
    monkeypatch.setattr("ui.sizes.dots_per_inch", lambda _: dpi)
    stage = make_stage("en", size)
    scenes_of("lane")["decided"](stage)
    stage.settle()
    assert stage.window.size().toTuple() == size
    assert list(faults_of_layout(stage.window)) == []
    view = stage.lane.case_view
    heights = [button.height() for button in (*view.verdicts.values(), view.others)]
    assert heights == [to_px(dpi, PRIMARY_MM)] * 3


@pytest.mark.parametrize("dpi", [0.0, 25.4, 1000.0])
def test_a_screen_that_does_not_know_its_size_counts_as_96_dots_per_inch(dpi: float) -> None:
    assert to_px(dpi, 25.4) == 96


def test_a_screen_that_knows_its_size_is_believed() -> None:
    assert to_px(141.0, 25.4) == 141


def test_labels_of_a_crowd_do_not_cover_each_other() -> None:
    area = QRectF(0, 0, 760, 560)
    boxes = [QRectF(40 + 120 * i, 200 + 15 * (i % 3), 70, 90) for i in range(6)]
    places = LabelPlaces(area, boxes)
    labels = [places.take(box, 180, 60) for box in boxes]
    for i, label in enumerate(labels):
        assert area.contains(label)
        assert not any(label.intersects(other) for other in labels[i + 1 :])
        assert not any(label.intersects(box) for box in boxes)


def _all_states(stage: Stage) -> list[object]:
    """Return steps that bring the kiosk into each state of each part once."""
    link = [LinkChanged(s, 120, NOON.replace(hour=1), 12, "") for s in LinkState]
    quiet = [LinkChanged(s, 0, None, 0, "") for s in LinkState]
    steps = [
        lambda event=event: stage.tell(event)
        for event in (
            *link,
            *quiet,
            *(PassageRecorded(passage(60 + i, r)) for i, r in enumerate(RejectReason)),
            *(device("thermometer-12", s) for s in DeviceState),
            *(LaneFault("1", NOON, "", kind) for kind in LaneFaultKind),
            *(room(source) for source in RoomSource),
            *(bias(stands_out) for stands_out in (None, "camera-2", "camera-1")),
        )
    ]
    steps += [lambda s=s, i=i: stage.show_faces(100 + i, state=s) for i, s in enumerate(LaneState)]
    steps += [
        lambda s=s, i=i: stage.show_faces(200 + i, reference=s)
        for i, s in enumerate(ReferenceState)
    ]
    steps += [
        lambda crowd=crowd, i=i: stage.show_faces(300 + i, crowd=crowd)
        for i, crowd in enumerate((FROZEN, LEARNING))
    ]
    steps += [lambda refusal=refusal: _refuse(stage, refusal) for refusal in Refusal]
    steps += [lambda loss=loss: stage.bridge.lost.emit(loss) for loss in Loss]
    return steps


def _refuse(stage: Stage, refusal: Refusal) -> None:
    stage.lane.case_view.readings.buttons[0].click()
    stage.tell(CommandRefused(stage.bridge.sent[-1].command_id, "The reason is told.", refusal))
