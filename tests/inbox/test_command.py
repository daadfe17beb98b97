import argparse
import getpass
import socket
from contextlib import closing
from pathlib import Path

import pytest

from station.cdc.inbox import serving
from station.cdc.inbox.accounts import Role, accounts, is_right, password_hash
from station.commands import cdc, cdc_inbox
from station.core.errors import KnownError

BOTH = pytest.mark.parametrize("where", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def run(database, where):
    text = str(where) if isinstance(where, Path) else where.render_as_string(hide_password=False)

    def call(*words):
        parser = argparse.ArgumentParser()
        cdc.add_parser(parser.add_subparsers())
        return cdc.run(parser.parse_args(["cdc", *words, "--db", text]))

    return call


@pytest.fixture
def typed(monkeypatch):
    def types(*passwords):
        left = list(passwords)
        monkeypatch.setattr(getpass, "getpass", lambda prompt: left.pop(0))

    return types


@pytest.fixture
def may_sign_in(database):
    def check(name, password):
        with database.reading() as connection:
            return is_right(password_hash(connection, name), password)

    return check


@BOTH
def test_an_account_is_added_with_a_password_that_is_asked_for(run, typed, may_sign_in, database):
    typed("a long password", "a long password")
    assert run("account", "add", "Chen Yu", "--role", "officer") == 0
    assert may_sign_in("Chen Yu", "a long password")
    assert not may_sign_in("Chen Yu", "another password")
    with database.reading() as connection:
        (one,) = accounts(connection)
        assert one.role is Role.OFFICER
        assert "a long password" not in password_hash(connection, "Chen Yu")


def test_the_password_cannot_be_named_on_the_command_line(run):
    with pytest.raises(SystemExit):
        run("account", "add", "x", "--role", "officer", "--password", "secret")


@pytest.mark.parametrize(
    ("name", "passwords", "said"),
    [
        ("Chen Yu", ("short", "short"), "12 to 200"),
        ("Chen Yu", ("a long password", "a long passwort"), "differ"),
        ("a<b", ("a long password", "a long password"), "letters"),
        (" x", ("a long password", "a long password"), "letters"),
    ],
)
def test_an_account_that_cannot_be_is_refused(run, typed, name, passwords, said):
    typed(*passwords)
    with pytest.raises(KnownError, match=said):
        run("account", "add", name, "--role", "viewer")


def test_a_name_is_given_once_and_needs_a_role(run, typed):
    typed(*["a long password"] * 4)
    run("account", "add", "李 医生", "--role", "viewer")
    with pytest.raises(KnownError, match="already"):
        run("account", "add", "李 医生", "--role", "viewer")
    with pytest.raises(KnownError, match="--role"):
        run("account", "add", "x")
    with pytest.raises(KnownError, match="Name the account"):
        run("account", "block")


@BOTH
def test_accounts_are_listed_blocked_and_given_another_password(run, typed, may_sign_in, capsys):
    typed(*["a long password"] * 2, *["another password"] * 2)
    run("account", "add", "Chen Yu", "--role", "admin")
    run("account", "block", "Chen Yu")
    assert not may_sign_in("Chen Yu", "a long password")
    run("account", "list")
    assert capsys.readouterr().out == "Chen Yu: admin (blocked)\n"
    run("account", "unblock", "Chen Yu")
    run("account", "password", "Chen Yu")
    assert may_sign_in("Chen Yu", "another password")
    with pytest.raises(KnownError, match="no account"):
        run("account", "block", "nobody")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--bind", "0.0.0.0"], "in the open"),
        (["--bind", "cdc.example"], "in the open"),
        (["--tls-cert", "x"], "belong together"),
        (["--tls-cert", "none.pem", "--tls-key", "none.pem"], "no file"),
        (["--broker", "nowhere"], "host:port"),
        (["--broker", "cdc.example:8883"], "not this machine"),
        (["--broker", "127.0.0.1:8883", "--ca-file", "ca.pem"], "together"),
        (["--settings", "none.toml"], "cannot be read"),
    ],
)
def test_a_page_that_would_not_work_or_not_be_safe_is_not_served(run, words, said, monkeypatch):
    monkeypatch.setattr(serving.uvicorn, "run", lambda *a, **k: pytest.fail("served"))
    with pytest.raises(KnownError, match=said):
        run("inbox", *words)


def test_missing_libraries_are_named_with_what_to_do(run, monkeypatch):
    monkeypatch.setattr(cdc_inbox, "find_spec", lambda name: None)
    with pytest.raises(KnownError, match=r"fever-station\[inbox\]"):
        run("inbox")


def test_the_page_listens_at_loopback_unless_told_otherwise(run, monkeypatch, capsys):
    told = {}
    monkeypatch.setattr(serving.uvicorn, "run", lambda app, **options: told.update(options))
    run("inbox")
    assert (told["host"], told["ssl_certfile"]) == ("127.0.0.1", None)
    assert "http://127.0.0.1:8420" in capsys.readouterr().out


def test_a_watch_on_a_broker_that_is_not_there_knows_nothing():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with closing(serving.PresenceWatch("127.0.0.1", port, now=pytest.fail)) as watch:
            assert watch.known() is None
