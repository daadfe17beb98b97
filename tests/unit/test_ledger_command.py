"""`fever-station ledger` on a file, beside whoever writes it."""

import csv

import pytest

from station.__main__ import main
from station.core.extraction import RejectReason
from station.ledger.store import SqlLedger
from tests.benchmarks.big_ledger import build


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("built") / "station.sqlite"
    build(path, 1500)
    return path


@pytest.fixture
def command(built, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")

    def run(action, *arguments):
        code = main(["ledger", action, "--ledger", str(built), *arguments])
        return code, capsys.readouterr()

    return run


def test_a_search_shows_rows_and_how_many_there_are(command):
    code, said = command("search", "--reason", "glasses", "--rows", "3", "--zone", "Asia/Shanghai")
    assert code == 0
    assert said.out.count("not measured (glasses)") == 3
    assert "3 of about" in said.out


def test_a_search_also_runs_beside_the_writer(built, command):
    with SqlLedger(built):
        assert command("search", "--case", "1", "--rows", "3")[0] == 0


def test_statistics_show_every_answer_and_the_false_alarms(command):
    code, said = command("statistics")
    assert code == 0
    for words in ("not measured", "glasses", "cleared", "of", "camera-4", "passages"):
        assert words in said.out


def test_an_export_writes_the_asked_rows(command, tmp_path):
    out = tmp_path / "list.csv"
    assert command("export", "--reason", RejectReason.GLASSES.value, "--out", str(out))[0] == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert {row["reasons"] for row in csv.DictReader(file)} == {"glasses"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("export", "--out", "list.pdf"), "ends in .csv or .xlsx"),
        (("search", "--since", "2026-11-24", "--until", "2026-11-23"), "time range"),
        (("search", "--lowest-c", "38", "--below-c", "37"), "temperature range"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command, arguments, sentence):
    code, said = command(*arguments)
    assert code == 2
    assert sentence in said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--reason", "haircut"), "'haircut' is none of"),
        (("--since", "yesterday"), "'yesterday' is no time"),
        (("--zone", "Mars"), "'Mars' is no time zone"),
        (("--rows", "0"), "'0' is no number"),
    ],
)
def test_a_wrong_argument_is_named(command, capsys, arguments, sentence):
    with pytest.raises(SystemExit):
        command("search", *arguments)
    assert sentence in capsys.readouterr().err


def test_a_missing_ledger_is_named(tmp_path, capsys):
    assert main(["ledger", "statistics", "--ledger", str(tmp_path / "no.sqlite")]) == 2
    assert "there is no such file" in capsys.readouterr().err
