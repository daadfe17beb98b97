"""A damaged ledger is set aside unchanged, and what can still be read goes on in a new one."""

import errno
import os
import random
import stat
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from station.core.audit import ChainFault
from station.core.errors import KnownError
from station.core.salvage import SalvageExtent
from station.ledger import pages as pages_module
from station.ledger.damage import damage_path, kept_files, note_damage
from station.ledger.database import LedgerDamaged
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.pages import PageFile
from station.ledger.store import SqlLedger
from station.ledger.trail_proof import verify
from tests.ledger.damaging import (
    DAMAGES,
    FLAGS,
    PAGE,
    opened,
    overwrite,
    pages_of,
    rows,
    spoil,
    told,
)


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
    salvaged, images, small_disk, room, extent
):
    small_disk(room)
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
