"""Who gets into the duty officers' page, and for how long."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from station.cdc.inbox import live as live_module
from station.cdc.inbox.accounts import begin_session, must_wait, set_blocked, set_password
from station.cdc.inbox.live import LiveInbox
from station.cdc.inbox.visit import stream_to

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
BOTH = pytest.mark.parametrize("where", ["sqlite", "postgresql"], indirect=True)


@pytest.mark.parametrize("page", ["/", "/board", "/log", "/accounts", "/?text=x"])
def test_who_is_not_signed_in_sees_nothing(client, alerted, page):
    alerted(lane="secret lane")
    answer = client.get(page)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in"
    assert "secret" not in answer.text


def test_the_stream_is_refused_to_who_is_not_signed_in(client):
    assert client.get("/events").status_code == 401


@BOTH
def test_a_right_password_opens_the_board(client, sign_in, alerted):
    alerted(number=41)
    assert sign_in("Chen Yu").headers["location"] == "/"
    page = client.get("/").text
    assert "Case 41" in page
    assert "Acknowledge as Chen Yu" in page


@pytest.mark.parametrize(
    ("name", "password"), [("Chen Yu", "wrong"), ("nobody", "wrong"), ("", "")]
)
def test_a_wrong_password_or_name_gives_the_same_answer(sign_in, name, password):
    answer = sign_in(name, password)
    assert answer.status_code == 403
    assert "Name or password is wrong." in answer.text


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client, sign_in, clock):
    for _ in range(5):
        assert sign_in("Chen Yu", "wrong").status_code == 403
    assert sign_in("Chen Yu").status_code == 429
    assert sign_in("viewer").status_code == 303
    client.cookies.clear()
    clock.forward(minutes=16)
    assert sign_in("Chen Yu").status_code == 303


def test_a_new_password_from_the_administrator_ends_the_wait(sign_in, database):
    for _ in range(5):
        sign_in("Chen Yu", "wrong")
    with database.writing() as connection:
        set_password(connection, "Chen Yu", "another long password")
    assert sign_in("Chen Yu", "another long password").status_code == 303


def test_a_name_need_not_be_typed_again_after_a_wrong_password(sign_in):
    assert 'value="Chen &lt;Yu&gt;"' in sign_in("Chen <Yu>", "wrong").text


def test_many_names_from_one_address_must_wait_too():
    of_client = [NOON - timedelta(minutes=1)] * 20
    assert must_wait([], of_client, NOON)
    assert not must_wait([], of_client[:19], NOON)
    assert not must_wait([], of_client, NOON + timedelta(minutes=15))


def test_the_cookie_is_kept_from_scripts_and_other_sites(client, sign_in):
    cookie = sign_in("Chen Yu").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "secure" not in cookie


def test_over_tls_the_cookie_never_goes_in_the_open(client, form_token):
    client.base_url = "https://testserver"
    answer = client.get("/sign-in")
    assert "secure" in answer.headers["set-cookie"].lower()


def test_signing_in_gives_the_browser_a_new_token(client, sign_in):
    client.get("/sign-in")
    before = client.cookies["fever_inbox"]
    sign_in("Chen Yu")
    assert client.cookies["fever_inbox"] != before


def test_a_session_ends_with_the_shift_and_with_signing_out(client, sign_in, clock, form_token):
    sign_in("Chen Yu")
    clock.forward(hours=11)
    assert client.get("/").status_code == 200
    clock.forward(hours=1)
    assert client.get("/").status_code == 303
    client.cookies.clear()
    sign_in("Chen Yu")
    kept = client.cookies["fever_inbox"]
    client.post("/sign-out", data={"form_token": form_token(client, "/")})
    client.cookies.set("fever_inbox", kept)
    assert client.get("/").status_code == 303


@BOTH
def test_a_blocked_account_is_out_at_once(client, sign_in, database):
    sign_in("Chen Yu")
    with database.writing() as connection:
        set_blocked(connection, "Chen Yu", is_blocked=True)
    assert client.get("/").status_code == 303
    client.cookies.clear()
    assert sign_in("Chen Yu").status_code == 403


def test_only_an_administrator_blocks_accounts(client, sign_in, form_token):
    sign_in("Chen Yu")
    assert client.get("/accounts").status_code == 403
    client.cookies.clear()
    sign_in("root")
    fields = {"form_token": form_token(client, "/accounts"), "name": "viewer", "blocked": "yes"}
    assert client.post("/accounts", data=fields).status_code == 303
    assert "blocked" in client.get("/accounts").text
    client.cookies.clear()
    assert sign_in("viewer").status_code == 403


@pytest.mark.parametrize("where", ["postgresql"], indirect=True)
def test_an_officer_does_not_notice_that_the_server_was_started_anew(
    client, sign_in, alerted, where, postgres
):
    alerted(number=41)
    sign_in("viewer")
    postgres.sql(
        "postgres",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='{where.database}'",
    )
    assert "Case 41" in client.get("/").text


def test_a_page_hears_at_once_that_its_session_is_over(
    client, database, settings, clock, monkeypatch
):
    monkeypatch.setattr(live_module, "_ALIVE_EVERY_S", 0.01)
    with database.writing() as connection:
        token = begin_session(connection, "Chen Yu", clock())

    async def heard():
        live = LiveInbox(database, settings, None, now=clock)
        request = Request(
            {
                "type": "http",
                "app": SimpleNamespace(state=SimpleNamespace(live=live)),
                "headers": [(b"cookie", f"fever_inbox={token}".encode())],
            }
        )
        stream = stream_to(request)
        for _ in range(3):
            await asyncio.wait_for(anext(stream), 60)
        with database.writing() as connection:
            set_blocked(connection, "Chen Yu", is_blocked=True)

        async def rest():
            return [event async for event in stream]

        return await asyncio.wait_for(rest(), 60)

    assert len(asyncio.run(heard())) <= 1


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/map?area=1,2,3,4", "/map?area=1,2,3,4"),
        ("/?text=G12&state=waiting", "/?text=G12&state=waiting"),
        ("//evil.example/", "/"),
        ("https://evil.example/map", "/"),
        ("/sign-out", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_back_to_a_page_of_ours_alone(client, form_token, asked, led_to):
    page = client.get("/sign-in", params={"over": "yes", "next": asked}).text
    assert "You are signed out" in page
    fields = {"name": "Chen Yu", "password": PASSWORD, "form_token": form_token(client)}
    answer = client.post("/sign-in", data={**fields, "next": asked})
    assert answer.headers["location"] == led_to


def test_another_language_stays_on_the_page(client, sign_in, form_token):
    sign_in("Chen Yu")
    fields = {"language": "zh", "form_token": form_token(client, "/")}
    assert client.post("/language", data={**fields, "next": "/map"}).headers["location"] == "/map"


def test_the_page_knows_when_its_session_ends(client, sign_in, clock):
    sign_in("Chen Yu")
    ends = (clock() + timedelta(hours=12)).timestamp()
    assert f'id="ends" role="status" data-at="{ends}"' in client.get("/").text
