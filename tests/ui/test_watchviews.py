"""What staff see of the watches: warm travellers, rests, the crowd, the cameras, the room."""

from dataclasses import replace
from datetime import timedelta

import pytest

from station.core.commands import CheckByHand
from station.core.events import BiasChanged, CaseChanged, PassageRecorded, RoomSource
from station.core.extraction import RejectReason
from station.core.faces import Box
from station.core.lane_events import LaneState
from station.core.screening import Outcome
from tests.ui.looking import everything_said
from tests.ui.making import (
    CROWD,
    FROZEN,
    LEARNING,
    NOON,
    bias,
    case,
    chilled_passage,
    face,
    passage,
    room,
    update,
    warm_passage,
)
from tests.ui.screens import Stage
from ui.model import KioskModel, Loss
from ui.viewmodels.faces import face_label
from ui.viewmodels.watches import (
    PassageRow,
    bias_notice,
    crowd_notice,
    passage_rows,
    passages_title,
)

BOX = Box(10, 10, 60, 50)


def model_after(*events: object) -> KioskModel:
    model = KioskModel()
    for event in events:
        model.take(event)
    return model


def rows_at(seconds: float, *events: object) -> list[PassageRow]:
    return passage_rows(model_after(*events), NOON + timedelta(seconds=seconds))


def test_a_rest_counts_down_and_then_calls_the_traveller_back() -> None:
    chilled = PassageRecorded(chilled_passage(1, rest_s=300))
    for seconds, words in (
        (0, "Rest 5:00, then measure again"),
        (60.4, "Rest 4:00, then measure again"),
        (299, "Rest 0:01, then measure again"),
        (300, "Has rested: measure again now"),
        (4000, "Has rested: measure again now"),
    ):
        assert [row.reason for row in rows_at(seconds, chilled)] == [words]


def test_who_has_just_rested_comes_first_and_later_hides_nobody() -> None:
    events = [
        PassageRecorded(chilled_passage(1, rest_s=100)),
        PassageRecorded(passage(2, RejectReason.GLASSES)),
        PassageRecorded(warm_passage(3)),
    ]
    first = [row.title.split(" ")[0] for row in rows_at(0, *events)]
    later = [row.title.split(" ")[0] for row in rows_at(100, *events)]
    missed = [row.title.split(" ")[0] for row in rows_at(400, *events)]
    assert (first, later) == (["3", "2", "1"], ["1", "3", "2"])
    assert missed == first


def test_a_warm_traveller_is_listed_apart_and_keeps_the_outcome() -> None:
    rows = rows_at(0, PassageRecorded(warm_passage(3)), PassageRecorded(passage(4)))
    assert [row.is_warm for row in rows] == [False, True]
    assert rows[1].reason == "1.0 °C above the crowd: measure again"
    assert passages_title(rows) == "Not measured: 1 · warm: 1"
    assert passages_title(rows[:1]) == "Not measured: 1"


def test_a_warm_face_carries_words_beside_its_unchanged_answer() -> None:
    label = face_label(face(7, BOX, Outcome.BELOW, 35.9, is_warm=True))
    assert label.title == "7 · Below threshold"
    assert label.detail == "skin 35.9 ±0.4 °C"
    assert label.hint == "Warm against the crowd"
    assert face_label(face(7, BOX, Outcome.BELOW, 35.9)).hint == ""


def test_the_warm_sign_is_the_answers_own_with_an_arrow(stage: Stage) -> None:
    stage.tell(PassageRecorded(warm_passage(3)))
    row = stage.lane.case_view.missed.buttons[0]
    assert row.outcome is Outcome.BELOW
    plain = row.grab().toImage()
    row.show_row(replace(stage.lane.case_view.missed._rows[0], is_warm=False))
    assert row.grab().toImage() != plain


def test_a_touch_on_a_warm_traveller_asks_for_a_check_by_hand(stage: Stage) -> None:
    warm = warm_passage(3)
    stage.tell(PassageRecorded(warm))
    stage.lane.case_view.missed.buttons[0].click()
    (command,) = stage.bridge.sent
    assert isinstance(command, CheckByHand)
    assert command.passage_id == warm.passage_id
    stage.tell(CaseChanged(replace(case(3, outcome=Outcome.BELOW, skin_c=35.9))))
    assert "above the crowd" not in everything_said(stage.window)
    assert stage.lane.case_view.queue.buttons[0].outcome is Outcome.BELOW


@pytest.mark.parametrize(
    ("crowd", "words", "role"),
    [
        (LEARNING, "Crowd: learning 12/50, no comparison yet", "caution"),
        (CROWD, "Crowd: skin 34.9 °C, 50 people in 11:4", "good"),
        (FROZEN, "at skin 34.9 °C, now +0.5 °C; goes on when they agree again", "caution"),
    ],
)
def test_the_crowds_state_is_told_with_its_people_and_age(
    stage: Stage, crowd: object, words: str, role: str
) -> None:
    stage.show_faces(crowd=crowd)
    assert words in everything_said(stage.window)
    notice = crowd_notice(model_after(update(crowd=crowd)))
    assert notice.role == role


def test_nobody_watched_or_nobody_there_says_nothing_of_a_crowd() -> None:
    assert crowd_notice(model_after(update(crowd=None))).text == ""
    model = model_after(update())
    model.loss = Loss.NO_ANSWER
    assert crowd_notice(model).text == ""


def test_a_camera_that_differs_is_a_banner_with_what_to_do_until_it_agrees(stage: Stage) -> None:
    stage.tell(bias())
    assert (
        "camera-2 reads 0.3 °C higher than the other cameras: clean its lens, check its reference "
        "source, repeat the daily check"
    ) in everything_said(stage.window)
    stage.tell(BiasChanged(NOON, ()))
    assert "camera-2" not in everything_said(stage.window)


def test_of_two_cameras_both_are_named() -> None:
    notice = bias_notice(model_after(bias(stands_out=None)))
    assert notice is not None
    assert notice.text.startswith("camera-2 reads 0.3 °C higher than camera-1: clean both lenses")


def test_a_cool_camera_is_called_lower() -> None:
    found = tuple(
        replace(one, warmer="camera-1", cooler="camera-2", stands_out="camera-2")
        for one in bias().found
    )
    notice = bias_notice(model_after(BiasChanged(NOON, found)))
    assert notice is not None
    assert notice.text.startswith("camera-2 reads 0.3 °C lower")


def test_the_header_says_whether_the_room_was_measured(stage: Stage) -> None:
    stage.tell(room(RoomSource.ASSUMED))
    assert "Room: assumed\n22.0 °C" in everything_said(stage.window)
    stage.tell(room())
    assert "Room: measured" in everything_said(stage.window)
    assert "21.5 °C 38 % · outside -12 °C" in everything_said(stage.window)


def test_a_countdown_runs_on_the_screen(stage: Stage) -> None:
    stage.tell(PassageRecorded(chilled_passage(1, rest_s=65)))
    stage.show_faces(state=LaneState.READY)
    assert "then measure again" in everything_said(stage.window)
    stage.clock.advance(65)
    stage.settle()
    assert "Has rested: measure again now" in everything_said(stage.window)
