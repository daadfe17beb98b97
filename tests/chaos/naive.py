"""What many would write instead: publish with QoS 1 and trust paho's queue and the broker.

It is here so that the campaign can fail: the same flags, the same faults, and alerts are lost.
"""

import signal
import threading
from pathlib import Path
from uuid import uuid4

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from config.loader import load_settings
from station.core.cases import open_case
from station.core.clock_quality import ClockQuality
from station.core.report import ReportKind, build_report
from station.reporting.composing import encode_report
from station.reporting.signing import SIGNATURE_PROPERTY
from station.reporting.topics import StationIdentity
from station.runtime.link_files import signing_key, tls_files
from tests.chaos.door import Door, flag_number


class NaiveStation:
    """Publishes each flag at once and calls it sent: no ledger, no receipt."""

    def __init__(self, settings):
        own, link = settings.station, settings.link
        self._identity = StationIdentity(own.region, own.site, own.station_id)
        self._key = signing_key(link)
        self._epoch, self._sequence = uuid4(), 0
        self.door = None
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=self._identity.station, protocol=MQTTv5
        )
        if tls := tls_files(link):
            client.tls_set_context(tls.context(self._identity.station))
        client.reconnect_delay_set(1, 1)
        client.connect_async(link.host, link.port, 15)
        client.loop_start()
        self._client = client

    def number(self):
        return self._epoch, self._sequence

    def put(self, flag):
        case, _ = open_case(
            case_id=uuid4(),
            number=flag.passage.traveller,
            opened_at=flag.passage.last_at,
            lane=flag.passage.lane,
            traveller=flag.passage.traveller,
            passage_id=flag.passage.passage_id,
            screening=flag.passage.screening,
            point=None,
        )
        report = build_report(uuid4(), ReportKind.FLAGGED, case, at=flag.passage.last_at)
        self._sequence += 1
        payload = encode_report(
            report,
            self._identity,
            self._epoch,
            self._sequence,
            is_drill=False,
            clock=ClockQuality.NOT_KNOWN,
        )
        properties = Properties(PacketTypes.PUBLISH)
        properties.UserProperty = (SIGNATURE_PROPERTY, self._key.sign(payload))
        self._client.publish(self._identity.alert_topic, payload, qos=1, properties=properties)
        self.door.acknowledge(flag_number(flag.passage.lane), report.report_id)


def main(config, journal):
    """Run until told to stop."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    station = NaiveStation(load_settings(Path(config)))
    station.door = Door(Path(journal), station.put, station.number)
    station.door.start()
    ended.wait()
