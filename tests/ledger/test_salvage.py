"""A damaged ledger is set aside unchanged, and what can still be read goes on in a new one."""

import errno
import os
import random
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from station.core.audit import AuditEntry, AuditKind, ChainFault
from station.core.errors import KnownError
from station.core.ports import LedgerEntry
from station.core.salvage import SalvageExtent
from station.ledger import pages as pages_module
from station.ledger.damage import damage_path, kept_files, note_damage
from station.ledger.database import LedgerDamaged
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.pages import PageFile
from station.ledger.recovering import SHAPES, FoundPages
from station.ledger.salvage import salvage
from station.ledger.salvage_entry import read_salvage
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify

FLAGS, BELOW = 40, 120
PAGE = 4096


@pytest.fixture(scope="module")
def images(tmp_path_factory, making):
    """Return a ledger of which all is in the file, and one of which much is in its log."""
    folder = tmp_path_factory.mktemp("ledgers")
    path = folder / "station.sqlite"
    with SqlLedger(path) as ledger:
        items = []
        for number in range(FLAGS):
            entry = making.flagged(ledger)
            ledger.record(entry)
            items += entry.outbox
            if number % 2:
                ledger.record(LedgerEntry(reading=making.reading()))
            for _ in range(BELOW // FLAGS):
                ledger.record(LedgerEntry(passage=making.passage(making.BELOW)))
            if number == FLAGS // 2:
                ledger.mark_delivered([item.report_id for item in items], making.NOON)
                ledger._file.empty_log()
        logged = folder / "logged" / "station.sqlite"
        logged.parent.mkdir()
        for side in ("", "-wal", ".numbers", ".audit-head"):
            shutil.copy(f"{path}{side}", f"{logged}{side}")
    return SimpleNamespace(whole=path, logged=logged, items=items)


@pytest.fixture
def take(images, path):
    """Return what puts a copy of one of them in the ledger's place."""

    def take(image):
        for side in ("", "-wal", ".numbers", ".audit-head"):
            if os.path.exists(f"{image}{side}"):
                shutil.copy(f"{image}{side}", f"{path}{side}")
        return path

    return take


def pages_of(path, table):
    with PageFile(path) as pages:
        return sorted({one.page for one in FoundPages(pages)._sightings.get(table, [])})


def overwrite(path, at, data):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def spoil(path, number, data=bytes(PAGE)):
    overwrite(path, (number - 1) * PAGE, data)


def opened(path):
    """Open the ledger as the station does."""
    return SqlLedger(path, salvages=True)


def told(path):
    """Return what the audit trail tells of the last salvage."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT * FROM audit WHERE kind = 'salvage' ORDER BY number DESC LIMIT 1"
        _, at, actor, role, kind, subject, details, *_ = connection.execute(query).fetchone()
    at = datetime.fromisoformat(at)
    return read_salvage(AuditEntry(at, actor, role, AuditKind(kind), subject, details))


def waiting(path):
    with closing(SqlOutboxReader(path)) as reader:
        return [item.report_id for item in reader.waiting(1_000)]


def rows(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


DAMAGES = {
    "a zeroed page of messages": lambda path: spoil(path, pages_of(path, "outbox")[3]),
    "noise in a page of cases": lambda path: spoil(
        path, pages_of(path, "case_")[0], random.Random(1).randbytes(PAGE)
    ),
    "the first page zeroed": lambda path: spoil(path, 1),
    "a torn header": lambda path: overwrite(path, 0, random.Random(2).randbytes(512)),
    "cut off in the middle": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut off in a page": lambda path: os.truncate(path, path.stat().st_size - PAGE // 2),
    "no database at all": lambda path: path.write_bytes(b"these are not a database's bytes" * 999),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
}


@pytest.fixture
def salvaged(take, images, making):
    """Return what damages a ledger, opens it as the station does, and flags one traveller more."""

    def salvaged(damage, image=None):
        path = take(image or images.whole)
        damage(path)
        if image:
            # SQLite may find nothing wrong with what it leaves out of a log.
            salvage(path)
        note_damage(path, "malformed")
        with opened(path) as ledger:
            losses = ledger.losses
            entry = making.flagged(ledger)
            ledger.record(entry)
        return SimpleNamespace(path=path, told=told(path), losses=losses, new=entry.outbox[0])

    return salvaged


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_damaged_the_station_starts_and_the_old_file_is_kept_as_it_was(
    salvaged, images, take, damage
):
    old = take(images.whole)
    DAMAGES[damage](old)
    before = old.read_bytes()
    path = salvaged(DAMAGES[damage]).path
    [kept] = kept_files(path)
    assert kept.read_bytes() == before
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not damage_path(path).exists()
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("damage", ["the first page zeroed", "a torn header"])
def test_without_its_header_every_row_is_found(salvaged, images, damage):
    found = salvaged(DAMAGES[damage])
    unsent = [item.report_id for item in images.items[FLAGS // 2 + 1 :]]
    assert waiting(found.path) == [*unsent, found.new.report_id]
    assert found.told.gone == {}
    assert found.told.carried["passage"] == FLAGS + BELOW
    assert found.told.unfinished == FLAGS
    counted = "SELECT sum(number) FROM passage_count"
    assert rows(found.path, counted) == [(FLAGS + BELOW + 1,)]
    assert verify(found.path) is None


def test_messages_that_are_left_keep_ids_and_numbers_and_the_cdc_sees_what_is_gone(
    salvaged, images
):
    def damage(path):
        spoil(path, pages_of(path, "outbox")[-1])

    found = salvaged(damage)
    left = {item.report_id for item in images.items} & {
        UUID(one) for (one,) in rows(found.path, "SELECT report_id FROM outbox")
    }
    gone = [item for item in images.items if item.report_id not in left]
    assert gone
    assert found.told.gone == {"outbox": len(gone)}
    epoch = gone[0].epoch
    # Its number lets the CDC see that those before it never come.
    assert (found.new.epoch, found.new.sequence) == (epoch, gone[-1].sequence + 1)
    assert [(lost.epoch, lost.count) for lost in found.losses] == [(epoch, len(gone))]
    assert found.told.messages_until == images.items[0].created_at


def test_the_end_of_an_earlier_epoch_that_is_gone_shows_as_well(salvaged, images, making, take):
    take(images.whole)

    def damage(path):
        # A kill begins another epoch.
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE meta SET is_clean = 0")
        with SqlLedger(path) as ledger:
            for _ in range(30):
                ledger.record(making.flagged(ledger))
        ends = images.items[-1].position
        with PageFile(path) as pages:
            found = FoundPages(pages)
            [shape] = [one for one in SHAPES if one.table.name == "outbox"]
            last = max(r.rowid for r in found.rows(shape) if r.values[5] == epoch)
            [page] = {
                one.page
                for one in found._sightings["outbox"]
                if last in {r.rowid for r in pages.records(one.page, pages.read(one.place))}
            }
        assert ends == 0
        spoil(path, page)

    epoch = images.items[0].epoch.hex
    found = salvaged(damage)
    [lost] = [lost for lost in found.losses if lost.epoch.hex == epoch]
    assert lost.last == FLAGS


def test_a_case_outlives_its_passage_and_a_message_its_case(salvaged):
    def damage(path):
        spoil(path, pages_of(path, "passage")[1])
        spoil(path, pages_of(path, "case_")[0])

    found = salvaged(damage)
    assert found.told.gone["case_"] > 0
    assert found.told.unfinished == FLAGS - found.told.gone["case_"]
    assert len(waiting(found.path)) == FLAGS // 2
    [(alone,)] = rows(found.path, "SELECT count(*) FROM outbox WHERE case_id IS NULL")
    assert alone == found.told.gone["case_"]
    with SqlLedger(found.path) as ledger:
        cases = ledger.unfinished_cases()
        assert all(ledger.passage(case.passage_id) for case in cases)


def test_where_the_trail_is_broken_is_told_and_that_is_no_forgery(salvaged):
    def damage(path):
        spoil(path, pages_of(path, "audit")[1])

    found = salvaged(damage)
    finding = verify(found.path)
    assert finding.fault is ChainFault.DAMAGED
    gone = {number for (number,) in rows(found.path, "SELECT number FROM audit")}
    missing = sorted(set(range(1, max(gone))) - gone)
    assert finding.number == missing[0]
    assert f"rows {missing[0]}-{missing[-1]} are missing" in finding.text


def test_rows_of_the_trail_that_were_last_are_known_by_its_witness(salvaged):
    def damage(path):
        for page in pages_of(path, "audit")[1:]:
            spoil(path, page)

    found = salvaged(damage)
    assert verify(found.path).fault is ChainFault.DAMAGED
    assert found.told.gone["audit"] == FLAGS + 1 - found.told.carried["audit"]


def test_a_row_taken_out_of_a_salvaged_trail_is_still_found(salvaged):
    found = salvaged(lambda path: spoil(path, pages_of(path, "audit")[1]))
    with closing(sqlite3.connect(found.path)) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE number = 2")
    assert verify(found.path).fault is ChainFault.MISSING


def test_a_log_is_read_behind_its_damaged_part_where_sqlite_ends(salvaged, images):
    size = 24 + PAGE

    def damage(path):
        wal = path.with_name(f"{path.name}-wal")
        # The third frame; every later transaction is behind it.
        overwrite(wal, 32 + 2 * size + 100, random.Random(3).randbytes(512))

    found = salvaged(damage, images.logged)
    missing = {item.report_id for item in images.items} - {
        UUID(one) for (one,) in rows(found.path, "SELECT report_id FROM outbox")
    }
    assert not missing


def test_what_was_emptied_into_the_file_and_what_the_log_still_holds_both_count(
    salvaged, images, take
):
    """A kill in the middle of emptying the log, and a log that is damaged at its beginning."""

    def damage(path):
        wal = path.with_name(f"{path.name}-wal")
        with PageFile(path) as pages:
            for number, versions in sorted(pages._in_log.items())[::2]:
                if number <= pages._in_file:
                    spoil(path, number, pages.read(pages.places(number)[0]))
                assert versions
        os.truncate(wal, wal.stat().st_size // 2)
        overwrite(wal, 0, bytes(32))

    found = salvaged(damage, images.logged)
    ids = [UUID(one) for (one,) in rows(found.path, "SELECT report_id FROM outbox")]
    assert len(ids) == len(set(ids))
    delivered = rows(found.path, "SELECT count(*) FROM outbox WHERE state = 'delivered'")
    assert delivered == [(FLAGS // 2 + 1,)]
    assert len(ids) + found.told.gone["outbox"] == FLAGS + 1


def test_a_file_of_which_nothing_is_left_but_its_log_is_read_from_that(salvaged, images):
    found = salvaged(lambda path: os.truncate(path, 0), images.logged)
    assert found.told.carried["outbox"] > 0
    assert found.losses == ()


def test_an_emptied_ledger_is_not_taken_for_a_new_one(take, images):
    path = take(images.whole)
    os.truncate(path, 0)
    with opened(path) as ledger:
        [lost] = ledger.losses
    assert (lost.first, lost.last) == (1, FLAGS)
    assert verify(path).fault is ChainFault.DAMAGED


def test_bad_sectors_cost_their_own_pages(salvaged, images, take, monkeypatch):
    bad = pages_of(take(images.whole), "outbox")[3]
    pread = os.pread

    def read(descriptor, size, at):
        if size == PAGE and at == (bad - 1) * PAGE:
            raise OSError(errno.EIO, "Input/output error")
        return pread(descriptor, size, at)

    monkeypatch.setattr(pages_module.os, "pread", read)
    found = salvaged(DAMAGES["a torn header"])
    assert set(found.told.gone) == {"outbox"}


@pytest.mark.parametrize(
    ("room", "extent"), [(66, SalvageExtent.VITAL), (50, SalvageExtent.NOTHING)]
)
def test_a_disk_too_full_for_all_of_it_takes_what_must_not_wait(
    salvaged, images, monkeypatch, room, extent
):
    connect = sqlite3.connect

    def small(path, *args, **more):
        connection = connect(path, *args, **more)
        if str(path).endswith(".new"):
            connection.execute(f"PRAGMA max_page_count = {room}")
        return connection

    monkeypatch.setattr("station.ledger.carrying.sqlite3.connect", small)
    found = salvaged(DAMAGES["a torn header"])
    assert found.told.extent is extent
    is_vital = extent is SalvageExtent.VITAL
    assert found.told.waiting == (FLAGS // 2 - 1 if is_vital else 0)
    assert found.told.gone["outbox"] == (FLAGS // 2 + 1 if is_vital else FLAGS)
    assert kept_files(found.path)[0].stat().st_size == images.whole.stat().st_size


def test_no_room_for_any_ledger_is_one_sentence_and_the_next_start_goes_on(
    salvaged, monkeypatch, path
):
    with monkeypatch.context() as patch:
        patch.setattr(
            "station.ledger.carrying.migrate",
            lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")),
        )
        with pytest.raises(KnownError, match="free space"):
            salvaged(DAMAGES["a torn header"])
    assert not path.exists()
    with pytest.raises(KnownError, match="start the station"):
        SqlLedger(path)
    with opened(path):
        assert told(path).carried["outbox"] == FLAGS


@pytest.mark.parametrize("after", ["-wal", "", ".new"])
def test_a_kill_in_the_middle_of_setting_aside_loses_nothing(take, images, monkeypatch, after):
    path = take(images.logged)
    DAMAGES["a torn header"](path)
    overwrite(path.with_name(f"{path.name}-wal"), 0, bytes(32))
    note_damage(path, "malformed")
    renames = Path.rename, Path.replace

    class Killed(Exception):
        pass

    def dying(move):
        def moved(self, target):
            made = move(self, target)
            if self.name == f"{path.name}{after}":
                raise Killed
            return made

        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying(renames[0]))
        patch.setattr(Path, "replace", dying(renames[1]))
        with pytest.raises(Killed):
            opened(path)
    with opened(path):
        assert told(path).carried["outbox"] == FLAGS
    assert len(kept_files(path)) == 1


def test_a_sound_ledger_that_was_noted_as_damaged_stays(take, images):
    path = take(images.whole)
    note_damage(path, "malformed")
    opened(path).close()
    assert kept_files(path) == []
    assert not damage_path(path).exists()


def test_a_page_that_turns_out_damaged_at_work_is_noted_and_the_ledger_renewed(
    take, images, making
):
    path = take(images.whole)
    with opened(path) as ledger:
        ledger.record(making.flagged(ledger))
        ledger._file.empty_log()
        for page in pages_of(path, "outbox"):
            spoil(path, page)
        with closing(SqlOutboxReader(path)) as reader, pytest.raises(LedgerDamaged):
            reader.waiting(1_000)
        assert ledger.renew()
        ledger.record(making.flagged(ledger))
        assert not ledger.renew()
    assert told(path).gone["outbox"] == FLAGS + 1


def test_a_flag_that_was_durable_and_not_yet_in_its_tables_goes_there(salvaged, making, tmp_path):
    kept, entries = tmp_path / "kept", []

    def damage(path):
        head = path.with_name(f"{path.name}.audit-head")
        before = head.read_bytes()
        with SqlLedger(path) as ledger:
            entries.append(making.flagged(ledger))
            ledger._intake.add(ledger._file.driver, entries[0], is_drill=False)
            ledger._file.empty_log()
            shutil.copy(path, kept)
        shutil.copy(kept, path)
        head.write_bytes(before)
        spoil(path, 1)

    found = salvaged(damage)
    assert (found.told.gone, found.losses) == ({}, ())
    assert waiting(found.path)[-2:] == [entries[0].outbox[0].report_id, found.new.report_id]
    assert found.told.unfinished == FLAGS + 1
    assert verify(found.path) is None


def test_every_row_of_every_table_fits_that_table_alone(take, images):
    path = take(images.whole)
    add_the_rest(path)
    with PageFile(path) as pages:
        found = FoundPages(pages)
        assert set(found._sightings) == {shape.table.name for shape in SHAPES}
        for shape in SHAPES:
            for record in found.rows(shape):
                assert [one for one in SHAPES if one.fits(record)] == [shape]


def add_the_rest(path):
    """Put a row into each table that the images leave empty."""
    at, later = "2026-11-24T12:00:00.000000Z", "2026-11-25T12:00:00.000000Z"
    with closing(sqlite3.connect(path)) as connection, connection:
        case_id = connection.execute("SELECT case_id FROM case_").fetchone()[0]
        for table, values in (
            ("account", ("li", "operator", "hash", None, 0, 0, None, at)),
            ("collection_order", ("o1", "law", "zhang", at[:10], later[:10], "name", 7, 0)),
            ("handover", (case_id, 0, "requested", at, "120")),
            ("identity", (case_id, "", "", "", "order", "o1", at, later, 0)),
            ("flag_intake", (None, 0, b"{}", "kept")),
            ("device_check", (UUID(int=5).hex, "gun-1", at, "li", 37, "37.0 37.1", 0.3, "passed")),
        ):
            places = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} VALUES ({places})", values)


def test_identities_go_on_until_their_time_is_over_and_not_longer(salvaged):
    found = salvaged(lambda path: (add_the_rest(path), spoil(path, 1)))
    # Its time was over long before today.
    assert rows(found.path, "SELECT count(*) FROM identity") == [(0,)]
    assert rows(found.path, "SELECT count(*) FROM account") == [(1,)]
    assert rows(found.path, "SELECT sum(has_identity) FROM case_") == [(0,)]
