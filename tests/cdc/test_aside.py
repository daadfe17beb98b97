"""Poison is kept once and counted; newer messages wait until the program can read them."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from station.cdc import aside, receiver
from station.cdc.connection import Arrived
from station.cdc.receiver import reread
from station.cdc.store import Taken
from station.cdc.tables import alert
from station.cdc.trust import StationKeys
from station.reporting.payload import NewerPayload, decode_event
from station.reporting.signing import KeyRegistry, SigningKey, TrustedKey
from station.reporting.topics import StationIdentity

TOPIC = "fs/v1/000000/hub/station-1/alert"
KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
FORGER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)


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
    taken = [receiver._read(Arrived(TOPIC, raw, 0, 1), None) for raw in payloads]
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
    assert reread(store, None) == (0, 0, 3), "this program has learnt nothing yet"
    assert store.inbox().newer == 3

    def decode(raw, channel):
        if b"alert.v3" in raw:
            raise NewerPayload("The message has version 3.", unknown.report_id)
        return as_version_1(raw, channel)

    monkeypatch.setattr(receiver, "decode_event", decode)
    assert reread(store, None) == (1, 1, 1)
    counts = store.inbox()
    assert (counts.alerts, counts.poison, counts.newer) == (1, 1, 1)
    assert stored_ids(store) == [str(known.report_id)]
    assert reread(store, None) == (0, 0, 1), "doing it again changes nothing"


def test_a_newer_message_that_came_as_an_alert_meanwhile_is_stored_once(store, say, monkeypatch):
    sent = say(1)
    keep_newer(store, newer_payload(sent))
    store.add([sent])
    monkeypatch.setattr(receiver, "decode_event", as_version_1)
    assert reread(store, None) == (1, 0, 0)
    assert (store.inbox().alerts, store.inbox().newer) == (1, 0)


def test_many_newer_messages_are_read_page_by_page(store, say, monkeypatch):
    monkeypatch.setattr(receiver, "_BATCH_SIZE", 3)
    sent = [say(n) for n in range(1, 9)]
    keep_newer(store, *(newer_payload(one) for one in sent))
    monkeypatch.setattr(receiver, "decode_event", as_version_1)
    assert reread(store, None) == (8, 0, 0)
    assert stored_ids(store) == [str(one.report_id) for one in sent]


def test_a_newer_message_without_an_id_is_set_aside():
    taken = receiver._read(Arrived(TOPIC, b'{"type":"org.fever-station.alert.v2"}', 0, 1), None)
    assert taken.reason is not None, "its sender cannot be told that it is kept"


@pytest.fixture
def keys(tmp_path):
    """Station-1's key alone is registered."""
    path = tmp_path / "stations.jwks"
    who = StationIdentity("000000", "hub", "station-1")
    path.write_bytes(KeyRegistry([TrustedKey(who, KEY.public_key())]).write())
    return StationKeys(path)


def keep_signed(store, key, raw):
    """Keep it as a receiver does that had been told to believe anybody."""
    signature = SigningKey(key).sign(raw) if key else None
    store.add([receiver._read(Arrived(TOPIC, raw, 0, 1, signature), None)])


@pytest.mark.parametrize(
    "forged", [(None, "is not signed"), (FORGER, "key that is not registered")]
)
def test_a_newer_message_that_nobody_vouches_for_is_set_aside_when_it_is_read(
    store, say, keys, monkeypatch, forged
):
    good, (key, reason) = say(1), forged
    keep_signed(store, KEY, newer_payload(good))
    keep_signed(store, key, newer_payload(say(2)))
    monkeypatch.setattr(receiver, "decode_event", as_version_1)
    assert reread(store, keys) == (1, 1, 0)
    assert stored_ids(store) == [str(good.report_id)]
    assert reason in store.aside(1)[0].reason


def test_a_newer_message_that_is_sent_again_with_a_signature_is_believed(
    store, say, keys, monkeypatch
):
    sent = say(1)
    for key in (None, KEY, None, FORGER):
        keep_signed(store, key, newer_payload(sent))
    assert store.inbox().newer == 1
    monkeypatch.setattr(receiver, "decode_event", as_version_1)
    assert reread(store, keys) == (1, 0, 0)


def test_a_receipted_message_is_kept_even_if_the_place_for_what_is_set_aside_is_full(
    store, say, keys, monkeypatch
):
    monkeypatch.setattr(aside, "MOST_SET_ASIDE", 1)
    store.add([poison(b"1")])
    keep_signed(store, None, newer_payload(say(1)))
    assert reread(store, keys) == (0, 1, 0)
    assert store.inbox().poison == 2


def test_what_was_set_aside_before_is_counted_though_there_is_no_more_room(store, monkeypatch):
    monkeypatch.setattr(aside, "MOST_SET_ASIDE", 1)
    store.add([poison(b"1"), poison(b"2")])
    store.add([poison(b"2"), poison(b"1")])
    assert [(why.messages, why.times) for why in store.aside(5)] == [(1, 2)]


def test_a_signature_that_no_database_takes_is_kept_in_another_form(store, say, keys):
    raw = newer_payload(say(1))
    store.add([receiver._read(Arrived(TOPIC, raw, 0, 1, "a\0\ud800"), None)])
    assert store.inbox().newer == 1
    assert reread(store, keys).aside == 1
