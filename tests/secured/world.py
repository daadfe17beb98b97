"""A closed link: authority, mosquitto as shipped, `cdc serve`, the duty officers' ear."""

import json
import logging
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.cdc.inbox.presence import PresenceWatch
from station.cdc.store import InboxStore
from station.cdc.trust import StationKeys
from station.commands.broker import find_mosquitto, free_port
from station.core.clock_quality import ClockQuality
from station.core.link_events import LinkState
from station.core.report import Channel
from station.core.status import StationStatus
from station.ledger.store import SqlLedger
from station.pki.broker import write_configuration
from station.reporting.composing import encode_status
from station.reporting.messages.status import StationState
from station.reporting.signing import SigningKey
from station.reporting.tls import TlsFiles
from tests.ledger.making import flagged
from tests.secured.certificates import Files, context, pair
from tests.secured.intruder import Intruder
from tests.secured.parties import GOOD, GOOD_STATUS, HOST, REVOKED_KEY, ROOT, THIEF, now_utc, until
from tests.secured.waiting_station import WaitingStation


class World:
    """One broker and one receiver for all attempts, and a good station beside them."""

    def __init__(self, folder):
        self.folder = folder
        self.files = Files(folder)
        self.port = free_port()
        self._parts = ExitStack()
        self._ledger = SqlLedger(folder / "ledger.sqlite")
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
            assert until(lambda: '"ready"' in self.log("cdc.out")), self.log("cdc")
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
        parts.callback(process.wait, 60)
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
        return flagged(self._ledger, identity=identity).outbox[0].payload

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
            entry = flagged(ledger, identity=identity)
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
