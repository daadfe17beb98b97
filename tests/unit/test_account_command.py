"""`fever-station accounts` and `audit` on a ledger while no station runs."""

import io

import pytest
from argon2 import PasswordHasher

from station.__main__ import main

SITE = """
[station]
station_id = "s-1"
region = "000000"
site = "hub"
ledger_path = "{folder}/ledger.sqlite"
[kiosk]
socket_path = "{folder}/bridge"
"""


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("station.runtime.pins._hasher", quick)
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(folder=tmp_path))

    def run(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main([*words, "--config", str(site)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def test_accounts_are_made_changed_and_shown(command):
    code, told = command("accounts", "add", "Li", "--role", "shift-lead", typed="135791\n")
    assert (code, "shift lead" in told) == (0, True)
    assert command("accounts", "pin", "Li", typed="246802\n")[0] == 0
    assert "yes" in command("accounts", "card", "Li", typed="0012345678\n")[1]
    assert "disabled" in command("accounts", "disable", "Li")[1]
    assert "disabled" not in command("accounts", "enable", "Li")[1]


def test_what_cannot_be_is_refused_with_what_can(command):
    code, told = command("accounts", "add", "Li", "--role", "operator", typed="1234\n")
    assert (code, "6 to 12 digits" in told) == (2, True)
    code, told = command("accounts", "disable", "Nobody")
    assert (code, "no account" in told) == (2, True)


def test_the_trail_is_shown_and_verified(command, tmp_path):
    assert command("audit", "verify")[0] == 2
    command("accounts", "add", "Li", "--role", "operator", typed="135791\n")
    code, told = command("audit", "verify")
    assert (code, "Whole: 2 rows. Head 2:" in told) == (0, True)
    head = told.split("Head ")[1].strip()
    assert command("audit", "verify", "--head", head)[0] == 0
    assert "account" in command("audit", "show")[1]
    (tmp_path / "ledger.sqlite.audit-head").unlink()
    code, told = command("audit", "verify", "--head", f"3:{'0' * 64}")
    assert (code, "cut off after row 2" in told) == (1, True)


def test_a_head_with_a_slip_is_refused(command):
    with pytest.raises(SystemExit):
        command("audit", "verify", "--head", "3:abc")
