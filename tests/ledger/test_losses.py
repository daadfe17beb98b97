"""What a damaged disk took after it had been durable: the ledger knows how much, and where."""

import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from station.core.ports import LedgerEntry, LostNumbers
from station.ledger.numbers import NumberNote
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger


@pytest.fixture
def crash(path, making, tmp_path):
    """Return what a process leaves that is killed after so many flags, its log cut to a length."""
    number = iter(range(100))

    def leave(flags, kept, before=None):
        """Flag, and give the paths of an image in which only the first `kept` flags are left."""
        image = tmp_path / f"image-{next(number)}" / "station.sqlite"
        image.parent.mkdir()
        ledger = SqlLedger(before or path)
        sizes = [wal_of(before or path).stat().st_size]
        for _ in range(flags):
            ledger.record(making.flagged(ledger))
            sizes.append(wal_of(before or path).stat().st_size)
        for side in ("", "-wal", ".numbers"):
            shutil.copy(f"{before or path}{side}", f"{image}{side}")
        epoch = ledger.epoch
        ledger.close()
        with wal_of(image).open("r+b") as wal:
            wal.truncate(sizes[kept])
        return image, epoch

    return leave


def wal_of(path):
    return path.with_name(f"{path.name}-wal")


def outbox(path):
    with closing(SqlOutboxReader(path)) as reader:
        return [(item.epoch, item.sequence) for item in reader.waiting(100)]


def test_a_torn_log_shows_as_numbers_that_are_gone(crash):
    image, epoch = crash(flags=5, kept=2)
    with SqlLedger(image) as ledger:
        assert ledger.losses == (LostNumbers(epoch, 3, 5),)


def test_a_kill_alone_loses_nothing_and_says_so(crash):
    image, epoch = crash(flags=5, kept=5)
    with SqlLedger(image) as ledger:
        assert ledger.losses == ()
        assert (ledger.epoch != epoch, ledger.next_sequence()) == (True, 1)


def test_the_next_message_lets_the_cdc_see_the_gap_and_then_the_new_epoch_begins(crash, making):
    image, epoch = crash(flags=5, kept=2)
    with SqlLedger(image) as ledger:
        for _ in range(2):
            ledger.record(making.flagged(ledger))
        new = ledger.epoch
    assert outbox(image) == [(epoch, 1), (epoch, 2), (epoch, 6), (new, 1)]
    with SqlLedger(image) as ledger:
        assert (ledger.losses, ledger.epoch, ledger.next_sequence()) == ((), new, 2)


def test_a_loss_that_nobody_could_be_told_of_is_found_again(crash):
    image, epoch = crash(flags=5, kept=2)
    SqlLedger(image).close()
    with SqlLedger(image) as ledger:
        assert ledger.losses == (LostNumbers(epoch, 3, 5),)


def test_a_second_damage_takes_the_word_of_the_first_one_and_both_are_found(crash):
    first, epoch = crash(flags=5, kept=2)
    second, later = crash(flags=4, kept=0, before=first)
    with SqlLedger(second) as ledger:
        assert ledger.losses == (LostNumbers(epoch, 3, 6), LostNumbers(later, 1, 3))


def test_entries_without_a_message_leave_the_gap_to_the_next_one(crash, making):
    image, epoch = crash(flags=3, kept=1)
    with SqlLedger(image) as ledger:
        ledger.record(LedgerEntry(passage=making.passage(making.BELOW)))
        assert (ledger.epoch, ledger.next_sequence()) == (epoch, 4)


def test_an_older_copy_of_the_ledger_put_back_is_a_loss_and_gives_no_number_twice(
    path, making, tmp_path
):
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
        epoch = ledger.epoch
    copy = shutil.copy(path, tmp_path / "copy.sqlite")
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
    shutil.copy(copy, path)
    with SqlLedger(path) as ledger:
        assert ledger.losses == (LostNumbers(epoch, 2, 2),)
        assert (ledger.epoch, ledger.next_sequence()) == (epoch, 3)


def test_a_number_of_a_failed_write_is_not_noted(path, making):
    with SqlLedger(path) as ledger:
        entry = making.flagged(ledger)
        ledger.record(entry)
        twice = replace(entry, outbox=making.flagged(ledger).outbox)
        with pytest.raises(Exception, match="UNIQUE"):
            ledger.record(twice)
        assert NumberNote(path).read() == {ledger.epoch: 1}


def test_without_its_note_or_with_a_spoilt_one_the_ledger_opens_as_before(crash):
    image, epoch = crash(flags=5, kept=2)
    note = image.with_name(f"{image.name}.numbers")
    note.write_bytes(b"\xff\n" + note.read_bytes()[:40] + b"\nx y\n")
    with SqlLedger(image) as ledger:
        assert ledger.losses == ()
        assert ledger.epoch != epoch


def test_where_the_note_cannot_be_written_the_ledger_works_all_the_same(path, making):
    path.with_name(f"{path.name}.numbers.new").mkdir()
    with SqlLedger(path) as ledger:
        ledger.record(making.flagged(ledger))
    assert len(outbox(path)) == 1
