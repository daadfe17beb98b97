import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from uuid import uuid4

import pytest

from station.cdc.database import Use
from station.cdc.inbox import board
from station.cdc.inbox import live as live_module
from station.cdc.inbox.app import create_app
from station.cdc.inbox.live import LiveInbox
from station.cdc.opening import open_inbox
from station.cdc.persons import note_opening, sealed_of

BOTH = pytest.mark.parametrize("where", ["sqlite", "postgresql"], indirect=True)
HOSTILE = "<script>alert(1)</script>'\"&"


def answer_fields(client, form_token, case_id, /, **changes):
    fields = {
        "form_token": form_token(client, "/"),
        "region": "440100",
        "site": "hub",
        "station": "station-1",
        "case_id": str(case_id),
        "seen_position": "1000",
    }
    return {**fields, **changes}


@BOTH
def test_an_officer_acknowledges_by_name(client, sign_in, alerted, clock, form_token):
    case_id = alerted()
    sign_in("Chen Yu")
    clock.forward(seconds=90)
    answer = client.post("/acknowledge", data=answer_fields(client, form_token, case_id))
    assert answer.status_code == 303
    page = client.get("/").text
    assert "Acknowledged: <b>Chen Yu</b>" in page
    assert "Nobody is waiting" in page
    assert "Chen Yu" in client.get("/log").text


@BOTH
def test_the_page_tells_that_an_identity_is_sealed_until_it_is_gone(
    client, sign_in, alerted, clock, form_token
):
    end = clock() + timedelta(days=3)
    case_id = alerted(kind="registered", state="confirmed", sealed_until=end)
    sign_in("Chen Yu")
    for language, words in (("en", "<b>sealed</b>"), ("zh", "<b>已加密封存</b>")):
        fields = {"language": language, "form_token": form_token(client, "/")}
        client.post("/language", data=fields)
        page = client.get("/").text
        assert words in page and f"cdc open --case {case_id}" in page
        assert "eyJh" not in page
    clock.at = end
    assert "cdc open" not in client.get("/").text


@BOTH
def test_the_log_tells_who_opened_an_identity(client, sign_in, alerted, database, clock):
    case_id = alerted(kind="registered", sealed_until=clock() + timedelta(days=3))
    with database.writing() as connection:
        (sealed,) = sealed_of(connection, case_id, None, clock())
        note_opening(connection, sealed, name="Dr Li", at=clock())
    sign_in("viewer")
    text = client.get("/log").text
    assert "Sealed identity opened" in text and "Dr Li" in text


def test_the_pages_script_gets_one_sentence_that_names_whose_answer_counts(
    client, sign_in, alerted, clock, form_token
):
    def answer(name):
        sign_in(name)
        fields = answer_fields(client, form_token, case_id)
        return client.post("/acknowledge", data=fields, headers={"X-Script": "yes"}).text

    case_id = alerted(number=41)
    assert answer("Chen Yu") == "station-1, case 41: acknowledged by Chen Yu"
    clock.forward(seconds=9)
    assert answer("root") == "station-1, case 41: Chen Yu had acknowledged it already"
    alerted(case_id=case_id, number=41, kind="verdict", state="confirmed", body=(38.4,))
    assert answer("root") == "station-1, case 41: acknowledged by root"


def test_a_case_is_shown_alone_to_be_printed_with_who_and_as_of_when(client, sign_in, alerted):
    case_id = alerted(number=41)
    alerted(number=42)
    sign_in("Chen Yu")
    assert f'href="/?text={case_id}"' in client.get("/").text
    text = client.get(f"/?text={case_id}").text
    assert "Case 41" in text and "Case 42" not in text
    assert "As known at 2026-11-24 20:00:00, printed by Chen Yu" in text
    assert '<p class="printed">Not acknowledged</p>' in text


def test_who_reads_the_log_sees_who_waits_too(client, sign_in, alerted):
    alerted()
    sign_in("Chen Yu")
    for page in ("/log", "/log/part"):
        assert "1 alert waits for an answer" in client.get(page).text


def test_a_newer_message_that_waits_is_news_even_if_as_many_wait(
    client, sign_in, alerted, form_token
):
    def newest():
        return int(client.get("/").text.split('data-newest="')[1].split('"')[0])

    case_id = alerted()
    sign_in("Chen Yu")
    first = newest()
    alerted(case_id=case_id, kind="second_reading", state="referred", body=(37.4,))
    assert newest() == first > 0
    client.post("/acknowledge", data=answer_fields(client, form_token, case_id))
    assert newest() == 0
    alerted()
    assert newest() > first


def test_the_log_tells_drills_from_real_cases(client, sign_in, alerted, form_token):
    case_id = alerted(number=900, is_drill=True)
    sign_in("Chen Yu")
    client.post("/acknowledge", data=answer_fields(client, form_token, case_id))
    text = client.get("/log").text
    assert "Case 900" in text and "DRILL" in text


def test_a_viewer_looks_and_cannot_acknowledge(client, sign_in, alerted, form_token):
    case_id = alerted()
    sign_in("viewer")
    page = client.get("/").text
    assert "Not acknowledged" in page and "Acknowledge as" not in page
    answer = client.post("/acknowledge", data=answer_fields(client, form_token, case_id))
    assert answer.status_code == 403
    assert "1 alert waits for an answer" in client.get("/").text


@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_a_form_of_another_site_does_nothing(client, sign_in, alerted, form_token, token):
    case_id = alerted()
    sign_in("Chen Yu")
    fields = answer_fields(client, form_token, case_id, form_token=token)
    fields = {name: value for name, value in fields.items() if value is not None}
    assert client.post("/acknowledge", data=fields).status_code == 403
    assert "1 alert waits for an answer" in client.get("/").text


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "\0"},
        {"case_id": "x"},
        {"seen_position": "-1"},
        {"seen_position": "٣"},
        {"seen_position": ""},
    ],
)
def test_a_broken_form_is_refused(client, sign_in, alerted, form_token, changes):
    case_id = alerted()
    sign_in("Chen Yu")
    fields = answer_fields(client, form_token, case_id, **changes)
    assert client.post("/acknowledge", data=fields).status_code == 400


def test_a_form_that_is_far_too_long_is_refused(client, sign_in):
    sign_in("Chen Yu")
    assert client.post("/acknowledge", data={"x": "y" * 10_000}).status_code == 413


def test_whatever_stations_and_visitors_send_is_shown_as_text(client, sign_in, alerted):
    alerted(lane=HOSTILE, skin_c=None, reasons=(HOSTILE,))
    sign_in("Chen Yu")
    for page in (
        "/",
        f"/?text={HOSTILE}",
        f"/?station={HOSTILE}",
        f"/?case={HOSTILE}",
        "/?text=%00%FF&day=%00",
    ):
        text = client.get(page).text
        assert "<script>alert" not in text
        assert text.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get("/").text


@pytest.mark.parametrize("page", ["/sign-in", "/", "/events", "/static/inbox.js", "/none"])
def test_every_answer_forbids_foreign_and_inline_code(client, page):
    headers = client.get(page).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_no_page_holds_inline_code_or_asks_another_machine(client, sign_in, alerted):
    alerted()
    sign_in("root")
    for page in ("/", "/log", "/accounts", "/sign-in"):
        text = client.get(page).text
        assert " style=" not in text and " onclick=" not in text and "<style" not in text
        assert (
            "http://" not in text and "https://" not in text and "//" not in text.split("<body")[0]
        )


def test_skin_and_body_stand_apart_with_unit_and_uncertainty(client, sign_in, alerted):
    alerted(kind="second_reading", state="referred", body=(38.4,))
    sign_in("viewer")
    text = client.get("/").text
    skin = text.split('<dl class="skin">')[1].split("</dl>")[0]
    body = text.split('<dl class="body">')[1].split("</dl>")[0]
    assert "37.2 °C" in skin and "± 0.4 °C (k=2)" in skin and "38.4" not in skin
    assert "38.4 °C" in body and "ear" in body and "37.2" not in body


def test_not_measured_shows_its_reasons_and_no_number(client, sign_in, alerted):
    alerted(skin_c=None, reasons=("glasses", "too_far"))
    sign_in("viewer")
    skin = client.get("/").text.split('<dl class="skin">')[1].split("</dl>")[0]
    assert "not measured" in skin and "glasses; too far away" in skin and "°C" not in skin


def test_a_hand_over_and_a_doubtful_clock_are_shown(client, sign_in, alerted):
    alerted(kind="handover", state="confirmed", handover=("requested",), clock="jumped")
    sign_in("viewer")
    text = client.get("/").text
    assert "Hand-over: <b>requested</b> · 120" in text
    assert "clock is in doubt" in text


def test_the_journey_the_answers_and_the_clinics_finding_are_shown(client, sign_in, alerted):
    alerted(
        kind="outcome",
        state="confirmed",
        outcome="positive",
        registration={
            "hub": "train",
            "number": "G123",
            "car": "5",
            "seat": "12A",
            "seat_actual": "?",
            "symptoms": ["cough", "rash"],
            "medicine": "taken",
            "medicine_hours": 6,
            "exposure": [],
        },
    )
    sign_in("viewer")
    text = " ".join(re.sub("<[^>]+>", " ", client.get("/").text).split())
    assert "train G123 · carriage 5 · ticket seat 12A · seat taken not known" in text
    assert "cough; rash" in text and "Fever medicine within 6 hours taken" in text
    assert "Contact within two weeks none" in text
    assert "The clinic found the infection looked for" in text


def test_only_what_waits_is_shown_when_that_is_asked_for(client, sign_in, alerted, form_token):
    answered = alerted(number=41)
    alerted(number=42)
    sign_in("Chen Yu")
    client.post("/acknowledge", data=answer_fields(client, form_token, answered))
    text = client.get("/?state=waiting").text
    assert "Case 42" in text and "Case 41" not in text


@BOTH
def test_what_cannot_be_shown_is_told_with_its_place_and_what_to_do(
    client, sign_in, alerted, clock
):
    alerted.unreadable("east")
    alerted.unreadable("west", reason="The message is <not> signed.")
    sign_in("viewer")
    text = client.get("/").text
    assert "1 message of a newer version" in text and "east · hub · 440100" in text
    assert "1 message was set aside" in text and "west · hub" in text
    assert "&lt;not&gt; signed" in text
    clock.forward(hours=11)
    for _ in range(2):
        client.cookies.clear()
        sign_in("viewer")
        clock.forward(hours=7)
    text = client.get("/").text
    assert "newer version" in text, "an alert may be among them"
    assert "set aside" not in text


def test_drills_are_marked_and_can_be_hidden(client, sign_in, alerted):
    alerted(number=900, is_drill=True)
    sign_in("viewer")
    assert "DRILL" in client.get("/").text
    hidden = client.get("/?drills=hide").text
    assert "Case 900" not in hidden and "Nobody is waiting" in hidden


def test_an_unanswered_alert_grows_louder_and_names_the_next_contact(
    client, sign_in, alerted, clock
):
    alerted()
    sign_in("viewer")
    seen = []
    for minutes in (0, 2, 3, 5):
        clock.forward(minutes=minutes)
        text = client.get("/").text
        level = text.split('data-level="')[1][0]
        seen.append((level, [name for name in ("Dr Li", "Wang", "Zhao") if name in text]))
    assert seen == [("0", []), ("1", ["Dr Li"]), ("2", ["Wang"]), ("3", ["Zhao"])]


def test_a_search_that_makes_no_sense_says_so(client, sign_in, alerted):
    alerted()
    sign_in("viewer")
    text = client.get("/?case=x&day=tomorrow&state=well").text
    for fault in ("must be a number", "must look like", "no such state"):
        assert fault in text


def test_the_page_speaks_chinese_when_asked(client, sign_in, alerted, form_token):
    alerted(skin_c=None, reasons=("glasses",))
    sign_in("viewer")
    fields = {"form_token": form_token(client, "/"), "language": "zh"}
    client.post("/language", data=fields)
    text = client.get("/").text
    assert 'lang="zh-CN"' in text and "未测到" in text and "戴眼镜" in text
    assert client.post("/language", data={**fields, "language": "xx"}).status_code == 400


def test_a_browser_that_prefers_chinese_gets_it_at_once(client):
    text = client.get("/sign-in", headers={"accept-language": "zh-CN,zh;q=0.9"}).text
    assert "登录" in text


def test_a_database_that_cannot_be_read_is_said_and_not_shown_as_empty(
    client, sign_in, alerted, database, where
):
    alerted()
    sign_in("viewer")
    database.close()
    where.write_bytes(b"no database any more" * 1000)
    where.with_name(where.name + "-wal").unlink(missing_ok=True)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "inbox cannot be read" in answer.text


@BOTH
def test_a_stream_tells_news_once_whichever_process_serves_it(
    alerted, database, settings, clock, monkeypatch
):
    # Counting goes with each look, else what it finds is news of its own, seconds later; and no
    # sign of life comes between.
    monkeypatch.setattr(live_module, "_COUNT_EVERY_S", 0)
    monkeypatch.setattr(live_module, "_COUNTING_SHARE", float("inf"))
    monkeypatch.setattr(live_module, "_ALIVE_EVERY_S", 600)

    async def told():
        lives = [LiveInbox(database, settings, None, now=clock) for _ in range(2)]
        stream = lives[1].stream()
        await anext(stream)
        looking = [asyncio.create_task(live.run()) for live in lives]
        try:
            # The first look is news by itself.
            await asyncio.wait_for(anext(stream), 60)
            alerted()
            event = await asyncio.wait_for(anext(stream), 60)
            again = asyncio.ensure_future(anext(stream))
            done, _ = await asyncio.wait({again}, timeout=0.6)
            await lives[1].close()
            with suppress(StopAsyncIteration):
                await again
            return event, bool(done)
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)

    event, is_told_again = asyncio.run(told())
    assert event.startswith("event: changed\n")
    assert not is_told_again


@BOTH
def test_levels_are_noted_while_nobody_looks_at_the_page(alerted, database, settings, clock):
    alerted()
    live = LiveInbox(database, settings, None, now=clock)
    clock.forward(minutes=6)
    assert live.escalate() == 2
    assert live.escalate() == 0


@BOTH
def test_a_station_that_went_back_is_shown_with_what_may_have_happened(client, sign_in, alerted):
    alerted(sequence=5)
    alerted(sequence=5)
    sign_in("viewer")
    said = (client.get("/").text for _ in range(1000))
    assert any("its disk has lost messages, an old copy was put back" in text for text in said)


@BOTH
def test_a_level_is_noted_once_by_several_pages_at_once(alerted, where, settings, clock):
    for number in range(1, 10):
        alerted(number=number)
    clock.forward(minutes=11)
    with ExitStack() as opened, ThreadPoolExecutor(3) as pages:
        lives = [
            LiveInbox(
                opened.enter_context(closing(open_inbox(where, Use.ANSWER))),
                settings,
                None,
                now=clock,
            )
            for _ in range(3)
        ]
        assert sum(pages.map(LiveInbox.escalate, lives)) == 9 * 3


def test_of_very_many_stations_those_in_trouble_are_listed_and_the_rest_is_counted(
    client, sign_in, alerted, monkeypatch
):
    monkeypatch.setattr(board, "MOST_STATIONS", 2)
    for name in ("a", "b", "c", "d"):
        alerted(station=name, sequence=9 if name == "c" else 1, epoch=uuid4())
    sign_in("viewer")
    said = (client.get("/?station=b").text for _ in range(1000))
    text = next(text for text in said if "4 in all, to look at: 1" in text)
    assert "2 more: search by name" in text
    listed = text.split("<aside")[1]
    assert "?station=b" in listed and "?station=c" in listed and "?station=a" not in listed


def test_the_application_needs_no_watch_on_the_broker(database, settings):
    assert create_app(database, settings).routes
