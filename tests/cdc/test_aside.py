"""Poison is kept once and counted; newer messages wait until the program can read them."""

import json
from datetime import UTC, datetime

from sqlalchemy import select

from station.cdc import receiver
from station.cdc.connection import Arrived
from station.cdc.receiver import reread
from station.cdc.store import Taken
from station.cdc.tables import alert
from station.reporting.payload import NewerPayload, decode_event

TOPIC = "fs/v1/000000/hub/station-1/alert"


def poison(raw, reason="It is no alert."):
    return Taken(TOPIC, raw, datetime.now(UTC), reason=reason)


def test_poison_is_kept_once_with_its_reason_and_how_often_it_came(store):
    store.add([poison(b"1"), poison(b"1"), poison(b"2")])
    store.add([poison(b"1"), poison(b"3", "It names another station.")])
    assert store.inbox().poison == 3
    found = [(why.reason, why.messages, why.times) for why in store.aside(10)]
    assert found == [("It is no alert.", 2, 4), ("It names another station.", 1, 1)]
    assert len(store.aside(1)) == 1


def test_the_same_bytes_by_another_topic_are_another_message(store):
    store.add([poison(b"1"), Taken("fs/v1/a/b/c/alert", b"1", datetime.now(UTC), reason="No.")])
    assert store.inbox().poison == 2


def newer_payload(taken, version="v2"):
    message = json.loads(taken.raw)
    message["type"] = message["type"].removesuffix("v1") + version
    return json.dumps(message).encode()


def stored_ids(store):
    with store._database.reading() as connection:
        return list(connection.scalars(select(alert.c.report_id).order_by(alert.c.position)))


def as_version_1(raw, channel):
    return decode_event(raw.replace(b"alert.v2", b"alert.v1"), channel)


def keep_newer(store, *payloads):
    taken = [receiver._read(Arrived(TOPIC, raw, 0, 1)) for raw in payloads]
    assert all(one.event is None and one.reason is None for one in taken)
    store.add(taken)


def test_an_updated_program_reads_what_it_had_kept(store, say, monkeypatch):
    known, broken, unknown = say(1), say(2), say(3)
    keep_newer(
        store,
        newer_payload(known),
        newer_payload(broken).replace(b'"sequence"', b'"serial"'),
        newer_payload(unknown, "v3"),
    )
    assert reread(store) == (0, 0, 3), "this program has learnt nothing yet"
    assert store.inbox().newer == 3

    def decode(raw, channel):
        if b"alert.v3" in raw:
            raise NewerPayload("The message has version 3.", unknown.report_id)
        return as_version_1(raw, channel)

    monkeypatch.setattr(receiver, "decode_event", decode)
    assert reread(store) == (1, 1, 1)
    counts = store.inbox()
    assert (counts.alerts, counts.poison, counts.newer) == (1, 1, 1)
    assert stored_ids(store) == [str(known.report_id)]
    assert reread(store) == (0, 0, 1), "doing it again changes nothing"


def test_a_newer_message_that_came_as_an_alert_meanwhile_is_stored_once(store, say, monkeypatch):
    sent = say(1)
    keep_newer(store, newer_payload(sent))
    store.add([sent])
    monkeypatch.setattr(receiver, "decode_event", as_version_1)
    assert reread(store) == (1, 0, 0)
    assert (store.inbox().alerts, store.inbox().newer) == (1, 0)


def test_many_newer_messages_are_read_page_by_page(store, say, monkeypatch):
    monkeypatch.setattr(receiver, "_BATCH_SIZE", 3)
    sent = [say(n) for n in range(1, 9)]
    keep_newer(store, *(newer_payload(one) for one in sent))
    monkeypatch.setattr(receiver, "decode_event", as_version_1)
    assert reread(store) == (8, 0, 0)
    assert stored_ids(store) == [str(one.report_id) for one in sent]


def test_a_newer_message_without_an_id_is_set_aside():
    taken = receiver._read(Arrived(TOPIC, b'{"type":"org.fever-station.alert.v2"}', 0, 1))
    assert taken.reason is not None, "its sender cannot be told that it is kept"
