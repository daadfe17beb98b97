"""The camera's alarm stream: any chunking gives the same alarms, garbage gives none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.hikvision_alarms_codec import AlarmParser, CameraAlarm, decode_alarm
from drivers.errors import ProtocolError

# Constructed from the developer guide's field names; no capture.
ALARM = (
    b'<EventNotificationAlert xmlns="http://www.isapi.org/ver20/XMLSchema">'
    b"<channelID>2</channelID><dateTime>1970-01-01T00:00:00</dateTime>"
    b"<eventType>TMA</eventType><eventState>active</eventState><DetectionRegionList>"
    b"<DetectionRegionEntry><TMA><ruleTemperature>37.3</ruleTemperature>"
    b"<currTemperature>%s</currTemperature><thermometryUnit>%s</thermometryUnit>"
    b"</TMA></DetectionRegionEntry></DetectionRegionList></EventNotificationAlert>"
)
GOOD = ALARM % (b"38.1", b"degreeCentigrade")
DECODED = CameraAlarm("TMA", True, 2, "1970-01-01T00:00:00", 38.1, 37.3)


def part(body, *, has_length=True):
    length = f"Content-Length: {len(body)}\r\n" if has_length else ""
    return b"--b\r\nContent-Type: application/xml\r\n" + length.encode() + b"\r\n" + body + b"\r\n"


def test_an_alarm_is_understood_whatever_its_namespace():
    assert decode_alarm(GOOD) == DECODED
    assert (
        decode_alarm(GOOD.replace(b' xmlns="http://www.isapi.org/ver20/XMLSchema"', b"")) == DECODED
    )


def test_fahrenheit_is_converted_once_here():
    text = ALARM % (b"100.4", b"degreeFahrenheit")
    assert decode_alarm(text.replace(b"37.3", b"99.1")).device_corrected_c == 38.0


def test_a_heart_beat_has_no_temperature():
    beat = b"<EventNotificationAlert><eventType>videoloss</eventType></EventNotificationAlert>"
    assert decode_alarm(beat) == CameraAlarm("videoloss", False, None, "", None, None)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html/>",
        b"<EventNotificationAlert/>",
        b"<EventNotificationAlert",
        ALARM % (b"hot", b"degreeCentigrade"),
        ALARM % (b"nan", b"degreeCentigrade"),
        ALARM % (b"9000", b"degreeCentigrade"),
        ALARM % (b"38.1", b"degreeRomer"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + GOOD,
        "<EventNotificationAlert>\udcff".encode("utf-8", "surrogateescape"),
    ],
)
def test_what_is_no_alarm_is_refused(document):
    with pytest.raises(ProtocolError):
        decode_alarm(document)


@pytest.mark.parametrize("has_length", [True, False])
@given(cuts=st.lists(st.integers(0, 1500), max_size=8))
def test_any_chunking_gives_the_same_alarms(has_length, cuts):
    picture = (
        b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: 9\r\n\r\n\xff\xd8<--b\r\n!\xd9\r\n"
    )
    stream = part(GOOD, has_length=has_length) + picture + part(GOOD, has_length=has_length)
    parser, found = AlarmParser("b"), []
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for start, end in pairwise(edges):
        found += parser.feed(stream[start:end])
    assert found == [DECODED, DECODED]


@given(data=st.binary(max_size=400))
def test_garbage_gives_no_alarm(data):
    try:
        assert AlarmParser("b").feed(data) == []
    except ProtocolError:
        pass


def test_a_part_that_claims_too_much_is_refused():
    with pytest.raises(ProtocolError, match="too long"):
        AlarmParser("b").feed(b"--b\r\nContent-Length: 99999999\r\n\r\n")
