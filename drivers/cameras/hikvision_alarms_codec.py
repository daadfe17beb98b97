"""The alarm stream of Hikvision thermal cameras, bytes to alarms, without I/O. EXPERIMENTAL.

The temperatures in it are the camera's own: it may already have compensated them towards a body's,
bent or rounded them. They are labelled so and never mixed with the surface matrix.

Source: Hikvision Device Network SDK (Thermal) Developer Guide, `EventNotificationAlert`; the event
type of fever models' face alarms is not confirmed by any capture.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from xml.etree import ElementTree

from drivers.errors import ProtocolError

_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"content-length:\s*(\d{1,8})", re.IGNORECASE)
_XML_END = b"</EventNotificationAlert>"
# Pictures of a face alarm come as parts of their own.
_LARGEST_PART = 8_000_000
_POSSIBLE_C = (-40.0, 600.0)


@dataclass(frozen=True, slots=True)
class CameraAlarm:
    """One event of the camera. Its temperatures are corrected by the device: no surface values."""

    event_type: str
    """As the camera calls it: TMA for a temperature alarm."""
    is_active: bool
    """Whether it begins or goes on; heart-beats are inactive events."""
    channel: int | None
    """The channel, where told."""
    device_time: str
    """The camera's own clock, as written: often wrong, never used."""
    device_corrected_c: float | None
    """What the camera calls the current temperature, °C; None where it tells none."""
    rule_c: float | None
    """Its own alarm limit, °C; None where it tells none."""


class AlarmParser:
    """Takes the body of the stream in any chunking; the chunking changes nothing.

    Args:
        boundary: the multipart boundary from the Content-Type header.
    """

    def __init__(self, boundary: str) -> None:
        self._mark = b"--" + boundary.encode("utf-8")
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[CameraAlarm]:
        """Return each whole alarm; pictures between them are skipped.

        Raises:
            ProtocolError: if a part is none, or longer than any; open the stream anew then.
        """
        self._buffer += data
        return list(self._alarms())

    def _alarms(self) -> Iterator[CameraAlarm]:
        while (part := self._next_part()) is not None:
            if part.lstrip().startswith(b"<"):
                yield decode_alarm(part)

    def _next_part(self) -> bytes | None:
        """Cut the next whole part off the buffer, or return None until more has come."""
        start = self._buffer.find(self._mark)
        if start < 0:
            if len(self._buffer) > _LARGEST_PART:
                raise ProtocolError("this is no alarm stream", bytes(self._buffer[:32]))
            return None
        headers_end = _HEADERS_END.search(self._buffer, start)
        if headers_end is None:
            return self._more_needed(start)
        body_start = headers_end.end()
        length = _LENGTH.search(self._buffer, start, body_start)
        if length is not None:
            if int(length[1]) > _LARGEST_PART:
                raise ProtocolError("a part of the alarm stream is too long")
            body_end = body_start + int(length[1])
        else:
            # Some firmware gives no length: an XML part then ends with its last tag.
            found = self._buffer.find(_XML_END, body_start)
            if found < 0:
                return self._more_needed(start)
            body_end = found + len(_XML_END)
        if len(self._buffer) < body_end:
            return self._more_needed(start)
        body = bytes(self._buffer[body_start:body_end])
        del self._buffer[:body_end]
        return body

    def _more_needed(self, start: int) -> bytes | None:
        if len(self._buffer) - start > 2 * _LARGEST_PART:
            raise ProtocolError("a part of the alarm stream never ends")
        return None


def decode_alarm(document: bytes) -> CameraAlarm:
    """Return the alarm of one XML document, whatever its namespace.

    Raises:
        ProtocolError: if it is none.
    """
    if b"<!" in document:
        # No camera sends entities; nothing may be expanded or fetched.
        raise ProtocolError("an alarm of the camera declares entities", document)
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - without declarations, see above
    except (ElementTree.ParseError, ValueError) as error:
        raise ProtocolError("an alarm of the camera is no XML", document) from error
    texts = {item.tag.rpartition("}")[2]: (item.text or "").strip() for item in root.iter()}
    if root.tag.rpartition("}")[2] != "EventNotificationAlert" or not texts.get("eventType"):
        raise ProtocolError("the camera sent something that is no alarm", document)
    unit = texts.get("thermometryUnit", "degreeCentigrade")
    return CameraAlarm(
        event_type=texts["eventType"],
        is_active=texts.get("eventState") == "active",
        channel=int(texts["channelID"]) if texts.get("channelID", "").isdecimal() else None,
        device_time=texts.get("dateTime", ""),
        device_corrected_c=_celsius(texts.get("currTemperature"), unit, document),
        rule_c=_celsius(texts.get("ruleTemperature"), unit, document),
    )


def _celsius(text: str | None, unit: str, document: bytes) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise ProtocolError("an alarm's temperature is no number", document) from error
    convert = {
        "degreecentigrade": lambda v: v,
        "degreecelsius": lambda v: v,
        "degreefahrenheit": lambda v: (v - 32) / 1.8,
        "degreekelvin": lambda v: v - 273.15,
    }.get(unit.lower())
    if convert is None:
        raise ProtocolError(f"an alarm's temperature has an unknown unit {unit[:40]!r}", document)
    celsius = float(convert(value))
    low_c, high_c = _POSSIBLE_C
    if not (isfinite(celsius) and low_c <= celsius <= high_c):
        raise ProtocolError("an alarm tells an impossible temperature", document)
    return round(celsius, 2)
