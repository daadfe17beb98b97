"""`fever-station ledger salvage`: what a file that was set aside still holds comes back, once."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pytest

from station.__main__ import main
from station.core.audit import ChainFault
from station.core.cases import CaseState, CaseStep
from station.core.ports import LedgerEntry
from station.core.salvage import SalvageExtent
from station.ledger.copies import copy_ledger, put_in_place
from station.ledger.damage import kept_files
from station.ledger.migrate import MIGRATIONS
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify
from tests.ledger.damaging import (
    BELOW,
    DAMAGES,
    FLAGS,
    add_the_rest,
    pages_of,
    rows,
    spoil,
    told,
    waiting,
)

# Pages of a new ledger's disk that hold what is vital, or nothing of the old one.
VITAL, NOTHING = 66, 50
TORN = DAMAGES["a torn header"]
COUNTED = ("passage", "case_", "case_step", "reading", "outbox", "passage_count")


@pytest.fixture
def add(capsys):
    """Return what runs the command, and gives its exit code and what it says."""

    def add(path, kept=None):
        code = main(["ledger", "salvage", "--ledger", str(path), str(kept or kept_files(path)[0])])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out + said.err

    return add


@pytest.fixture
def after_full_disk(salvaged, small_disk, monkeypatch):
    """Return what salvages on a disk with so much room, and makes room afterwards."""

    def after_full_disk(room, damage=TORN):
        with monkeypatch.context():
            small_disk(room)
            found = salvaged(damage)
        monkeypatch.undo()
        return found

    return after_full_disk


@pytest.fixture
def in_use(take, images):
    """Return a whole ledger."""
    return take(images.whole)


def counts(path):
    return {name: rows(path, f"SELECT count(*) FROM {name}")[0][0] for name in COUNTED}


def ids(path, table="outbox", column="report_id"):
    return {UUID(one) for (one,) in rows(path, f"SELECT {column} FROM {table}")}


@pytest.mark.parametrize("room", [VITAL, NOTHING])
def test_after_a_full_disk_all_the_rest_comes_back_and_nothing_twice(
    after_full_disk, images, add, room
):
    found = after_full_disk(room)
    assert found.told.extent is not SalvageExtent.ALL
    [kept] = kept_files(found.path)
    before = kept.read_bytes()
    code, said = add(found.path)
    assert code == 0
    assert "Added to" in said
    after = counts(found.path)
    assert after["passage"] == FLAGS + BELOW + 1
    assert after["case_"] == after["outbox"] == FLAGS + 1
    assert after["reading"] == FLAGS // 2
    assert ids(found.path) == {item.report_id for item in (*images.items, found.new)}
    delivered = rows(found.path, "SELECT count(*) FROM outbox WHERE state = 'delivered'")
    assert delivered == [(FLAGS // 2 + 1,)]
    counted = "SELECT sum(number) FROM passage_count"
    assert rows(found.path, counted) == [(FLAGS + BELOW + 1,)]
    assert rows(found.path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(found.path, "PRAGMA foreign_key_check") == []
    assert kept.read_bytes() == before
    assert add(found.path)[0] == 0
    assert "Nothing to add" in add(found.path)[1]
    assert counts(found.path) == after


@pytest.mark.parametrize("room", [VITAL, NOTHING])
def test_what_comes_back_is_told_and_the_trail_is_whole_again(after_full_disk, add, room):
    found = after_full_disk(room)
    assert verify(found.path) is None or verify(found.path).fault is ChainFault.DAMAGED
    add(found.path)
    assert verify(found.path) is None
    now = told(found.path)
    assert (now.extent, now.gone, now.at) == (SalvageExtent.ALL, {}, found.told.at)
    assert now.carried["case_"] == FLAGS + 1
    with closing(sqlite3.connect(found.path)) as connection, connection:
        connection.execute("DROP TRIGGER case_step_no_delete")
        connection.execute("DELETE FROM case_step WHERE step_id = 20")
    assert verify(found.path).fault is ChainFault.UNCHAINED


def test_messages_that_had_not_left_wait_again_with_their_numbers(after_full_disk, images, add):
    found = after_full_disk(NOTHING)
    unsent = images.items[FLAGS // 2 + 1 :]
    assert waiting(found.path) == [found.new.report_id]
    assert f"{len(unsent)} of the messages had not left" in add(found.path)[1]
    assert set(waiting(found.path)) == {item.report_id for item in (*unsent, found.new)}
    stored = dict(rows(found.path, "SELECT report_id, sequence FROM outbox"))
    assert all(stored[item.report_id.hex] == item.sequence for item in images.items)


def test_a_case_whose_number_was_given_again_has_another_one_and_that_is_said(after_full_disk, add):
    found = after_full_disk(NOTHING)
    said = add(found.path)[1]
    assert f"Case 1 is case {FLAGS + 1} now" in said
    assert rows(found.path, "SELECT count(DISTINCT number) FROM case_") == [(FLAGS + 1,)]
    with SqlLedger(found.path) as ledger:
        assert ledger.next_case_number() == FLAGS + 2


def test_what_was_done_since_with_a_case_stays(after_full_disk, add, making):
    found = after_full_disk(VITAL)
    with SqlLedger(found.path) as ledger:
        case = ledger.unfinished_cases()[-2]
        changed = replace(case, readings=(*case.readings, making.reading()))
        ledger.record(LedgerEntry(case=changed))
    add(found.path)
    with SqlLedger(found.path) as ledger:
        assert changed in ledger.unfinished_cases()


def test_names_come_back_only_within_their_time_and_accounts_with_their_cards(
    after_full_disk, add, images, take
):
    def damage(path):
        add_the_rest(path)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE account SET card_hash = 'card'")
            salts.extend(connection.execute("SELECT salt FROM card_salt"))
        TORN(path)

    salts = []
    found = after_full_disk(NOTHING, damage)
    assert rows(found.path, "SELECT count(*) FROM account") == [(0,)]
    add(found.path)
    assert rows(found.path, "SELECT count(*) FROM identity") == [(0,)]
    assert rows(found.path, "SELECT card_hash FROM account") == [("card",)]
    assert rows(found.path, "SELECT salt FROM card_salt") == salts[-1:]
    assert rows(found.path, "SELECT count(*) FROM device_check") == [(1,)]


def test_rows_of_the_trail_that_do_not_fit_stay_where_they_are(after_full_disk, add):
    def damage(path):
        # Without its witness the new ledger's trail begins anew.
        os.unlink(f"{path}.audit-head")
        TORN(path)

    found = after_full_disk(NOTHING, damage)
    said = add(found.path)[1]
    assert f"{FLAGS + 1} rows of the audit trail" in said.split("Not added")[1]
    assert verify(found.path).fault is ChainFault.DAMAGED


def test_an_alert_whose_number_was_given_again_is_told_for_the_telephone(
    after_full_disk, add, images, making
):
    def damage(path):
        with SqlLedger(path) as ledger:
            ledger.record(making.flagged(ledger))
        # What tells the new ledger how far numbers were given is older than that.
        path.with_name(f"{path.name}.numbers").write_text(f"{epoch} {FLAGS:019d}\n")
        left = path.with_name(f".{path.name}.salvage-killed")
        left.mkdir()
        TORN(path)

    epoch = images.items[0].epoch
    found = after_full_disk(NOTHING, damage)
    assert "1 of these messages never left" in add(found.path)[1]
    assert not list(found.path.parent.glob("*.salvage-*"))


def test_a_page_that_is_gone_for_good_is_still_told_as_missing(after_full_disk, add, images):
    def damage(path):
        spoil(path, pages_of(path, "outbox")[1])
        TORN(path)

    found = after_full_disk(VITAL, damage)
    said = add(found.path)[1]
    gone = FLAGS + 1 - counts(found.path)["outbox"]
    assert gone > 0
    assert f"Cannot be read any more: {gone} messages to the CDC" in said
    assert told(found.path).gone == {"outbox": gone}


def test_a_flag_on_its_way_into_the_tables_comes_back_too(after_full_disk, add, making, tmp_path):
    entries = []

    def damage(path):
        with SqlLedger(path) as ledger:
            entries.append(making.flagged(ledger))
            ledger._intake.add(ledger._file.driver, entries[0], is_drill=False)
            ledger._numbers.given(1)
            ledger._file.empty_log()
            shutil.copy(path, tmp_path / "kept")
        shutil.copy(tmp_path / "kept", path)
        TORN(path)

    found = after_full_disk(NOTHING, damage)
    add(found.path)
    assert entries[0].outbox[0].report_id in ids(found.path)
    assert counts(found.path)["case_"] == FLAGS + 2


def newer(path, tmp_path, **_):
    kept = tmp_path / "newer"
    shutil.copy(path, kept)
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE meta SET schema_version = ?", (len(MIGRATIONS) + 1,))
    return kept


def strangers(path, tmp_path, making):
    kept = tmp_path / "stranger"
    other = replace(making.IDENTITY, station="station-2")
    with SqlLedger(kept) as ledger:
        ledger.record(making.flagged(ledger, identity=other))
    return kept


def nameless(path, tmp_path, **_):
    SqlLedger(tmp_path / "nameless").close()
    return tmp_path / "nameless"


def no_ledger(path, tmp_path, **_):
    (tmp_path / "text").write_text("no ledger at all" * 999)
    return tmp_path / "text"


WRONG = {
    "a file that is not there": (lambda path, **_: path.with_name("typo"), "no such file"),
    "a folder": (lambda path, tmp_path, **_: tmp_path, "no such file"),
    "the ledger in use": (lambda path, **_: path, "is the ledger in use"),
    "its log": (lambda path, **_: f"{path}-wal", "lies beside"),
    "no ledger": (no_ledger, "holds no row of a ledger"),
    "a newer program's": (newer, "install the newer program"),
    "another station's": (strangers, "/fs/000000/hub/station-2"),
    "nobody knows whose": (nameless, "tells that it is this station's"),
}


@pytest.mark.parametrize("which", WRONG)
def test_a_wrong_file_is_one_sentence_and_changes_nothing(in_use, add, making, tmp_path, which):
    path = in_use
    make, words = WRONG[which]
    before = counts(path)
    code, said = add(path, make(path=path, tmp_path=tmp_path, making=making))
    assert code == 2
    assert words in said
    assert counts(path) == before
    assert not list(path.parent.glob("*.salvage-*"))


def test_under_a_running_station_and_without_a_ledger_nothing_is_added(take, images, add, tmp_path):
    path = take(images.whole)
    kept = shutil.copy(path, tmp_path / "kept")
    with SqlLedger(path):
        assert "stop it" in add(path, kept)[1]
    assert "There is no ledger" in add(tmp_path / "nowhere", kept)[1]
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("where", ["station.ledger.carrying", "station.ledger.database"])
def test_a_disk_that_is_still_full_is_one_sentence_and_nothing_is_half_added(
    after_full_disk, add, monkeypatch, where
):
    found = after_full_disk(NOTHING)
    before = counts(found.path)
    connect = sqlite3.connect

    def small(path, *args, **more):
        connection = connect(path, *args, **more)
        connection.execute("PRAGMA max_page_count = 60")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(f"{where}.sqlite3.connect", small)
        code, said = add(found.path)
    assert code == 2
    assert "free space" in said
    assert counts(found.path) == before
    assert add(found.path)[0] == 0
    assert counts(found.path)["case_"] == FLAGS + 1


def test_a_backup_restored_over_a_damaged_ledger_gets_back_what_came_after_it(
    in_use, add, making, tmp_path
):
    copy = tmp_path / "copy"
    copy_ledger(in_use, copy)
    with SqlLedger(in_use) as ledger:
        entry = making.flagged(ledger)
        ledger.record(entry)
        old = ledger.unfinished_cases()[0]
        step = CaseStep(old.case_id, making.NOON, "li", CaseState.CLEARED, "")
        progress = replace(old.progress, closed_at=making.NOON, verdict_at=making.NOON)
        case = replace(
            old, state=CaseState.CLEARED, readings=(making.reading(),), progress=progress
        )
        ledger.record(LedgerEntry(case=case, steps=(step,)))
        ledger.mark_delivered([entry.outbox[0].report_id, *ids(in_use)], making.NOON)
    TORN(in_use)
    before = in_use.read_bytes()
    kept = put_in_place(copy, in_use, making.NOON)
    assert kept.read_bytes() == before
    assert kept_files(in_use) == [kept]
    assert len(waiting(in_use)) == FLAGS // 2 - 1
    said = add(in_use)[1]
    assert "1 cases had gone on there" in said
    assert waiting(in_use) == []
    with SqlLedger(in_use) as ledger:
        assert ledger.case(old.case_id) == case
        assert len(ledger.unfinished_cases()) == FLAGS
        assert ledger.losses == ()
    assert verify(in_use).fault is ChainFault.CUT_OFF
    assert "Nothing to add" in add(in_use)[1]
