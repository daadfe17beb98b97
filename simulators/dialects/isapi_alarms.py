"""What a Hikvision camera says in its endless alarm stream.

Source: Hikvision Device Network SDK (Thermal) Developer Guide, `EventNotificationAlert`.
Heart-beats are events that are inactive. Assumed without a source: alarms above 37.3 °C, and a
compensation towards a body's temperature of 1 °C.
"""

from datetime import UTC, datetime, timedelta

import numpy as np

from simulators.devices.thermal_camera import Picture
from simulators.faults import Fault, Faults

ALARM_PATH = "/ISAPI/Event/notification/alertStream"
"""Path of the stream."""
ALARM_KIND = "multipart/mixed; boundary=boundary"
"""Its Content-Type."""

_RULE_C = 37.3
_COMPENSATED_C = 1.0
# What a camera's clock says after its battery has died.
_DEAD_CLOCK = timedelta(days=-20_000)


def encode_event(picture: Picture, faults: Faults, *, channel: int, wall: datetime | None) -> bytes:
    """Return one part of the stream: an alarm if the hottest pixel is above the limit.

    Args:
        picture: what the sensor sees.
        faults: whether its clock is wrong.
        channel: the thermal channel.
        wall: the wall-clock time; None takes the machine's.
    """
    at = wall or datetime.now(UTC)
    if faults.has(Fault.CLOCK):
        at += _DEAD_CLOCK
    hottest_c = float(np.nanmax(picture.temperature_c)) + _COMPENSATED_C
    is_alarm = hottest_c > _RULE_C
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">\n'
        f"<ipAddress>127.0.0.1</ipAddress><channelID>{channel}</channelID>"
        f"<dateTime>{at:%Y-%m-%dT%H:%M:%S}</dateTime><activePostCount>1</activePostCount>"
        f"<eventType>{'TMA' if is_alarm else 'videoloss'}</eventType>"
        f"<eventState>{'active' if is_alarm else 'inactive'}</eventState>"
        f"{_regions(hottest_c) if is_alarm else ''}\n</EventNotificationAlert>\n"
    ).encode()
    head = f"--boundary\r\nContent-Type: application/xml\r\nContent-Length: {len(document)}\r\n\r\n"
    return head.encode() + document + b"\r\n"


def _regions(hottest_c: float) -> str:
    return (
        "<DetectionRegionList><DetectionRegionEntry><regionID>1</regionID><TMA>"
        f"<ruleTemperature>{_RULE_C}</ruleTemperature>"
        f"<currTemperature>{hottest_c:.1f}</currTemperature>"
        "<thermometryUnit>degreeCentigrade</thermometryUnit>"
        "</TMA></DetectionRegionEntry></DetectionRegionList>"
    )
