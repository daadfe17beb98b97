"""Who a traveller is reaches the CDC sealed, and only where a rule and a key both say so."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import ValidationError

from station.__main__ import main
from station.cdc.store import InboxStore, Taken
from station.core.cases import CaseState
from station.core.clock_quality import ClockQuality
from station.core.commands import ResolveCase, TakeBack
from station.core.errors import KnownError
from station.core.events import CaseChanged
from station.core.identity import Identity, IdentityRule
from station.core.report import Channel, without_person
from station.reporting.messages.alert import DrillAlertData, RealAlertData
from station.reporting.payload import decode_event
from station.reporting.persons import Place, open_person
from station.reporting.sealing import OpeningKey, SealingKey
from station.reporting.topics import StationIdentity
from station.runtime.case_watch import DeleteExpired
from station.runtime.encoding import StationEncoder
from tests.support import NOON
from tests.unit.records_making import FLOW, ORDER, Desk, confirmed, flag, registered

WHO = StationIdentity("110106", "beijing-west", "station-1")
SHARED = replace(FLOW, identity=replace(FLOW.identity, share_with_cdc=True))
SHARED_ORDER = replace(ORDER, order_id="order-10", share_with_cdc=True)
ZHANG = Identity(name="Zhang San", document="11010119900101")


class Clock:
    def quality(self):
        return ClockQuality.SYNCHRONISED


@pytest.fixture
def key():
    return OpeningKey(X25519PrivateKey.generate())


@pytest.fixture
def desk(tmp_path):
    with closing(Desk(tmp_path / "ledger.sqlite")) as desk:
        yield desk


def sealing(desk, key, flow=SHARED, *, is_drill=False):
    """Let a desk work under this flow and with the CDC's key."""
    public = key.public if key else None
    encoder = StationEncoder(WHO, "Asia/Shanghai", is_drill=is_drill, clock=Clock(), sealing=public)
    desk.flow, desk.encode = flow, encoder.report
    desk.ledger.load_orders(flow.identity.orders)


def messages(desk):
    return [item.payload for item in desk.outbox.waiting(20, 0)]


def sealed(desk):
    """Return the data of the one message that carries a person."""
    (found,) = [one for one in map(json.loads, messages(desk)) if "person_sealed" in one["data"]]
    return found


def place(message):
    case_id = UUID(message["data"]["case"]["case_id"])
    return Place(message["source"], UUID(message["id"]), case_id)


def test_without_a_rule_every_message_is_as_it_was_before_there_was_one(desk, key):
    sealing(desk, key, FLOW)
    registered(desk, confirmed(desk), ZHANG)
    assert desk.ledger.identity(desk.of(CaseChanged)[0].case.case_id) is not None
    for payload in messages(desk):
        assert b"person_sealed" not in payload
        assert json.loads(payload)["data"]["schema_version"] == "1.2"


def test_without_the_cdc_s_key_nobody_is_told(desk):
    sealing(desk, None)
    registered(desk, confirmed(desk), ZHANG)
    assert all(b"person_sealed" not in payload for payload in messages(desk))


def test_with_rule_and_key_the_cdc_alone_can_read_who_it_is(desk, key):
    sealing(desk, key)
    registered(desk, confirmed(desk), ZHANG)
    message = sealed(desk)
    assert message["data"]["kind"] == "registered"
    assert message["data"]["schema_version"] == "1.3"
    opened = open_person(key, message["data"]["person_sealed"]["jwe"], place(message))
    assert opened.identity == ZHANG
    assert (opened.rule, opened.order_id) == (IdentityRule.CONFIRMED, "")
    event = decode_event(json.dumps(message).encode(), Channel.ALERT)
    assert event.data.person_sealed.delete_at == NOON + timedelta(days=14)


def test_an_order_says_for_itself_whether_the_cdc_is_told(desk, key):
    rules = replace(SHARED.identity, orders=(SHARED_ORDER,))
    sealing(desk, key, replace(SHARED, identity=rules))
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    desk.do(ResolveCase(UUID(int=2), case_id, CaseState.UNRESOLVED, ""))
    registered(desk, case_id, Identity(telephone="139"))
    message = sealed(desk)
    opened = open_person(key, message["data"]["person_sealed"]["jwe"], place(message))
    assert (opened.identity.telephone, opened.order_id) == ("139", "order-10")
    assert message["data"]["person_sealed"]["delete_at"] == "2026-11-27T12:00:00Z"


def test_an_order_that_does_not_say_it_shares_nothing_even_if_the_station_does(desk, key):
    sealing(desk, key)
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    desk.do(ResolveCase(UUID(int=2), case_id, CaseState.UNRESOLVED, ""))
    registered(desk, case_id, Identity(telephone="139"))
    assert desk.ledger.identity(case_id).order_id == ORDER.order_id
    assert all(b"person_sealed" not in payload for payload in messages(desk))


def test_a_drill_carries_nobody(desk, key):
    sealing(desk, key, is_drill=True)
    registered(desk, confirmed(desk), ZHANG)
    assert json.loads(messages(desk)[-1])["data"]["kind"] == "registered"
    assert all(b"person_sealed" not in payload for payload in messages(desk))


def test_a_drill_with_a_person_is_no_message(desk, key):
    sealing(desk, key)
    registered(desk, confirmed(desk), ZHANG)
    data = json.dumps({**sealed(desk)["data"], "is_drill": True})
    with pytest.raises(ValidationError, match="person_sealed"):
        DrillAlertData.model_validate_json(data)


def test_a_sealed_person_moved_to_another_alert_or_case_is_refused(desk, key):
    sealing(desk, key)
    registered(desk, confirmed(desk), ZHANG)
    message = sealed(desk)
    jwe, own = message["data"]["person_sealed"]["jwe"], place(message)
    others = (
        own._replace(alert=uuid4()),
        own._replace(case=uuid4()),
        own._replace(source="/fs/110106/beijing-west/station-2"),
    )
    for other in others:
        with pytest.raises(KnownError, match="another alert"):
            open_person(key, jwe, other)


def test_another_key_opens_nothing(desk, key):
    sealing(desk, key)
    registered(desk, confirmed(desk), ZHANG)
    message = sealed(desk)
    other = OpeningKey(X25519PrivateKey.generate())
    with pytest.raises(KnownError, match="another key"):
        open_person(other, message["data"]["person_sealed"]["jwe"], place(message))


def test_what_is_sealed_but_no_identity_shows_nothing_of_it(key):
    with pytest.raises(KnownError, match="no identity") as refused:
        open_person(key, key.public.seal('{"name": "Zhang"}'), Place("", uuid4(), uuid4()))
    assert refused.value.__suppress_context__


def bytes_of(path):
    return b"".join(one.read_bytes() for one in path.parent.iterdir() if one.is_file())


def test_the_plain_name_is_in_the_identity_alone_and_the_sealed_one_goes_with_it(desk, key):
    sealing(desk, key)
    case_id = confirmed(desk)
    registered(desk, case_id, ZHANG)
    desk.ledger.mark_delivered([item.report_id for item in desk.outbox.waiting(20, 0)], NOON)
    sealed_text = first_sealed(desk)
    assert sealed_text in bytes_of(desk.path)
    assert "Zhang" not in repr(desk.events)
    desk.do(DeleteExpired(NOON + timedelta(days=14)))
    assert b"Zhang" not in bytes_of(desk.path)
    assert sealed_text not in bytes_of(desk.path)
    remaining = [json.loads(item.payload) for item in every(desk)]
    assert [one["data"]["kind"] for one in remaining][-1] == "registered"
    # What is asked for again still is the same message of the same form.
    last = decode_event(json.dumps(remaining[-1]).encode(), Channel.ALERT)
    assert last.data.person_sealed is None


def every(desk):
    return desk.outbox.numbered(desk.ledger.epoch, 1, 100, 100)


def first_sealed(desk):
    (jwe,) = [
        message["data"]["person_sealed"]["jwe"]
        for message in (json.loads(item.payload) for item in every(desk))
        if "person_sealed" in message["data"]
    ]
    return jwe.encode()


def test_a_registration_taken_back_takes_the_sealed_person_out_of_its_message(desk, key):
    sealing(desk, key)
    case_id = confirmed(desk)
    registered(desk, case_id, ZHANG)
    text = first_sealed(desk)
    desk.do(TakeBack(UUID(int=5), case_id))
    assert text not in bytes_of(desk.path)


def test_a_message_keeps_every_other_value_when_its_person_is_taken_out(desk, key):
    sealing(desk, key)
    registered(desk, confirmed(desk), ZHANG)
    message = sealed(desk)
    bare = without_person(json.dumps(message).encode())
    with_person = RealAlertData.model_validate_json(json.dumps(message["data"]))
    without = RealAlertData.model_validate_json(json.dumps(json.loads(bare)["data"]))
    assert without == with_person.model_copy(update={"person_sealed": None})
    assert without_person(bare) is bare


def made_by_the_cdc(folder):
    """Return the two files that the CDC's own command makes."""
    assert main(["pki", "create", "--dir", str(folder)]) == 0
    assert main(["pki", "encryption-key", "--dir", str(folder)]) == 0
    return folder / "cdc-encryption.key", folder / "cdc-encryption.jwk"


def test_the_whole_way_from_registration_to_whoever_opens_it(desk, tmp_path, capsys):
    private, public = made_by_the_cdc(tmp_path / "pki")
    encoder = StationEncoder(
        WHO, "Asia/Shanghai", is_drill=False, clock=Clock(), sealing=SealingKey.load(public)
    )
    desk.flow, desk.encode, desk.time = SHARED, encoder.report, datetime.now(UTC)
    case_id = confirmed(desk)
    registered(desk, case_id, ZHANG)
    inbox = tmp_path / "cdc.sqlite"
    with closing(InboxStore(inbox)) as store:
        for item in desk.outbox.waiting(20, 0):
            event = decode_event(item.payload, item.channel)
            topic = WHO.topic(item.channel)
            taken = Taken(topic, item.payload, desk.time, event=event, report_id=event.id)
            assert store.add([taken]).events
        assert b"Zhang" not in b"".join(one.read_bytes() for one in tmp_path.glob("cdc.sqlite*"))
    capsys.readouterr()
    where = ["--db", str(inbox), "--case", str(case_id), "--key", str(private)]
    assert main(["cdc", "open", *where, "--by", "Dr Li"]) == 0
    assert "Name: Zhang San" in capsys.readouterr().out


def test_check_config_takes_the_cdc_s_public_key_alone(tmp_path, capsys):
    private, public = made_by_the_cdc(tmp_path / "pki")
    site = tmp_path / "site.toml"
    for key, code, words in (
        (public, 0, "identities sealed for the CDC"),
        (private, 2, "name cdc-encryption.jwk"),
        (tmp_path / "missing.jwk", 2, "name cdc-encryption.jwk"),
    ):
        site.write_text(
            f'[link]\ncdc_encryption_key_file = "{key}"\n[registration]\nshare_with_cdc = true\n'
        )
        assert main(["check-config", str(site)]) == code
        told = capsys.readouterr()
        assert words in told.out + told.err
