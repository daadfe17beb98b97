import runpy
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from station.cdc.store import InboxStore, Taken
from station.ledger.store import SqlLedger
from station.reporting.payload import decode_event

EPOCH = UUID(int=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, tmp_path):
    if request.param == "sqlite":
        return tmp_path / "cdc.sqlite"
    return request.getfixturevalue("postgres").fresh_database()


@pytest.fixture
def opened(where):
    """Open the inbox, as often as wished."""

    @contextmanager
    def open_it(**options):
        with closing(InboxStore(where, **options)) as store:
            yield store

    return open_it


@pytest.fixture
def store(opened):
    with opened() as store:
        yield store


@pytest.fixture
def say(tmp_path):
    """Return a message as a station sends it."""
    making = SimpleNamespace(
        **runpy.run_path(str(Path(__file__).parents[1] / "ledger" / "making.py"))
    )
    with SqlLedger(tmp_path / "station.sqlite") as ledger:
        [item] = making.flagged(ledger).outbox
    template = decode_event(item.payload, item.channel)

    def taken(sequence=1, *, epoch=EPOCH, report_id=None, station="station-1", at=None):
        data = template.data.model_copy(update={"epoch": epoch, "sequence": sequence})
        alert = template.model_copy(
            update={
                "id": report_id or uuid4(),
                "source": f"/fs/000000/hub/{station}",
                "time": at or template.time,
                "data": data,
            }
        )
        return Taken(
            alert.identity.topic(item.channel),
            alert.model_dump_json().encode(),
            datetime.now(UTC),
            event=alert,
            report_id=alert.id,
        )

    return taken
