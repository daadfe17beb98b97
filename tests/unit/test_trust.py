import logging
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.cdc import aside
from station.cdc.store import InboxStore, Taken
from station.cdc.trust import Refusals, StationKeys
from station.core.errors import KnownError
from station.reporting.signing import KeyRegistry, SignatureError, SigningKey, TrustedKey
from station.reporting.topics import StationIdentity

WHO = StationIdentity("110106", "west", "station-1")
KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "stations.jwks"


def write(path, *keys):
    new = path.with_suffix(".new")
    new.write_bytes(KeyRegistry(keys).write())
    new.replace(path)


def test_enrolling_and_revoking_count_from_the_next_message_on(path):
    write(path)
    keys, jws = StationKeys(path), SigningKey(KEY).sign(b"x")
    with pytest.raises(SignatureError, match="not registered"):
        keys.check(b"x", jws, WHO)
    write(path, TrustedKey(WHO, KEY.public_key()))
    keys.check(b"x", jws, WHO)
    write(path, TrustedKey(WHO, KEY.public_key(), NOW))
    with pytest.raises(SignatureError, match="revoked"):
        keys.check(b"x", jws, WHO)


@pytest.mark.parametrize("content", [b"{", None])
def test_while_the_registry_cannot_be_read_nobody_is_believed(path, content, caplog):
    write(path, TrustedKey(WHO, KEY.public_key()))
    keys, jws = StationKeys(path), SigningKey(KEY).sign(b"x")
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    for _ in range(3):
        with pytest.raises(SignatureError, match="cannot be read"):
            keys.check(b"x", jws, WHO)
    assert len(caplog.records) == 1
    write(path, TrustedKey(WHO, KEY.public_key()))
    keys.check(b"x", jws, WHO)


def test_a_receiver_does_not_start_without_a_registry(path):
    with pytest.raises(KnownError, match="cannot be read"):
        StationKeys(path)


def test_a_flood_of_refusals_does_not_fill_the_log(caplog):
    refusals = Refusals()
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            refusals.note("forged", "fs/v1/\x1b[2J")
    assert len(caplog.records) == 10
    assert "512 so far" in caplog.records[-1].getMessage()
    assert "\x1b" not in caplog.text


def test_a_flood_of_refused_messages_does_not_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(aside, "MOST_SET_ASIDE", 5)
    store = InboxStore(tmp_path / "cdc.sqlite")
    for first in range(0, 12, 3):
        store.add([Taken("t", b"%d" % n, NOW, reason="forged") for n in range(first, first + 3)])
    assert store.inbox().poison == 5
    store.close()
