"""An export is a whole table for this user alone; nothing in it runs, or tells who it was."""

import csv
import re
import stat
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from station.core.errors import KnownError
from station.core.ports import LedgerEntry
from station.core.questions import TableFormat
from station.core.screening import Outcome
from station.core.search import PassageFilter
from station.core.second_check import attach_reading
from station.ledger.exporting import COLUMNS, export_passages
from station.ledger.reader import Cancelled, LedgerReader
from station.ledger.store import SqlLedger
from tests.benchmarks.big_ledger import build

BEIJING = ZoneInfo("Asia/Shanghai")
EVERYTHING = PassageFilter()


@pytest.fixture
def export(path, tmp_path):
    def write(form=TableFormat.CSV, wanted=EVERYTHING, on_rows=lambda rows: None, name="out"):
        target = tmp_path / f"{name}.{form.value}"
        with LedgerReader(path) as reader:
            done = export_passages(reader, wanted, form, target, zone=BEIJING, on_rows=on_rows)
        return target, done

    return write


@pytest.fixture
def flagged(path, making):
    with SqlLedger(path) as ledger:
        entry, reading = making.flagged(ledger), making.reading()
        formula = replace(entry.passage, lane='=HYPERLINK("http://x")')
        ledger.record(replace(entry, passage=formula))
        case, step = attach_reading(entry.case, reading, actor="Wang", at=making.NOON)
        ledger.record(LedgerEntry(case=case, reading=reading, steps=(step,)))
        late = replace(making.passage(making.DOUBT), last_at=making.NOON + timedelta(hours=1))
        ledger.record(LedgerEntry(passage=late))
    return formula


def read_csv(target):
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_csv_file_tells_each_passage_with_its_case(export, flagged):
    target, done = export()
    late, row = read_csv(target)
    assert done == 2
    assert (late["outcome"], late["reasons"]) == ("not_measured", "covered_eyes too_far")
    assert (late["skin_surface_temperature_c"], late["case_number"]) == ("", "")
    assert datetime.fromisoformat(row["ended_at"]) == flagged.last_at
    assert row["ended_at"].endswith("+08:00")
    assert (row["outcome"], row["skin_surface_temperature_c"]) == ("above", "37.25")
    assert (row["case_number"], row["case_state"], row["verdict"]) == ("1", "referred", "")
    assert (row["last_body_temperature_c"], row["last_body_trust"]) == ("38.1", "forehead")
    assert row["lane"] == "'" + flagged.lane


@pytest.mark.parametrize("form", TableFormat)
def test_only_this_user_may_read_the_file_and_nothing_else_is_left(export, flagged, form):
    target, _ = export(form)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {p.name for p in target.parent.glob("*out*")} == {target.name}
    assert not list(target.parent.glob(".export-*"))


def test_a_sheet_holds_numbers_and_times_and_no_formula(export, flagged):
    target, done = export(TableFormat.XLSX)
    with zipfile.ZipFile(target) as book:
        assert book.testzip() is None
        [name] = [one for one in book.namelist() if one.startswith("xl/worksheets/sheet")]
        sheet = book.read(name).decode()
    assert done == 2
    assert "HYPERLINK" in sheet
    assert "<f>" not in sheet
    assert "<v>37.25</v>" in sheet
    # 2026-11-24 20:00:02.123456 in Beijing, as days since 1899-12-30.
    [days] = re.findall(r"<v>(46350\.83\d*)</v></c><c r=\"B3\"", sheet)
    at = datetime(1899, 12, 30) + timedelta(days=float(days))
    assert abs(at - flagged.last_at.astimezone(BEIJING).replace(tzinfo=None)) < timedelta(
        milliseconds=2
    )


def test_no_column_tells_who_it_was():
    for name in COLUMNS:
        for word in ("name", "phone", "document", "traveller", "seat", "actor", "birth"):
            assert word not in name.replace("filename", "")


def test_what_was_not_asked_for_is_left_out(export, flagged):
    target, done = export(wanted=PassageFilter(outcome=Outcome.ABOVE))
    assert done == len(read_csv(target)) == 1


def test_many_rows_come_in_order_and_each_once(export, path, monkeypatch):
    monkeypatch.setattr("station.ledger.exporting._ROWS_AT_ONCE", 100)
    build(path, 730)
    told = []
    target, done = export(on_rows=told.append)
    rows = read_csv(target)
    assert told == [100, 200, 300, 400, 500, 600, 700, 730]
    assert done == len({row["passage_id"] for row in rows}) == 730
    times = [datetime.fromisoformat(row["ended_at"]) for row in rows]
    assert times == sorted(times, reverse=True)


def test_a_full_sheet_goes_on_in_the_next_one(export, path, monkeypatch):
    monkeypatch.setattr("station.ledger.exporting._MOST_ROWS_OF_A_SHEET", 31)
    build(path, 70)
    target, done = export(TableFormat.XLSX)
    with zipfile.ZipFile(target) as book:
        sheets = [book.read(f"xl/worksheets/sheet{i}.xml").decode() for i in (1, 2, 3)]
    assert done == 70
    assert [sheet.count("<row ") for sheet in sheets] == [31, 31, 11]


@pytest.mark.parametrize("form", TableFormat)
def test_a_cancelled_export_leaves_the_old_file_and_nothing_else(export, path, form):
    build(path, 50)
    target, _ = export(form)
    before = target.read_bytes()

    def cancel(rows):
        raise Cancelled

    with pytest.raises(Cancelled):
        export(form, on_rows=cancel)
    assert target.read_bytes() == before
    assert not list(target.parent.glob("*.part")) + list(target.parent.glob(".export-*"))


@pytest.mark.parametrize("form", TableFormat)
def test_a_folder_that_is_not_there_gives_one_sentence(export, flagged, form):
    with pytest.raises(KnownError, match=r"cannot be written.*check the folder"):
        export(form, name="nowhere/out")


@pytest.mark.parametrize("form", TableFormat)
def test_a_ledger_without_passages_gives_a_table_without_rows(export, path, form):
    SqlLedger(path).close()
    target, done = export(form)
    assert done == 0
    assert target.exists()
