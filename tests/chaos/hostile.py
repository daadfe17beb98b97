"""What an outsider, and a station that was taken over, send; and who listens in on the broker."""

import json
import threading
from collections import deque
from datetime import UTC, datetime
from uuid import UUID, uuid4

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.payload import encode_receipt
from station.reporting.signing import SIGNATURE_PROPERTY
from station.reporting.topics import StationIdentity
from tests.chaos.plan import STATIONS

REGION, SITE = "000000", "chaos"
THIEF = StationIdentity(REGION, SITE, "station-thief")
_RECEIPTS = f"fs/v1/{REGION}/{SITE}/+/receipt"
_ALERTS = f"fs/v1/{REGION}/{SITE}/+/alert"
_KEPT = 200
_AT_ONCE = 12


class Observer:
    """Counts the duplicates that receipts name, keeps alerts to be replayed, and forges receipts.

    What passes while the broker is down, or this connection with it, is not counted.
    """

    def __init__(self, port):
        self.duplicates = 0
        self.heard = deque(maxlen=_KEPT)
        self._thief_key = None
        self._lock = threading.Lock()
        client = Client(CallbackAPIVersion.VERSION2, client_id="observer", protocol=MQTTv5)
        client.on_connect = lambda c, *_: c.subscribe([(_RECEIPTS, 0), (_ALERTS, 0)])
        client.on_message = self._take
        client.reconnect_delay_set(1, 1)
        client.suppress_exceptions = True
        client.connect("127.0.0.1", port)
        client.loop_start()
        self.client = client

    def _take(self, client, userdata, message):
        if message.topic.endswith("/alert"):
            signatures = dict(getattr(message.properties, "UserProperty", ()))
            if message.topic.split("/")[4] in STATIONS and SIGNATURE_PROPERTY in signatures:
                with self._lock:
                    one = message.topic, bytes(message.payload), signatures[SIGNATURE_PROPERTY]
                    self.heard.append(one)
                self._forge(message)
            return
        answer = json.loads(message.payload)
        self.duplicates += len(answer.get("data", {}).get("duplicate", ()))

    def begin_forging(self, thief_key):
        """Answer each alert before the CDC can, with receipts that a station must not believe."""
        self._thief_key = thief_key

    def end_forging(self):
        self._thief_key = None

    def _forge(self, alert):
        if (key := self._thief_key) is None:
            return
        report_id = UUID(json.loads(alert.payload)["id"])
        topic = alert.topic.removesuffix("alert") + "receipt"
        refused = RejectedReport(id=report_id, reason="forged")
        for claim in (Receipt(stored=(report_id,)), Receipt(rejected=(refused,))):
            forged = encode_receipt(claim, event_id=uuid4(), at=datetime.now(UTC))
            self.publish(topic, forged)
            self.publish(topic, forged, key.sign(forged))

    def real_alerts(self):
        """Return the latest alerts: topic, bytes and signature."""
        with self._lock:
            return list(self.heard)

    def publish(self, topic, payload, signature=None):
        properties = Properties(PacketTypes.PUBLISH)
        if signature is not None:
            properties.UserProperty = (SIGNATURE_PROPERTY, signature)
        self.client.publish(topic, payload, qos=1, properties=properties)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def send_hostile(observer, thief_key, rng):
    """Publish a dozen hostile messages, as an outsider and as an enrolled station."""
    for _ in range(_AT_ONCE):
        own = rng.choice(_GARBAGE)(rng)
        observer.publish(f"fs/v1/{REGION}/{SITE}/{rng.choice(STATIONS)}/alert", own)
        observer.publish(THIEF.alert_topic, own, thief_key.sign(own))
    for topic, payload, signature in rng.sample(real := observer.real_alerts(), min(4, len(real))):
        # Byte for byte, to be absorbed; and changed in every way, to be set aside.
        observer.publish(topic, payload, signature)
        observer.publish(topic, payload.replace(b"37.25", b"36.25"), signature)
        again = json.dumps(json.loads(payload) | {"id": str(uuid4())}).encode()
        observer.publish(topic, again, signature)
        observer.publish(topic, again, thief_key.sign(again))
        observer.publish(THIEF.alert_topic, payload, signature)
        observer.publish(THIEF.alert_topic, again, thief_key.sign(again))


_GARBAGE = (
    lambda rng: rng.randbytes(rng.randrange(0, 2000)),
    lambda rng: b"[" * rng.randrange(1000, 60_000),
    lambda rng: b'{"id":' * rng.randrange(100, 5000),
    lambda rng: b"9" * 20_000,
    lambda rng: b'{"id":"\\ud800","type":"\\u0000"}',
    lambda rng: b"x" * 66_000,
    lambda rng: json.dumps(
        {"id": str(uuid4()), "type": "org.fever-station.alert.v1", "data": "'; DROP TABLE alert;--"}
    ).encode(),
    lambda rng: b"\xff\xfe\x00\xd8",
    lambda rng: b"",
)
