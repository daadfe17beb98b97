"""What a new ledger has of a damaged one, table by table, and what it tells as gone."""

import shutil
import sqlite3
from contextlib import closing
from uuid import UUID

import pytest

from station.ledger.pages import PageFile
from station.ledger.recovering import SHAPES, FoundPages
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
    waiting,
)


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
    left = {number for (number,) in rows(found.path, "SELECT number FROM case_")}
    assert found.told.lost_cases == tuple(sorted({*range(1, FLAGS + 1)} - left))
    with SqlLedger(found.path) as ledger:
        cases = ledger.unfinished_cases()
        assert all(ledger.passage(case.passage_id) for case in cases)


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


def test_identities_go_on_until_their_time_is_over_and_not_longer(salvaged):
    found = salvaged(lambda path: (add_the_rest(path), spoil(path, 1)))
    # Its time was over long before today.
    assert rows(found.path, "SELECT count(*) FROM identity") == [(0,)]
    assert rows(found.path, "SELECT count(*) FROM account") == [(1,)]
    assert rows(found.path, "SELECT sum(has_identity) FROM case_") == [(0,)]


def test_cards_still_find_their_accounts(salvaged, images):
    found = salvaged(DAMAGES["a torn header"])
    salt = "SELECT salt FROM card_salt"
    assert rows(found.path, salt) == rows(images.whole, salt)
