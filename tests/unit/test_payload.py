import json
import math
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.core.cases import (
    BodySite,
    CaseOutcome,
    CaseState,
    Handover,
    HandoverStep,
    TrustClass,
)
from station.core.clock_quality import ClockQuality
from station.core.errors import KnownError
from station.core.registration import HubKind, Medicine, Registration, Symptom
from station.core.report import BodyFinding, Channel, Report, ReportKind, SkinFinding
from station.reporting.composing import encode_report
from station.reporting.messages.alert import DrillAlert, RealAlert, RegistrationData
from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.payload import (
    NewerPayload,
    PayloadError,
    UnknownType,
    decode_event,
    decode_receipt,
    encode_receipt,
)
from station.reporting.topics import StationIdentity, channel_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO = StationIdentity("000000", "hub", "station-1")
EPOCH = uuid4()
MEASURED = SkinFinding(37.25, 0.2, "inner_canthus", "above", (), "policy")
DOUBT = SkinFinding(None, None, None, "not_measured", ("covered_eyes",), "policy")
JOURNEY = Registration(
    HubKind.TRAIN, "G101", "07", "12F", "12F", (Symptom.COUGH,), Medicine.NONE, 12, ()
)
REPORT = Report(
    report_id=uuid4(),
    kind=ReportKind.SECOND_READING,
    case_id=uuid4(),
    case_number=3,
    case_state=CaseState.REFERRED,
    lane="国际到达 1",
    flagged_at=NOON,
    reported_at=NOON,
    skin=MEASURED,
    body=(BodyFinding(38.4, NOON, "thermo-1", TrustClass.TYMPANIC, BodySite.EAR),),
    handover=(Handover(HandoverStep.REQUESTED, NOON, "120"),),
    registration=JOURNEY,
    outcome=CaseOutcome.NEGATIVE,
)


def encoded(report=REPORT, *, is_drill=False, clock=ClockQuality.SYNCHRONISED):
    return encode_report(report, WHO, EPOCH, 7, is_drill=is_drill, clock=clock)


def decode_report(payload):
    return decode_event(payload, Channel.ALERT)


def changed(**changes):
    message = json.loads(encoded())
    for place, value in changes.items():
        *parents, last = place.split("__")
        part = message
        for parent in parents:
            part = part[parent]
        part[last] = value
    return json.dumps(message).encode()


@pytest.mark.parametrize("skin", [MEASURED, DOUBT], ids=["measured", "not measured"])
def test_every_field_of_a_report_arrives(skin):
    report = replace(REPORT, skin=skin)
    alert = decode_report(encoded(report))
    data = alert.data
    assert (alert.id, alert.identity, alert.time) == (report.report_id, WHO, NOON)
    assert (data.epoch, data.sequence, data.is_drill, data.kind) == (EPOCH, 7, False, report.kind)
    assert (data.case.case_id, data.case.number) == (report.case_id, 3)
    assert (data.case.state, data.case.lane) == (report.case_state, report.lane)
    assert data.case.flagged_at == NOON
    assert data.skin.skin_surface_temperature_c == skin.skin_c
    assert data.skin.standard_uncertainty_c == skin.u_c
    assert (data.skin.site, data.skin.outcome) == (skin.site, skin.outcome)
    assert (data.skin.reasons, data.skin.policy_id) == (skin.reasons, skin.policy_id)
    [body] = data.body
    assert (body.body_temperature_c, body.taken_at, body.device_id) == (38.4, NOON, "thermo-1")
    assert body.trust is TrustClass.TYMPANIC
    [step] = data.handover
    assert (step.step, step.at, step.to) == (HandoverStep.REQUESTED, NOON, "120")
    assert (body.body_site, data.outcome) == (BodySite.EAR, CaseOutcome.NEGATIVE)
    assert RegistrationData(**asdict(JOURNEY)) == data.registration
    assert len(fields(Report)) == 13, "a new field of Report needs its place in the message"


def test_the_message_is_a_cloud_event_in_structured_json():
    message = json.loads(encoded())
    assert message["specversion"] == "1.0"
    assert message["id"] == str(REPORT.report_id)
    assert message["source"] == "/fs/000000/hub/station-1"
    assert message["type"] == "org.fever-station.alert.v1"
    assert message["time"] == "2026-11-24T12:00:00Z"
    assert message["datacontenttype"] == "application/json"


def test_skin_and_body_temperatures_have_names_that_cannot_be_mixed_up():
    text = encoded().decode()
    assert '"skin_surface_temperature_c":37.25' in text
    assert '"body_temperature_c":38.4' in text
    assert '"temperature_c"' not in text


def test_the_same_report_gives_the_same_bytes():
    assert encoded() == encoded()


@pytest.mark.parametrize(
    "payload",
    [
        changed(surname="Li"),
        changed(data__surname="Li"),
        changed(data__skin__surname="Li"),
        changed(data__sequence=0),
        changed(data__sequence=10**30),
        changed(data__sequence="7"),
        changed(data__sequence=True),
        changed(data__skin__skin_surface_temperature_c=math.nan),
        changed(data__skin__skin_surface_temperature_c=math.inf),
        changed(data__skin__skin_surface_temperature_c="37"),
        changed(data__skin__skin_surface_temperature_c=None),
        changed(data__skin__outcome="pass"),
        changed(data__case__lane="a\x1b[2Jb"),
        changed(data__case__lane="x" * 201),
        changed(data__case__flagged_at="2026-11-24T12:00:00"),
        changed(data__case__flagged_at=1_800_000_000),
        changed(source="/fs/a/b"),
        changed(source="/fs/a/b/+"),
        changed(specversion="2.0"),
        changed(type="org.other"),
        changed(type="org.fever-station.alert.v0"),
        changed(data__clock="perhaps"),
        changed(data__is_drill=True),
        changed(data__handover=[{"step": "requested", "at": "2026-11-24T12:00:00Z", "to": "\x07"}]),
        changed(data=None),
        changed(data__schema_version="1"),
    ],
)
def test_a_faulty_message_is_refused_and_its_id_still_known(payload):
    with pytest.raises(PayloadError) as caught:
        decode_report(payload)
    assert caught.value.report_id == REPORT.report_id
    assert not isinstance(caught.value, NewerPayload)


def test_a_newer_minor_version_is_read_without_what_we_do_not_know():
    alert = decode_report(
        changed(data__schema_version="1.4", data__new=[1], data__skin__mask=True, trace="x")
    )
    assert isinstance(alert, RealAlert)
    assert alert.data.case.number == 3


def test_a_newer_minor_version_with_words_that_we_do_not_know_is_told_apart_with_its_id():
    with pytest.raises(NewerPayload) as caught:
        decode_report(changed(data__schema_version="1.4", data__kind="laboratory"))
    assert caught.value.report_id == REPORT.report_id
    with pytest.raises(PayloadError) as caught:
        decode_report(changed(data__kind="laboratory"))
    assert not isinstance(caught.value, NewerPayload)


def test_an_alert_of_the_first_version_is_read_as_one_whose_clock_nobody_knows():
    message = json.loads(encoded())
    message["data"].update(schema_version="1.0", clock=None, handover=None)
    del message["data"]["clock"], message["data"]["handover"]
    alert = decode_report(json.dumps(message).encode())
    assert alert.data.clock is ClockQuality.NOT_KNOWN


@pytest.mark.parametrize("quality", list(ClockQuality))
def test_every_alert_says_how_far_its_clock_is_to_be_believed(quality):
    assert decode_report(encoded(clock=quality)).data.clock is quality


def test_a_drill_has_its_own_type_and_no_real_channel_takes_it():
    drill = encoded(is_drill=True)
    alert = decode_event(drill, Channel.DRILL_ALERT)
    assert isinstance(alert, DrillAlert)
    assert (alert.type, alert.data.is_drill) == ("org.fever-station.drill.alert.v1", True)
    for payload, channel in ((drill, Channel.ALERT), (encoded(), Channel.DRILL_ALERT)):
        with pytest.raises(PayloadError, match="came by the topic of") as caught:
            decode_event(payload, channel)
        assert caught.value.report_id == REPORT.report_id


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.9"])
def test_a_drill_that_names_the_real_type_is_never_real(version):
    disguised = changed(data__is_drill=True, data__schema_version=version)
    with pytest.raises(PayloadError):
        decode_report(disguised)
    undisguised = json.loads(encoded(is_drill=True))
    undisguised["data"].update(is_drill=False, schema_version=version)
    with pytest.raises(PayloadError):
        decode_event(json.dumps(undisguised).encode(), Channel.DRILL_ALERT)


def test_a_message_of_a_type_that_nobody_knows_is_set_aside_with_its_id():
    for name in ("org.fever-station.weather.v1", "org.fever-station.weather.v2", "com.x", ""):
        with pytest.raises(UnknownType, match="type") as caught:
            decode_report(changed(type=name))
        assert caught.value.report_id == REPORT.report_id


def test_a_newer_major_version_is_told_apart_with_its_id():
    with pytest.raises(NewerPayload) as caught:
        decode_report(changed(type="org.fever-station.alert.v2", data="different"))
    assert caught.value.report_id == REPORT.report_id


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b'{"id":' * 10_000,
        b"9" * 60_000,
        b'{"id":' + b"9" * 60_000 + b"}",
        b'"\\ud800"',
        b'{"id":"\\udfff"}',
        b'{"\\u0000":1}',
        b"NaN",
        b"x" * 1_000_000,
        b"null",
    ],
)
def test_hostile_bytes_are_refused_with_a_short_sentence(payload):
    for decode in (decode_report, decode_receipt):
        with pytest.raises(PayloadError) as caught:
            decode(payload)
        assert isinstance(caught.value, KnownError)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 1500


def test_a_message_may_have_65536_bytes_and_no_more():
    largest = encoded().ljust(65_536)
    assert decode_report(largest).data == decode_report(encoded()).data
    with pytest.raises(PayloadError, match="65537 bytes, 65536 at most"):
        decode_report(largest + b" ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.uuids().map(str),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=20,
)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_refusal(payload):
    for decode in (decode_report, decode_receipt):
        with pytest.raises(PayloadError):
            decode(payload)


@given(JSON)
def test_any_json_gives_a_refusal(value):
    with pytest.raises(PayloadError):
        decode_report(json.dumps(value).encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.data())
def test_a_message_with_changed_bytes_gives_an_alert_or_a_refusal(data):
    payload = bytearray(encoded())
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        alert = decode_report(bytes(payload))
    except PayloadError:
        return
    assert alert.identity.alert_topic.count("/") == 5


PARTS = ["data", "data__case", "data__skin", "data__clock", "data__handover", "time"]


@given(st.sampled_from(PARTS), JSON)
def test_any_part_replaced_gives_an_alert_or_a_refusal(place, value):
    try:
        alert = decode_report(changed(**{place: value}))
    except PayloadError:
        return
    assert isinstance(alert.id, UUID)


def test_a_report_with_a_temperature_that_is_none_is_never_sent():
    for skin in (replace(MEASURED, skin_c=math.nan), replace(DOUBT, skin_c=37.0)):
        with pytest.raises(PayloadError) as caught:
            encoded(replace(REPORT, skin=skin))
        assert caught.value.report_id == REPORT.report_id


def receipted(receipt):
    return encode_receipt(receipt, event_id=uuid4(), at=NOON)


def test_a_receipt_comes_back_equal():
    receipt = Receipt(
        stored=(uuid4(), uuid4()),
        duplicate=(uuid4(),),
        rejected=(RejectedReport(id=uuid4(), reason="faulty"),),
    )
    assert decode_receipt(receipted(receipt)) == receipt
    assert receipt.kept == receipt.stored + receipt.duplicate


def test_a_receipt_with_later_additions_is_read():
    receipt = Receipt(stored=(uuid4(),))
    later = {**json.loads(receipted(receipt)), "at": "2027"}
    later["data"]["signature"] = "x"
    assert decode_receipt(json.dumps(later).encode()) == receipt


def test_topics_name_the_station_and_come_back():
    assert WHO.alert_topic == "fs/v1/000000/hub/station-1/alert"
    for channel in Channel:
        assert StationIdentity.from_topic(WHO.topic(channel)) == WHO
        assert channel_of(WHO.topic(channel)) is channel
        assert ("/drill/" in WHO.topic(channel)) == channel.is_drill
    assert channel_of("fs/v1/a/b/c/weather") is None
    assert StationIdentity.from_topic("fs/v1/a/b/c/weather") is None
    assert StationIdentity.from_source(WHO.source) == WHO


@pytest.mark.parametrize("name", ["", "a/b", "+", "#", "a b", "站", "x" * 65, "a\n"])
def test_a_name_that_would_break_topics_is_refused(name):
    with pytest.raises(KnownError, match="cannot be part of a topic"):
        StationIdentity("000000", "hub", name)
    assert StationIdentity.from_topic(f"fs/v1/a/{name}/c/alert") is None
