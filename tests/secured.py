"""A closed link for tests: authority, mosquitto as shipped, `cdc serve`, clients of any kind."""

import json
import logging
import re
import runpy
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from threading import Event, Thread
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.cdc.inbox.presence import PresenceWatch
from station.cdc.store import InboxStore
from station.cdc.trust import StationKeys
from station.commands.broker import find_mosquitto, free_port
from station.core.clock_quality import ClockQuality
from station.core.events import LinkChanged, LinkState
from station.core.report import Channel, Encoded
from station.core.status import StationStatus
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.pki.authority import Authority
from station.pki.broker import write_configuration
from station.pki.certificates import new_key
from station.reporting.composing import encode_status
from station.reporting.link import ReportLink
from station.reporting.messages.status import StationState
from station.reporting.mqtt import MqttSink
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from station.reporting.signing import CdcKeys, KeyRegistry, SigningKey, TrustedKey, signature_among
from station.reporting.tls import TlsFiles
from station.reporting.topics import StationIdentity
from station.runtime.clock import SystemClock

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
GOOD = StationIdentity("000000", "hub", "station-1")
GOOD_STATUS = "fs/v1/000000/hub/station-1/status"
THIEF = StationIdentity("000000", "hub", "station-2")
REVOKED_KEY = StationIdentity("000000", "hub", "station-3")
# Its alerts go unsigned, so that the real CDC never answers it.
WAITING = StationIdentity("000000", "hub", "station-4")
WAIT_S = 60.0


def until(is_true, within_s=WAIT_S):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(0.005)
    return False


class Files:
    """The authority and all that it, and others, have given out."""

    def __init__(self, folder):
        now = datetime.now(UTC)
        self.authority = Authority(folder / "ca")
        self.authority.create("CDC", now)
        self.good = self.authority.enrol_station(GOOD, now)
        self.thief = self.authority.enrol_station(THIEF, now)
        self.no_longer_believed = self.authority.enrol_station(REVOKED_KEY, now)
        self.waiting = self.authority.enrol_station(WAITING, now)
        self.receiver = self.authority.enrol_receiver("cdc-1", now)
        self.page = self.authority.enrol_receiver("inbox-1", now)
        self.auditor = self.authority.enrol_receiver("cdc-2", now)
        self.broker = self.authority.enrol_broker("broker", [HOST, "localhost"], now)
        long_ago, later = now - timedelta(days=400), now + timedelta(days=60)
        self.expired = self.authority.enrol_receiver("expired", long_ago, days=30)
        self.not_yet = self.authority.enrol_receiver("not-yet", later)
        revoked = self.authority.enrol_receiver("revoked", now)
        self.authority.revoke("revoked", now)
        [self.revoked] = revoked.parent.glob("revoked.revoked-*")
        foreign = Authority(folder / "foreign")
        foreign.create("CDC", now)
        self.foreign = foreign.enrol_station(GOOD, now)
        self.self_signed = self_signed(folder / "self", now)
        self._distrust(REVOKED_KEY, now)

    def _distrust(self, identity, now):
        path = self.authority.registry_file
        keys = KeyRegistry.load(path).keys.values()
        path.write_bytes(
            KeyRegistry(
                TrustedKey(k.identity, k.key, now if k.identity == identity else None) for k in keys
            ).write()
        )


def self_signed(folder, now):
    """Make a certificate in the good station's name that nobody has certified."""
    folder.mkdir()
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, GOOD.station)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    return folder


def context(ca_file, folder=None):
    """Return a client's TLS context, with a certificate or without."""
    made = ssl.create_default_context(cafile=ca_file)
    if folder is not None:
        made.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return made


def pair(folder):
    """Return certificate and key."""
    return folder / "cert.pem", folder / "key.pem"


def now_utc():
    return datetime.now(UTC)


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


class WaitingStation:
    """A station's own link and client; its one alert waits for an answer that never comes."""

    def __init__(self, world):
        folder = world.files.waiting
        path = world.folder / "waiting.sqlite"
        self.report_id = world.fill_ledger(path, WAITING)
        self.outbox = SqlOutboxReader(path)
        self.told, self.settled = LinkChanged(LinkState.OFFLINE, 0, None, 0, ""), []
        self._wake, self._stop = Event(), Event()
        tls = TlsFiles(world.files.authority.ca_file, *pair(folder))
        limits = OutboxLimits(window=20, publish_timeout_s=10, receipt_timeout_s=60)
        self._link = ReportLink(
            reader=self.outbox,
            sink=MqttSink(WAITING, HOST, world.port, window=20, tls=tls),
            policy=OutboxPolicy(limits, Random(1)),
            clock=SystemClock(),
            random=Random(1),
            reconnect_s=(0.2, 1.0),
            on_delivered=lambda ids, at: self.settled.extend(ids),
            on_rejected=lambda which, why, at: self.settled.append(which),
            on_progress=lambda progress: None,
            on_link=self._note,
            encode_status=lambda state, status: Encoded(Channel.STATUS, b"{}"),
            check_answer=CdcKeys.load(folder / "cdc.jwks").check,
        )
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _note(self, told):
        self.told = told

    def _run(self):
        while not self._stop.is_set():
            self._link.run_once(self._wake, 0.05)

    def close(self):
        self._stop.set()
        self._thread.join(60)
        self._link.close()
        self.outbox.close()


class World:
    """One broker and one receiver for all attempts, and a good station beside them."""

    def __init__(self, folder):
        self.folder = folder
        self.files = Files(folder)
        self.port = free_port()
        self._parts = ExitStack()
        self._ledger = SqlLedger(folder / "ledger.sqlite")
        self._making = runpy.run_path(str(ROOT / "tests" / "ledger" / "making.py"))
        self.keys = {
            who: SigningKey.load(folder / "signing.key")
            for who, folder in (
                (GOOD, self.files.good),
                (THIEF, self.files.thief),
                (REVOKED_KEY, self.files.no_longer_believed),
            )
        }
        self.unknown_key = SigningKey(Ed25519PrivateKey.generate())

    def __enter__(self):
        with ExitStack() as parts:
            parts.callback(self._ledger.close)
            self._start(parts, "broker", self._broker_command())
            assert until(self._answers), self.log("broker")
            self._start(parts, "cdc", self._cdc_command())
            assert until(lambda: '"ready"' in self.log("cdc.out"), 30), self.log("cdc")
            self.station = self.client(self.files.good, GOOD.station)
            parts.callback(self.station.close)
            assert self.station.is_in, self.station.greeting
            assert "Granted" in self.station.subscribe(GOOD.receipt_topic)
            self._watch(parts)
            self.waiting = parts.enter_context(closing(WaitingStation(self)))
            assert until(lambda: self.waiting.told.state is LinkState.CONNECTED)
            self._parts = parts.pop_all()
        return self

    def _watch(self, parts):
        """Listen to stations as the duty officers' page does."""
        for name, logger in (("page", "station.cdc.trust"), ("station", "station.reporting.link")):
            handler = logging.FileHandler(self.folder / f"{name}.log")
            logging.getLogger(logger).addHandler(handler)
            parts.callback(handler.close)
            parts.callback(logging.getLogger(logger).removeHandler, handler)
        tls = TlsFiles(self.files.authority.ca_file, *pair(self.files.page))
        keys = StationKeys(self.files.authority.registry_file)
        self.page = parts.enter_context(
            closing(PresenceWatch(HOST, self.port, now=now_utc, tls=tls, keys=keys))
        )
        self.tell(self.station, GOOD, self.keys[GOOD])
        assert until(lambda: GOOD in (self.page.known() or {})), "a good status is not believed"

    def tell(self, client, who, *keys, state=StationState.ONLINE):
        """Publish a status with these signatures, retained; return how the broker answers."""
        payload = encode_status(
            state, StationStatus(()), who, event_id=uuid4(), at=now_utc(), is_drill=False,
            clock=ClockQuality.SYNCHRONISED,
        )  # fmt: skip
        signatures = [key.sign(payload) for key in keys]
        topic = who.topic(Channel.STATUS)
        return client.publish(topic, payload, *signatures, retain=True)

    def __exit__(self, *error):
        self._parts.close()

    def _broker_command(self):
        folder = write_configuration(
            self.files.authority, bind=HOST, port=self.port, user=Path.home().owner()
        )
        return [find_mosquitto(), "-c", str(folder / "mosquitto.conf")]

    def _cdc_command(self):
        files = self.files.receiver
        return [
            sys.executable, "-m", "station", "cdc", "serve", "--json",
            "--host", HOST, "--port", str(self.port), "--db", str(self.folder / "cdc.sqlite"),
            "--ca-file", str(files / "ca.pem"), "--cert-file", str(files / "cert.pem"),
            "--key-file", str(files / "key.pem"), "--signing-key", str(files / "receipts.key"),
            "--receivers", "2",
            "--station-keys", str(self.files.authority.registry_file),
        ]  # fmt: skip

    def _start(self, parts, name, command):
        out = parts.enter_context((self.folder / f"{name}.out.log").open("wb"))
        log = parts.enter_context((self.folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(command, stdout=out, stderr=log, cwd=ROOT)
        parts.callback(process.wait, 5)
        parts.callback(process.kill)
        return process

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def log(self, name):
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def tls(self, folder=None):
        return context(self.files.authority.ca_file, folder)

    def client(self, folder, client_id="x", **more):
        return Intruder(self.port, self.tls(folder), client_id=client_id, **more)

    def thief(self, **more):
        """The worst case: an enrolled station that was taken over, certificate and key."""
        made = self.client(self.files.thief, **more)
        assert made.is_in, made.greeting
        return made

    def alert(self, identity):
        """Return the bytes of a new good alert."""
        return self._making["flagged"](self._ledger, identity=identity).outbox[0].payload

    def retained(self, topic):
        """Return what the broker keeps for later subscribers, as another receiver sees it."""
        auditor = self.client(self.files.auditor)
        auditor.subscribe(topic)
        # One more round trip: what is retained comes before the answer to it.
        auditor.subscribe(GOOD_STATUS)
        heard = [one for one in auditor.heard if one[0] == topic]
        auditor.close()
        return heard

    def fill_ledger(self, path, identity):
        """Write a station's ledger with one alert that waits; return the alert's id."""
        ledger = SqlLedger(path)
        try:
            entry = self._making["flagged"](ledger, identity=identity)
            ledger.record(entry)
        finally:
            ledger.close()
        return str(entry.outbox[0].report_id)

    def inbox(self):
        store = InboxStore(self.folder / "cdc.sqlite", read_only=True)
        try:
            return store.inbox()
        finally:
            store.close()

    def reason(self, payload):
        """Return why these bytes are set aside, or None while they are not."""
        with closing(sqlite3.connect(self.folder / "cdc.sqlite")) as inbox:
            row = inbox.execute("SELECT reason FROM poison WHERE raw = ?", [payload]).fetchone()
        return row and row[0]

    def stored(self):
        """Return the ids of what is stored, and the bytes."""
        store = InboxStore(self.folder / "cdc.sqlite", read_only=True)
        try:
            return {str(one.id): one for one in store.alerts(10_000)}
        finally:
            store.close()

    def works(self):
        """Send a good alert: whether the good station gets its receipt."""
        payload = self.alert(GOOD)
        self.station.publish(GOOD.alert_topic, payload, self.keys[GOOD].sign(payload))
        report_id = json.loads(payload)["id"]
        return until(lambda: any(report_id in raw.decode() for _, raw in self.station.heard))
