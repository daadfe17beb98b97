"""What stations seal for the CDC: kept unopened and apart, opened by name, deleted in time."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from sqlalchemy import select

from station.__main__ import main
from station.cdc.persons import note_opening, sealed_of
from station.cdc.receiver import Receiver
from station.cdc.store import Taken
from station.cdc.tables import alert, person_opening, poison, sealed_person
from station.cdc.times import to_text
from station.core.identity import Identity, IdentityEntry, IdentityRule
from station.core.registration import HubKind
from station.core.report import ReportKind
from station.reporting.messages.alert import RegistrationData
from station.reporting.persons import Place, seal_person
from station.reporting.sealing import OpeningKey, SealingKey

ZHANG = Identity(name="Zhang San", telephone="139 0000 0000")
JOURNEY = RegistrationData(
    hub=HubKind.TRAIN,
    number="G101",
    car="",
    seat="",
    seat_actual="",
    symptoms=None,
    medicine=None,
    medicine_hours=0,
    exposure=None,
)
KEPT = timedelta(days=14)


@pytest.fixture(scope="module")
def private():
    return X25519PrivateKey.generate()


@pytest.fixture
def told(say, private):
    """Return a registration as a station tells it, sealed under a rule of 14 days."""

    def telling(
        sequence=1,
        *,
        who=ZHANG,
        kind=ReportKind.REGISTERED,
        journey=JOURNEY,
        at=None,
        sealing=None,
        kept=KEPT,
    ):
        taken = say(sequence)
        event, now = taken.event, at or datetime.now(UTC)
        person = None
        if who is not None:
            place = Place(event.source, event.id, event.data.case.case_id)
            rule = IdentityRule.CONFIRMED
            entry = IdentityEntry(place.case, who, rule, "", now, now + kept, True)
            person = seal_person(sealing or OpeningKey(private).public, entry, place)
        changes = {"kind": kind, "registration": journey, "person_sealed": person}
        data = event.data.model_copy(update=changes)
        event = event.model_copy(update={"time": now, "data": data})
        raw = event.model_dump_json().encode()
        return replace(taken, raw=raw, event=event, received_at=now)

    return telling


@pytest.fixture
def key_file(private, tmp_path):
    return written(private, tmp_path / "cdc-encryption.key")


def written(key, path):
    path.touch(0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def column(store, wanted):
    with store._database.reading() as connection:
        return list(connection.scalars(select(wanted)))


def test_what_is_sealed_is_kept_once_unopened_and_not_in_the_alert_itself(store, told):
    taken = told()
    assert len(store.add([taken, taken]).events) == 1
    store.add([taken])
    assert column(store, sealed_person.c.jwe) == [taken.event.data.person_sealed.jwe]
    (raw,) = column(store, alert.c.raw)
    assert b"person_sealed" not in raw and b"Zhang" not in raw
    (kept,) = store.alerts(1)
    assert kept.data.model_dump() == {
        name: value
        for name, value in taken.event.data.model_dump().items()
        if name != "person_sealed"
    }


def test_an_alert_without_anybody_is_kept_byte_for_byte(store, told):
    taken = told(who=None)
    store.add([taken])
    assert column(store, alert.c.raw) == [taken.raw]
    assert column(store, sealed_person.c.jwe) == []


def test_it_is_deleted_after_the_days_of_its_rule(store, told):
    taken = told()
    store.add([taken])
    end = taken.received_at + KEPT
    assert store.delete_expired(end - timedelta(seconds=1)) == 0
    assert store.delete_expired(end) == 1
    assert column(store, sealed_person.c.jwe) == []
    # A second copy of the message, from a station that has not deleted its own yet.
    store.add([taken])
    assert column(store, sealed_person.c.jwe) == []


@pytest.mark.parametrize("clock", [timedelta(days=-400), timedelta(days=400)])
def test_a_station_with_a_wrong_clock_has_nothing_kept_longer(store, told, clock):
    now = datetime.now(UTC)
    store.add([replace(told(at=now + clock), received_at=now)])
    assert all(end <= to_text(now + KEPT) for end in column(store, sealed_person.c.delete_at))
    store.delete_expired(now + KEPT)
    assert column(store, sealed_person.c.jwe) == []


def test_whatever_a_station_says_nobody_is_kept_for_more_than_ten_years(store, told):
    taken = told(kept=timedelta(days=40 * 365))
    store.add([taken])
    (end,) = column(store, sealed_person.c.delete_at)
    assert end == to_text(taken.received_at + timedelta(days=3650))


def test_a_message_that_waited_too_long_brings_nothing_that_must_be_gone(store, told):
    taken = told()
    assert store.add([replace(taken, received_at=taken.received_at + KEPT)]).events
    assert column(store, sealed_person.c.jwe) == []


def test_a_registration_taken_back_takes_its_identity_with_it(store, told):
    now = datetime.now(UTC)
    store.add([told(1, at=now)])
    later = now + timedelta(minutes=1)
    store.add([told(2, who=None, kind=ReportKind.CORRECTED, at=later)])
    assert len(column(store, sealed_person.c.jwe)) == 1, "a later step was taken back, not this"
    store.add([told(3, who=None, kind=ReportKind.CORRECTED, journey=None, at=later)])
    assert column(store, sealed_person.c.jwe) == []


def test_a_new_registration_replaces_what_was_sealed_before(store, told):
    now = datetime.now(UTC)
    store.add([told(1, at=now)])
    second = told(2, at=now + timedelta(minutes=1))
    store.add([second])
    assert column(store, sealed_person.c.jwe) == [second.event.data.person_sealed.jwe]


def test_a_refused_message_is_set_aside_without_it(store, told):
    taken = told()
    store.add([replace(taken, reason="It came by the topic of another station.")])
    (raw,) = column(store, poison.c.raw)
    assert b"person_sealed" not in raw
    store.add([Taken("t", b'"person_sealed"', datetime.now(UTC), reason="It is no alert.")])
    assert store.inbox().poison == 2


def test_deleted_bytes_are_not_left_in_the_file(opened, told, where):
    if not isinstance(where, Path):
        pytest.skip("a server's files are its own")
    taken = told()
    jwe = taken.event.data.person_sealed.jwe.encode()
    with opened() as store:
        store.add([taken])
        assert jwe in bytes_of(where)
        store.delete_expired(taken.received_at + KEPT)
        assert jwe not in bytes_of(where)


def bytes_of(path):
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_the_receiver_deletes_in_time_whether_it_has_a_broker_or_not(opened, told, where):
    with opened() as store:
        store.add([told(at=datetime.now(UTC) - KEPT + timedelta(seconds=1))])
        stop = Event()
        with store._database.writing() as connection:
            past = "2026-01-01T00:00:00.000000Z"
            connection.execute(sealed_person.update().values(delete_at=past))
        receiver = Receiver("127.0.0.1", 1, where, on_stored=lambda event: None)
        with closing(receiver):
            thread = Thread(target=receiver.serve, args=(stop,))
            thread.start()
            try:
                end_s = monotonic() + 60
                while column(store, sealed_person.c.jwe):
                    assert monotonic() < end_s
            finally:
                stop.set()
                thread.join(60)


def opening(where, key_file, case, *more, by="Dr Li"):
    db = str(where) if isinstance(where, Path) else where.render_as_string(hide_password=False)
    arguments = ["--db", db, "--case", str(case), "--key", str(key_file), "--by", by, *more]
    return main(["cdc", "open", *arguments])


def test_whoever_has_the_key_reads_who_it_is_and_the_log_has_their_name(
    store, told, where, key_file, capsys
):
    taken = told()
    store.add([taken])
    assert opening(where, key_file, taken.event.data.case.case_id) == 0
    shown = capsys.readouterr().out
    assert "Name: Zhang San\nTelephone: 139 0000 0000\n" in shown
    assert "Document" not in shown
    assert column(store, person_opening.c.name) == ["Dr Li"]
    assert opening(where, key_file, taken.event.data.case.number, by="Wang") == 0
    assert column(store, person_opening.c.name) == ["Dr Li", "Wang"]


def refused(capsys, *arguments, **options):
    assert opening(*arguments, **options) != 0
    told = capsys.readouterr()
    assert "Zhang" not in told.out + told.err
    return told.err


def test_nothing_is_shown_to_another_key_to_nobody_or_of_a_moved_identity(
    store, told, where, key_file, capsys
):
    taken = told()
    case = taken.event.data.case.case_id
    store.add([taken])
    other = written(X25519PrivateKey.generate(), key_file.with_name("other.key"))
    assert "another key" in refused(capsys, where, other, case)
    assert "--by" in refused(capsys, where, key_file, case, by=" ")
    assert "No identity is sealed" in refused(capsys, where, key_file, uuid4())
    assert "No identity is sealed" in refused(capsys, where, key_file, case, "--station", "x")
    assert "is no case" in refused(capsys, where, key_file, "the tall one")
    with store._database.writing() as connection:
        connection.execute(sealed_person.update().values(case_id=str(uuid4())))
    assert "another alert" in refused(capsys, where, key_file, taken.event.data.case.number)
    assert column(store, person_opening.c.name) == []


def test_the_keys_that_are_still_needed_are_told_with_until_when_and_who_uses_them(
    store, told, where, tmp_path, capsys
):
    folder = ["--dir", str(tmp_path / "ca")]
    key_file, public = tmp_path / "ca" / "cdc-encryption.key", "cdc-encryption.jwk"
    assert main(["pki", "create", *folder]) == main(["pki", "encryption-key", *folder]) == 0
    first = SealingKey.load(key_file.with_name(public))
    taken = told(sealing=first)
    store.add([taken])
    assert main(["pki", "encryption-key", *folder]) == 0
    capsys.readouterr()

    def keys():
        db = where if isinstance(where, Path) else where.render_as_string(hide_password=False)
        code = main(["cdc", "keys", "--db", str(db), "--key", str(key_file)])
        return code, capsys.readouterr().out

    code, said = keys()
    assert code == 0 and f"Key {first.name[:8]}: 1 sealed" in said
    assert f"{taken.event.identity.station} (" in said and "(present): nothing is sealed" in said
    assert main(["pki", "encryption-key", "--retire", first.name, *folder]) == 0
    assert keys()[0] == 1, "a station goes on with a retired key"
    assert opening(where, key_file, taken.event.data.case.case_id) == 0
    assert "others may have read" in capsys.readouterr().err
    (before,) = key_file.parent.glob("cdc-encryption.key.before-*")
    before.rename(tmp_path / "elsewhere")
    code, said = keys()
    assert code == 1 and "This key is not here" in said
    assert first.name[:8] in refused(capsys, where, key_file, taken.event.data.case.case_id)
    store.delete_expired(taken.received_at + KEPT)
    before.with_name("x").touch()
    (tmp_path / "elsewhere").rename(before)
    code, said = keys()
    assert code == 0 and "may be destroyed" in said


def test_what_must_be_gone_is_not_opened_even_before_it_was_deleted(store, told):
    taken = told()
    store.add([taken])
    case = taken.event.data.case.case_id
    with store._database.reading() as connection:
        assert sealed_of(connection, case, None, taken.received_at)
        assert not sealed_of(connection, case, None, taken.received_at + KEPT)


def test_the_log_of_openings_is_never_edited(store, told):
    taken = told()
    store.add([taken])
    now = taken.received_at
    with store._database.writing() as connection:
        (sealed,) = sealed_of(connection, taken.event.data.case.case_id, None, now)
        note_opening(connection, sealed, name="Dr Li", at=now)
    for change in (person_opening.delete(), person_opening.update().values(name="nobody")):
        with pytest.raises(Exception, match="is a log"), store._database.writing() as connection:
            connection.execute(change)
