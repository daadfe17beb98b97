"""What staff do after the verdict, and what the kiosk then asks of the station."""

from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from station.core.cases import BodySite, CaseOutcome, HandoverStep, TrustClass
from station.core.commands import CloseCase, HandOver, IsolateCase, RegisterCase, TakeBack
from station.core.events import CaseChanged, FlowAnnounced
from station.core.identity import Identity, IdentityField, IdentityRules
from station.core.registration import Medicine, Registration
from station.core.stages import CaseStage
from tests.ui.looking import everything_said, has_picture
from tests.ui.making import (
    FLOW,
    JOURNEY,
    NOON,
    case,
    cases_that_go_on,
    confirmed,
    link,
    pictured,
    reading,
)
from tests.ui.making_devices import about
from tests.ui.making_people import session
from tests.ui.screens import Stage
from ui.entering.registering import IDENTITY
from ui.model import KioskModel, Loss
from ui.screens.cases import CasesScreen
from ui.slip import make_slip, qr_image
from ui.viewmodels.cases import case_lines, stage_notice
from ui.viewmodels.duty_page import duty_page, page_text
from ui.viewmodels.steps import Go

STEP = HandoverStep
AT = NOON - timedelta(minutes=3)
ASKED = {"registration": JOURNEY, "registered_at": AT}
THERE = {**ASKED, "isolated_at": AT}


def at(stage: Stage, one: object) -> CasesScreen:
    """Bring a case to the screen of cases."""
    stage.tell(CaseChanged(one))
    stage.window.show_screen("cases")
    screen = stage.window.screens["cases"]
    screen.queue.chosen.emit(one.case_id)
    stage.settle()
    return screen


def press_first(stage: Stage, screen: CasesScreen) -> list[object]:
    """Touch the primary step and return what it asked."""
    before = len(stage.bridge.sent)
    screen.steps.button(screen.steps.keys[0]).click()
    stage.settle()
    return stage.bridge.sent[before:]


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (confirmed(1, **ASKED), [IsolateCase]),
        (confirmed(1, **THERE), [STEP.REQUESTED, STEP.ACCEPTED]),
        (confirmed(1, STEP.REQUESTED, **THERE), [STEP.ACCEPTED]),
        (confirmed(1, STEP.REQUESTED, STEP.ACCEPTED, **THERE), [STEP.DEPARTED]),
        (confirmed(1, *list(STEP)[:3], **THERE), [STEP.ARRIVED]),
    ],
)
def test_the_usual_next_step_is_one_touch(stage: Stage, one: object, asked: list[object]) -> None:
    sent = press_first(stage, at(stage, one))
    steps = [c.step if isinstance(c, HandOver) else type(c) for c in sent]
    assert steps == asked


def test_the_clinic_s_finding_closes_the_case_and_the_next_one_comes_up(stage: Stage) -> None:
    other = confirmed(2)
    stage.tell(CaseChanged(other))
    one = confirmed(1, *list(STEP)[:4], **THERE)
    (command,) = press_first(stage, at(stage, one))
    assert isinstance(command, CloseCase)
    assert command.outcome is CaseOutcome.POSITIVE
    done = replace(one, progress=replace(one.progress, closed_at=NOON))
    stage.tell(CaseChanged(done, command.command_id))
    assert "Case 2" in everything_said(stage.window)
    assert "Open cases: 1" in everything_said(stage.window)


def test_a_case_is_not_closed_before_it_is_registered(stage: Stage) -> None:
    screen = at(stage, confirmed(1, *list(STEP)[:4]))
    outcomes = [screen.steps.button(key) for key in screen.steps.keys[:4]]
    assert not any(button.isEnabled() for button in outcomes)


def test_the_last_step_is_taken_back_by_a_step_of_its_own(stage: Stage) -> None:
    one = confirmed(1, STEP.REQUESTED, **THERE)
    at(stage, one).take_back.click()
    assert [type(command) for command in stage.bridge.sent] == [TakeBack]


def test_leaving_without_hand_over_ends_with_the_departure(stage: Stage) -> None:
    screen = at(stage, confirmed(1, **THERE))
    screen.left.click()
    assert [command.step for command in stage.bridge.sent] == [STEP.LEFT_WITHOUT]
    screen = at(stage, confirmed(2, *list(STEP)[:3], **THERE))
    assert not screen.left.isEnabled()


def test_a_whole_registration_takes_six_touches(stage: Stage) -> None:
    screen = at(stage, confirmed(1))
    press_first(stage, screen)
    view = screen.registration
    for answer in ("G107", "5", "12", "F"):
        view.answers.button(answer).click()
        stage.settle()
    view.medicines.button(None).click()
    stage.settle()
    view.enter.click()
    (command,) = stage.bridge.sent
    assert isinstance(command, RegisterCase)
    assert command.registration == replace(JOURNEY, symptoms=())
    assert command.is_isolated
    assert command.identity == Identity()


def test_a_question_without_an_answer_keeps_the_case_from_being_registered(stage: Stage) -> None:
    screen = at(stage, confirmed(1))
    press_first(stage, screen)
    view = screen.registration
    for _ in range(3):
        assert not view.enter.isEnabled()
        view.unknown.click()
        stage.settle()
    view.medicines.button(Medicine.TAKEN).click()
    assert not view.only.isEnabled()
    stage.settle()
    view.symptoms.button(None).click()
    view.exposures.button(None).click()
    stage.settle()
    assert view.only.isEnabled()
    assert view.draft.answers.seat_actual == "?"


def test_numbers_are_typed_by_touch_and_by_keyboard(stage: Stage) -> None:
    screen = at(stage, confirmed(1))
    press_first(stage, screen)
    view = screen.registration
    for key in ("type", "G", "7", "next"):
        view.answers.button(key).click()
        stage.settle()
    QTest.keyClicks(view, "12")
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClicks(view, "9f")
    answers = view.draft.answers
    expected = Registration(FLOW.hub, "G7", "12", "9F", "9F")
    assert answers == expected


def test_without_a_rule_no_identity_can_be_typed(stage: Stage) -> None:
    stage.tell(FlowAnnounced(replace(FLOW, identity=IdentityRules())))
    screen = at(stage, confirmed(1))
    press_first(stage, screen)
    assert IDENTITY not in screen.registration.tabs.keys
    assert not any(line.isVisible() for line in screen.registration.lines.values())


def test_only_what_the_rule_allows_is_asked_and_sent(stage: Stage) -> None:
    rules = IdentityRules(fields=(IdentityField.TELEPHONE,))
    stage.tell(FlowAnnounced(replace(FLOW, identity=rules)))
    screen = at(stage, confirmed(1, **ASKED))
    screen.steps.button(Go(confirmed(1).case_id, CaseStage.REGISTRATION)).click()
    stage.settle()
    view = screen.registration
    view.tabs.button(IDENTITY).click()
    stage.settle()
    assert [one for one, line in view.lines.items() if line.isVisible()] == [
        IdentityField.TELEPHONE
    ]
    view.lines[IdentityField.TELEPHONE].setText("139")
    view.only.click()
    (command,) = stage.bridge.sent
    assert command.identity == Identity(telephone="139")


@pytest.mark.parametrize(
    ("may_be_shared", "is_drill", "is_shared"),
    [(False, False, False), (True, False, True), (True, True, False)],
)
def test_staff_read_whether_an_identity_stays_here(
    stage: Stage, may_be_shared: bool, is_drill: bool, is_shared: bool
) -> None:
    stage.tell(replace(about(), is_drill=is_drill))
    rules = IdentityRules(fields=(IdentityField.TELEPHONE,), share_with_cdc=may_be_shared)
    stage.tell(FlowAnnounced(replace(FLOW, identity=rules)))
    screen = at(stage, confirmed(1, **ASKED))
    screen.steps.button(Go(confirmed(1).case_id, CaseStage.REGISTRATION)).click()
    stage.settle()
    screen.registration.tabs.button(IDENTITY).click()
    stage.settle()
    texts = [one.text() for one in screen.registration.findChildren(QLabel) if one.isVisible()]
    assert any("kept on this station" in text for text in texts) != is_shared
    assert any("also for the CDC" in text for text in texts) == is_shared


@pytest.mark.parametrize("way", ["back", "another screen", "station gone"])
def test_an_identity_is_forgotten_when_its_page_leaves_the_sight(stage: Stage, way: str) -> None:
    screen = at(stage, confirmed(1, **ASKED))
    screen.steps.button(Go(confirmed(1).case_id, CaseStage.REGISTRATION)).click()
    stage.settle()
    view = screen.registration
    view.tabs.button(IDENTITY).click()
    stage.settle()
    view.lines[IdentityField.NAME].setText("Li Na")
    if way == "back":
        view.back.click()
    elif way == "another screen":
        stage.window.show_screen("lane")
    else:
        stage.bridge.lost.emit(Loss.NO_ANSWER)
        stage.settle()
        stage.clock.advance(60.0)
    stage.settle()
    assert not view.isVisible()
    assert view.lines[IdentityField.NAME].text() == ""


def test_a_picture_is_shown_until_its_time_is_over_also_without_a_station(stage: Stage) -> None:
    one = case(1, seconds_ago=60)
    stage.tell(CaseChanged(one), pictured(one, keep_s=100))
    row = stage.lane.case_view.queue.buttons[0]
    assert has_picture(row.picture)
    screen = at(stage, one)
    assert has_picture(screen.picture)
    assert not has_picture(row.picture), "nobody looks at the time of what is out of sight"
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.clock.advance(41)
    stage.settle()
    assert not has_picture(screen.picture)
    assert stage.window.desk.model.picture(one.case_id, NOON) is None
    stage.window.show_screen("lane")
    stage.settle()
    assert not has_picture(row.picture)


def test_a_picture_ends_with_the_second_check(stage: Stage) -> None:
    one = case(1)
    stage.tell(CaseChanged(one), pictured(one))
    stage.tell(CaseChanged(confirmed(1)))
    assert stage.window.desk.model.picture(one.case_id, NOON) is None


@pytest.mark.parametrize(
    ("minutes", "words", "role"),
    [
        (4, "due in 6:00", "good"),
        (12, "late by 2:00", "caution"),
        (22, "late by 12:00: tell the shift lead", "alarm"),
        (32, "late by 22:00: ring the duty desk 010-5550199", "alarm"),
    ],
)
def test_a_late_stage_says_whom_to_tell(stage: Stage, minutes: int, words: str, role: str) -> None:
    one = confirmed(1)
    now = one.progress.verdict_at + timedelta(minutes=minutes)
    notice = stage_notice(FLOW, one, now)
    assert (notice.text, notice.role) == (words, role)


def test_the_latest_case_stands_first(stage: Stage) -> None:
    stage.tell(*(CaseChanged(one) for one in cases_that_go_on()))
    lines = case_lines(stage.window.desk.model, NOON)
    assert [line.title.partition(" ")[0] for line in lines][:2] == ["62", "65"]


def test_alerts_without_receipt_are_told_to_the_duty_desk(stage: Stage) -> None:
    stage.tell(link(waiting=2, seconds=301))
    stage.window.show_screen("cases")
    said = everything_said(stage.window)
    assert "2 alerts without receipt for 5:0" in said
    assert ": ring the duty desk 010-5550199" in said


def test_the_duty_desk_s_page_is_offered_only_while_alerts_wait_too_long(stage: Stage) -> None:
    screen = at(stage, confirmed(1))
    assert not screen.duty.isVisible()
    stage.tell(link(waiting=2, seconds=301))
    assert screen.duty.isVisible()
    assert screen.duty.isEnabled()


def test_the_duty_desk_s_page_tells_the_whole_case_and_nobody_s_journey() -> None:
    model = KioskModel()
    model.take(FlowAnnounced(FLOW))
    model.take(link(waiting=2, seconds=301))
    contact = replace(reading(2, 38.6, trust=TrustClass.CONTACT), site=BodySite.ARMPIT)
    one = replace(
        confirmed(1, STEP.REQUESTED, STEP.ACCEPTED, **THERE), readings=(reading(1, 38.4), contact)
    )
    told = page_text(duty_page(model, one, NOON))
    found = one.screening.measurement
    for fact in (
        "case 1",
        "010-5550199",
        FLOW.site_name,
        f"{one.opened_at.astimezone():%Y-%m-%d %H:%M}",
        f"Lane: {one.lane}",
        f"{found.skin_c:.1f} °C, uncertain by ±{2 * found.u_c:.1f} °C (k=2)",
        "38.4 °C · place: not told · thermometer: Forehead",
        "38.6 °C · place: armpit · thermometer: Contact",
        "Fever confirmed",
        "isolation room",
        "(120)",
        "2, the oldest for 5:01",
    ):
        assert fact in told
    for secret in ("G107", "12F", JOURNEY.car + " / "):
        assert secret not in told


def test_the_page_that_is_printed_is_the_one_on_show(stage: Stage) -> None:
    stage.tell(link(waiting=2, seconds=301))
    screen = at(stage, confirmed(1))
    screen.duty.click()
    stage.settle()
    view, printed = screen.duty_page, []
    view.to_printer = printed.append
    assert view.isVisible()
    view.print.click()
    document = QTextDocument()
    document.setHtml(printed[0])
    assert document.toPlainText().strip() == view.sheet.document.toPlainText().strip()
    assert "read the page out" in everything_said(stage.window)
    view.back.click()
    assert not view.isVisible()


def test_the_duty_desk_s_page_closes_with_the_lock_and_stays_without_a_station(
    stage: Stage,
) -> None:
    stage.tell(session("Wang-03"), link(waiting=2, seconds=301))
    screen = at(stage, confirmed(1))
    screen.duty.click()
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.settle()
    assert screen.duty_page.isVisible()
    stage.window.desk.lock()
    stage.settle()
    assert not screen.duty_page.isVisible()


def test_the_slip_tells_the_clinics_in_both_languages_and_nobody_s_name() -> None:
    slip = make_slip(FLOW, 41)
    assert slip is not None
    for clinic in FLOW.clinics:
        for told in (clinic.name_zh, clinic.name_en, clinic.address_zh, clinic.telephone):
            assert told in slip.code
    assert slip.code == "\n".join(slip.lines)
    assert make_slip(replace(FLOW, clinics=()), 41) is None


def test_the_code_on_the_slip_can_be_read() -> None:
    slip = make_slip(FLOW, 41)
    image = qr_image(slip.code)
    image = image.scaled(image.width() * 6, image.height() * 6)
    gray = image.convertToFormat(image.Format.Format_Grayscale8)
    pixels = np.frombuffer(gray.constBits(), np.uint8).reshape(gray.height(), gray.bytesPerLine())
    text, *_ = cv2.QRCodeDetector().detectAndDecode(pixels[:, : gray.width()].copy())
    assert text == slip.code


def test_a_command_that_is_answered_is_no_longer_under_way(stage: Stage) -> None:
    screen = at(stage, confirmed(1, **ASKED))
    (command,) = press_first(stage, screen)
    stage.tell(CaseChanged(confirmed(1, **THERE), command.command_id))
    stage.bridge.lost.emit(Loss.NO_ANSWER)
    stage.bridge.connected.emit()
    assert not stage.window.desk.model.is_unsure


def test_where_nobody_waits_the_screens_say_who_comes_there(stage: Stage) -> None:
    assert "Flagged travellers appear here" in everything_said(stage.window)
    stage.window.show_screen("cases")
    assert "Travellers with a confirmed fever appear here" in everything_said(stage.window)
    at(stage, confirmed(1, **ASKED))
    assert "confirmed fever comes up here" not in everything_said(stage.window)
