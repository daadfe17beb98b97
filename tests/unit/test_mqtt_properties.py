"""What tells a receiver how to read an alert: our bytes are those that paho reads."""

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.reporting.mqtt import Packed
from station.reporting.payload import CONTENT_TYPE
from station.reporting.signing import SIGNATURE_PROPERTY


@pytest.mark.parametrize(
    ("signature", "pairs"),
    [(None, None), ("a" * 86, [(SIGNATURE_PROPERTY, "a" * 86)]), ("", [(SIGNATURE_PROPERTY, "")])],
)
def test_paho_reads_the_packed_properties(signature, pairs):
    packed = Packed(signature).pack()
    read = Properties(PacketTypes.PUBLISH)
    _, length = read.unpack(packed)
    assert length == len(packed)
    assert (read.PayloadFormatIndicator, read.ContentType) == (1, CONTENT_TYPE)
    assert getattr(read, "UserProperty", None) == pairs
