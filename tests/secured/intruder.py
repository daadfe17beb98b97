"""A client that says what it likes to the broker."""

import re
import socket
from queue import Empty, SimpleQueue

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.reporting.signing import signature_among
from tests.secured.parties import HOST, WAIT_S


class Intruder:
    """A client that says what it likes, and notes what it is answered."""

    def __init__(self, port, tls=None, *, client_id="x", username=None, will=None):
        self.answers, self.heard, self.signatures = SimpleQueue(), [], []
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTv5,
            reconnect_on_failure=False,
        )
        if tls is not None:
            client.tls_set_context(tls)
        if username is not None:
            client.username_pw_set(username, "secret")
        if will is not None:
            client.will_set(*will, qos=1, retain=True)
        self.alert = ""
        client.on_log = self._note_alert
        client.on_connect = lambda c, u, f, code, p: self.answers.put(("connack", str(code)))
        client.on_disconnect = lambda c, u, f, code, p: self.answers.put(("down", str(code)))
        client.on_publish = lambda c, u, m, code, p: self.answers.put(("puback", str(code)))
        client.on_subscribe = lambda c, u, m, codes, p: self.answers.put(("suback", str(codes[0])))
        client.on_message = self._hear
        self.client = client
        try:
            client.connect(HOST, port)
        except (OSError, ValueError) as error:
            self.greeting = f"down: {type(error).__name__}"
            return
        client.loop_start()
        kind, words = self._answer()
        self.greeting = f"{kind}: {self.alert or words}"

    def _hear(self, client, userdata, message):
        pairs = getattr(message.properties, "UserProperty", ())
        self.signatures.append(signature_among(pairs))
        self.heard.append((message.topic, bytes(message.payload)))

    def _note_alert(self, client, userdata, level, text):
        if found := re.search(r"(?:alert|EOF) .*(?= \()", text):
            self.alert = found[0]

    @property
    def is_in(self):
        return self.greeting == "connack: Success"

    def publish(self, topic, payload, *signatures, retain=False):
        """Publish, and return how the broker answers."""
        properties = Properties(PacketTypes.PUBLISH)
        for signature in signatures:
            properties.UserProperty = ("jws", signature)
        self.client.publish(topic, payload, qos=1, retain=retain, properties=properties)
        return ": ".join(self._answer())

    def subscribe(self, topic):
        self.client.subscribe(topic, qos=1)
        return ": ".join(self._answer())

    def _answer(self):
        try:
            return self.answers.get(timeout=WAIT_S)
        except Empty:
            return ("silence", "")

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self):
        """Break off without goodbye, so that the will is sent."""
        self.client.socket().shutdown(socket.SHUT_RDWR)
        self.client.loop_stop()
