"""A backup's whole way: keys, a sealed file beside a running writer, a check, a restore."""

import errno
import getpass
import json

import pytest

from station.__main__ import main
from station.core.audit import AuditKind
from station.ledger.store import SqlLedger
from station.ledger.trail_reading import judge_trail
from station.ledger.trail_rows import read_rows
from station.service import vault

pytestmark = pytest.mark.system


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(f'[station]\nstation_id = "west-3"\nledger_path = "{tmp_path}/ledger.sqlite"\n')
    assert main(["backup", "--new-key", str(tmp_path)]) == 0
    return path


def backup(site):
    folder = site.parent
    arguments = ["--config", site, "--key", folder / "backup.pub", "--out", folder / "b.backup"]
    return main(["backup", *map(str, arguments)])


def restore(site, *more):
    folder = site.parent
    return main(["restore", str(folder / "b.backup"), "--key", str(folder / "backup.key"), *more])


def test_a_lost_ledger_comes_back_from_its_backup(site, making, capsys):
    path = site.parent / "ledger.sqlite"
    with SqlLedger(path) as ledger:
        entry = making.flagged(ledger)
        ledger.record(entry)
        assert backup(site) == 0
        epoch = ledger.epoch
    path.unlink()
    assert restore(site, "--check") == 0
    assert not path.exists()
    assert restore(site, "--config", str(site), "--site-out", str(site.parent / "old.toml")) == 0
    assert "west-3" in capsys.readouterr().out
    with SqlLedger(path) as ledger:
        assert ledger.unfinished_cases() == (entry.case,)
        assert ledger.epoch != epoch
    assert (site.parent / "old.toml").read_text() == site.read_text()
    assert not list(site.parent.glob(".backup-*")) + list(site.parent.glob(".restore-*"))


def test_a_disk_that_fills_up_meanwhile_is_told_and_nothing_of_it_stays(
    site, making, capsys, monkeypatch
):
    def fill_up(plain, sealed, key):
        sealed.write(plain.read(1000))
        raise OSError(errno.ENOSPC, "No space left on device")

    path = site.parent / "ledger.sqlite"
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
    monkeypatch.setattr(vault, "seal", fill_up)
    capsys.readouterr()
    assert backup(site) == 2
    said = capsys.readouterr().err
    assert "(No space left on device): make room on the disks" in said
    assert said.count("\n") == 1
    left = {one.name for one in site.parent.iterdir() if "ledger.sqlite" not in one.name}
    assert left == {"site.toml", "backup.key", "backup.pub"}
    monkeypatch.undo()
    assert backup(site) == 0
    assert restore(site, "--check") == 0


def copies_told(path):
    with SqlLedger(path) as ledger, ledger.reading_rows() as connection:
        rows = [row for row in read_rows(connection) if row.entry.kind is AuditKind.COPY]
    return [(row.entry.actor, json.loads(row.entry.details)["did"]) for row in rows]


def test_who_made_and_who_restored_a_backup_stands_in_the_trail(site, making, capsys):
    path = site.parent / "ledger.sqlite"
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        assert backup(site) == 0
    assert "does not tell of this backup" in capsys.readouterr().out
    (site.parent / "b.backup").unlink()
    assert backup(site) == 0
    user = f"cli:{getpass.getuser()}"
    assert copies_told(path) == [(user, "made")]
    assert judge_trail(path).finding is None
    assert restore(site, "--config", str(site)) == 0
    assert copies_told(path) == [(user, "restored")]


def test_a_backup_tells_nothing_without_its_key(site, making):
    with SqlLedger(site.parent / "ledger.sqlite") as ledger:
        ledger.record(making.flagged(ledger))
        backup(site)
    data = (site.parent / "b.backup").read_bytes()
    assert b"SQLite" not in data
    assert b"west-3" not in data
    assert (site.parent / "b.backup").stat().st_mode & 0o777 == 0o600


def test_a_running_station_is_not_restored_under(site, capsys):
    with SqlLedger(site.parent / "ledger.sqlite"):
        backup(site)
        assert restore(site, "--config", str(site)) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_backup_that_is_cut_off_changes_nothing(site, capsys):
    path = site.parent / "ledger.sqlite"
    SqlLedger(path).close()
    backup(site)
    before = path.read_bytes()
    whole = (site.parent / "b.backup").read_bytes()
    (site.parent / "b.backup").write_bytes(whole[:-10])
    assert restore(site, "--config", str(site)) == 2
    assert "damaged or cut off" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert not list(site.parent.glob("*.before-*"))


def test_new_keys_make_the_folder_that_is_named_for_nobody_else_to_read(tmp_path, capsys):
    folder = tmp_path / "safe" / "keys"
    assert main(["backup", "--new-key", str(folder)]) == 0
    assert {file.name for file in folder.iterdir()} == {"backup.key", "backup.pub"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert main(["backup", "--new-key", str(folder / "backup.key")]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_keys_and_backups_are_never_overwritten(site, capsys):
    SqlLedger(site.parent / "ledger.sqlite").close()
    assert main(["backup", "--new-key", str(site.parent)]) == 2
    assert backup(site) == 0
    assert backup(site) == 2
    assert "not overwritten" in capsys.readouterr().err


def test_a_backup_takes_the_place_of_a_damaged_ledger_which_is_kept_as_it_is(site, making, capsys):
    path = site.parent / "ledger.sqlite"
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        assert backup(site) == 0
    path.write_bytes(bytes(512) + path.read_bytes()[512:])
    before = path.read_bytes()
    assert restore(site, "--config", str(site)) == 0
    [kept] = site.parent.glob("ledger.sqlite.damaged-*")
    assert kept.read_bytes() == before
    assert f"ledger salvage --ledger {path} {kept}" in capsys.readouterr().out
    assert main(["ledger", "salvage", "--ledger", str(path), str(kept)]) == 0
    with SqlLedger(path) as ledger:
        assert len(ledger.unfinished_cases()) == 1
