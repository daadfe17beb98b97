"""What must be true afterwards: every row told is in the ledger, every alert once at the CDC."""

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from station.cdc.store import InboxStore
from station.ledger.store import SqlLedger

# A reading may come so long after its trigger.
_LATE_S = 1.5
# Six values take turns, one each 2.2 s.
_SAME_S = 10.0


def lost_rows(ledger_path, witness):
    """Yield each thing that the station told and its ledger does not hold."""
    with SqlLedger(ledger_path) as ledger:
        for passage_id in witness.passages:
            if ledger.passage(passage_id) is None:
                yield f"passage {passage_id} was told and is not in the ledger"
        for reading_id, told in witness.readings.items():
            kept = ledger.reading(reading_id)
            # Its place on the body is said when it is attached.
            if kept is None or replace(kept, site=None) != replace(told, site=None):
                yield f"reading {reading_id} was told and is not so in the ledger"
        trail = _trail(ledger_path)
        for case_id, state, readings in witness.told:
            case = ledger.case(case_id)
            if case is None:
                yield f"case {case_id} was told and is not in the ledger"
                continue
            kept = {reading.reading_id for reading in case.readings}
            if not readings <= kept:
                yield f"case {case.number} was told with a reading that the ledger does not hold"
            if (case_id, state.value) not in trail:
                yield f"case {case.number} was told {state.value}; its trail has no such step"


def lost_triggers(ledger_path, triggers, witness):
    """Yield each pull of the gun's trigger that a station with a ready gun did not record once.

    Args:
        ledger_path: the station's ledger.
        triggers: (monotonic seconds, °C) of each pull that the simulator carried out.
        witness: knows when the gun could be used.
    """
    with closing(_connect(ledger_path)) as connection:
        rows = connection.execute("SELECT body_c, taken_at FROM reading").fetchall()
    # Both clocks are this machine's.
    ahead_s = time.time() - time.monotonic()
    recorded = [(round(body_c, 1), _utc_s(at) - ahead_s) for body_c, at in rows]
    for pulled_s, body_c in triggers:
        # The same value comes again later than this.
        found = next(
            (one for one in recorded if one[0] == body_c and -0.5 < one[1] - pulled_s < _SAME_S),
            None,
        )
        if found is not None:
            recorded.remove(found)
        elif _was_ready(witness.gun, pulled_s):
            yield f"the gun showed {body_c} °C at {pulled_s:.1f} s to a ready station: not recorded"


def undelivered(ledger_path, inbox_path):
    """Yield each alert that is not exactly once at the CDC, and each that nobody sent."""
    with closing(_connect(ledger_path)) as connection:
        sent = connection.execute("SELECT report_id, state FROM outbox WHERE case_id IS NOT NULL")
        states = {UUID(report_id): state for report_id, state in sent}
    with closing(InboxStore(inbox_path, read_only=True)) as store:
        arrived = [alert.id for alert in store.alerts(100_000)]
        gaps = store.gaps()
    if gaps:
        yield f"the CDC misses numbers: {gaps}"
    for report_id, state in states.items():
        if (count := arrived.count(report_id)) != 1 or state != "delivered":
            yield f"alert {report_id} ({state}) is {count} times at the CDC"
    for report_id in set(arrived) - set(states):
        yield f"alert {report_id} is at the CDC and not in the ledger"


def counts(ledger_path):
    """Return how many rows the tables hold, and whether SQLite finds the file sound."""
    tables = ("passage", "case_", "case_step", "reading", "outbox")
    with closing(_connect(ledger_path)) as connection:
        found = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in tables
        }
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    return found | {"integrity": sound}


def all_delivered(ledger_path):
    """Whether nothing waits in the outbox."""
    with closing(_connect(ledger_path)) as connection:
        row = connection.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
    return row[0] == 0


def _was_ready(gun, pulled_s):
    """Whether the gun was ready from half a second before the trigger until its reading is due."""
    before = [is_ready for at_s, is_ready in gun if at_s <= pulled_s - 0.5][-1:]
    since = [is_ready for at_s, is_ready in gun if pulled_s - 0.5 < at_s <= pulled_s + _LATE_S]
    return before == [True] and all(since)


def _utc_s(stored):
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()


def _trail(ledger_path):
    with closing(_connect(ledger_path)) as connection:
        rows = connection.execute("SELECT case_id, state FROM case_step").fetchall()
    return {(UUID(case_id), state) for case_id, state in rows}


def _connect(path):
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)
