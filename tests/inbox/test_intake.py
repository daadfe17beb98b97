"""A page that is calm because nothing can come in says so."""

from datetime import UTC, datetime, timedelta

import pytest

from station.cdc.alive import Receiving, Sign
from station.cdc.inbox import intake
from station.cdc.inbox.intake import PATIENCE_S, SILENT_AFTER_S, Intake, IntakeWatch
from station.cdc.inbox.live import LiveInbox
from station.core.errors import KnownError

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def sign(state=Receiving.READY, trouble="", *, after_s=0):
    return Sign(NOON + timedelta(seconds=after_s), state, trouble)


@pytest.fixture
def watch():
    return IntakeWatch()


def test_while_signs_of_one_receiver_go_on_alerts_can_come_in(watch):
    for at_s in range(0, 120, 5):
        watch.look({"cdc-1": sign(after_s=at_s), "gone-long-ago": sign()}, at_s)
        assert watch.state.intake is Intake.OPEN


def test_a_receiver_that_falls_silent_is_gone_whatever_its_clock_says(watch):
    for at_s, is_open in ((0, True), (SILENT_AFTER_S - 1, True), (SILENT_AFTER_S, True)):
        watch.look({"cdc-1": sign(after_s=9_999)}, at_s)
        assert (watch.state.intake is Intake.OPEN) == is_open
    watch.look({"cdc-1": sign(after_s=9_999)}, SILENT_AFTER_S + PATIENCE_S)
    assert watch.state.intake is Intake.CLOSED
    assert watch.state.last_at == NOON + timedelta(seconds=9_999)
    watch.look({"cdc-1": sign(after_s=0)}, SILENT_AFTER_S + PATIENCE_S + 1)
    assert watch.state.intake is Intake.OPEN


def test_an_inbox_that_no_receiver_ever_wrote_into_is_closed(watch):
    for at_s in (0, PATIENCE_S):
        watch.look({}, at_s)
    assert (watch.state.intake, watch.state.last_at) == (Intake.CLOSED, None)


def test_a_restart_is_no_trouble_but_an_end_is(watch):
    watch.look({"cdc-1": sign()}, 0)
    for at_s in (1, PATIENCE_S - 1):
        watch.look({"cdc-1": sign(Receiving.STOPPED, after_s=1)}, at_s)
        assert watch.state.intake is Intake.OPEN
    watch.look({"cdc-1": sign(Receiving.STOPPED, after_s=1)}, PATIENCE_S)
    assert watch.state.intake is Intake.CLOSED


def test_a_receiver_without_its_broker_says_why(watch):
    for at_s in (0, PATIENCE_S):
        watch.look({"cdc-1": sign(Receiving.TROUBLED, "No broker answers.", after_s=at_s)}, at_s)
    assert watch.state.intake is Intake.TROUBLED
    assert watch.state.trouble == "No broker answers."
    watch.look({"cdc-1": sign(Receiving.TROUBLED, after_s=9), "cdc-2": sign(after_s=9)}, 9)
    assert watch.state.intake is Intake.OPEN


def test_a_page_without_a_receiver_is_not_calm(monkeypatch, client, sign_in):
    sign_in("viewer")
    assert "Nobody is waiting" in client.get("/").text
    monkeypatch.setattr(intake, "PATIENCE_S", -1)
    said = (client.get("/").text for _ in range(1000))
    text = next(text for text in said if "NO SIGN OF A RECEIVER" in text)
    assert "Nobody is waiting" not in text


def test_what_cannot_be_written_is_told_while_alerts_are_shown(
    client, sign_in, alerted, clock, monkeypatch
):
    def refuse(live):
        raise KnownError("The disk of inbox is full.")

    monkeypatch.setattr(LiveInbox, "escalate", refuse)
    alerted(number=41)
    sign_in("Chen Yu")
    said = (client.get("/").text for _ in range(1000))
    text = next(text for text in said if "NOTHING CAN BE WRITTEN" in text)
    assert "The disk of inbox is full." in text and "Case 41" in text
