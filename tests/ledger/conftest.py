import os
import runpy
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from station.core.ports import LedgerEntry
from station.ledger.damage import note_damage
from station.ledger.salvage import salvage
from station.ledger.store import SqlLedger
from tests.ledger.damaging import BELOW, FLAGS, opened, told

MAKING = Path(__file__).with_name("making.py")


@pytest.fixture(scope="session")
def making_path():
    return MAKING


@pytest.fixture(scope="session")
def making():
    return SimpleNamespace(**runpy.run_path(str(MAKING)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "station.sqlite"


@pytest.fixture(scope="session")
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


@pytest.fixture
def small_disk(monkeypatch):
    """Return what gives a new ledger so many pages of room, and no more."""
    connect = sqlite3.connect

    def small_disk(room):
        def small(path, *args, **more):
            connection = connect(path, *args, **more)
            if str(path).endswith(".new"):
                connection.execute(f"PRAGMA max_page_count = {room}")
            return connection

        monkeypatch.setattr("station.ledger.carrying.sqlite3.connect", small)

    return small_disk
