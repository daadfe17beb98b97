"""The station's and the receiver's own clients over TLS, and what they say when it fails."""

import json
import socket
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from station.__main__ import main
from station.cdc.connection import ReceiverConnection
from station.cdc.receiver import Receiver
from station.core.report import Channel, Encoded
from station.pki.authority import Authority
from station.reporting.mqtt import Down, MqttSink, Ready, Received
from station.reporting.signing import SigningKey
from station.reporting.tls import TlsFiles
from station.reporting.topics import StationIdentity
from tests.secured.parties import GOOD, HOST, ROOT, until

pytestmark = pytest.mark.system
WILL = Encoded(Channel.STATUS, b"{}")


def files(folder, ca=None):
    return TlsFiles(ca or folder / "ca.pem", folder / "cert.pem", folder / "key.pem")


def first(sink, kind, within_s=60.0):
    """Wait for the first event of a kind; another end of the wait fails."""
    seen = []
    until(lambda: seen.extend(sink.poll()) or any(isinstance(e, kind) for e in seen), within_s)
    found = [event for event in seen if isinstance(event, kind)]
    assert found, seen
    return found[0]


@pytest.fixture
def connect():
    sinks = []

    def start(identity, port, tls, *, host=HOST, signing_key=None):
        sink = MqttSink(identity, host, port, tls=tls, signing_key=signing_key)
        sinks.append(sink)
        sink.connect(Event(), WILL)
        return sink

    yield start
    for sink in sinks:
        sink.disconnect()


def test_a_station_that_is_enrolled_while_all_runs_delivers_its_first_alert(secured, connect):
    who = StationIdentity("000000", "hub", "station-new")
    folder = secured.files.authority.enrol_station(who, datetime.now(UTC))
    key = SigningKey.load(folder / "signing.key")
    sink = connect(who, secured.port, files(folder), signing_key=key)
    first(sink, Ready)
    payload = secured.alert(who)
    assert sink.publish([(Channel.ALERT, payload)]) is not None
    report_id = json.loads(payload)["id"]
    assert report_id in first(sink, Received).payload.decode()
    assert report_id in secured.stored()


def test_a_signing_key_is_renewed_without_a_refused_alert(secured, connect):
    who = StationIdentity("000000", "hub", "station-renewed")
    authority = secured.files.authority
    folder = authority.enrol_station(who, datetime.now(UTC))

    def publish(sink, payload):
        sink.publish([(Channel.ALERT, payload)])

    def arrives(sink, payload):
        publish(sink, payload)
        report_id = json.loads(payload)["id"]
        return report_id in first(sink, Received).payload.decode()

    old = connect(
        who, secured.port, files(folder), signing_key=SigningKey.load(folder / "signing.key")
    )
    first(old, Ready)
    refused = secured.inbox().poison
    authority.make_signing_key(who.station, datetime.now(UTC))
    # The receivers have the new registry, the station has not got its new key yet.
    assert arrives(old, secured.alert(who))
    waits = secured.alert(who)
    assert secured.inbox().poison == refused
    authority.retire_signing_keys(who.station, datetime.now(UTC))
    publish(old, waits)
    assert until(lambda: secured.inbox().poison > refused), "too early: set aside, not answered"
    old.disconnect()
    new = connect(
        who, secured.port, files(folder), signing_key=SigningKey.load(folder / "signing.key")
    )
    first(new, Ready)
    assert arrives(new, waits), "what waited leaves with the new key's signature"
    assert json.loads(waits)["id"] in secured.stored()


SITE = """\
[station]
station_id = "{name}"
region = "000000"
site = "hub"
ledger_path = "{here}/ledger.sqlite"
[link]
host = "127.0.0.1"
port = {port}
ca_file = "{folder}/ca.pem"
cert_file = "{folder}/cert.pem"
key_file = "{folder}/key.pem"
signing_key_file = "{folder}/signing.key"
[kiosk]
socket_path = "{here}/s"
"""


def test_a_whole_station_delivers_what_waits_over_the_closed_link(secured, tmp_path, capsys):
    who = StationIdentity("000000", "hub", "station-whole")
    folder = secured.files.authority.enrol_station(who, datetime.now(UTC))
    report_id = secured.fill_ledger(tmp_path / "ledger.sqlite", who)
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(name=who.station, here=tmp_path, port=secured.port, folder=folder))
    assert main(["check-config", str(site)]) == 0
    assert "link: TLS, messages signed" in capsys.readouterr().out
    command = [sys.executable, "-m", "station", "run", "--config", str(site)]
    station = subprocess.Popen(command, cwd=ROOT)
    try:
        assert until(lambda: report_id in secured.stored())
    finally:
        station.terminate()
        station.wait(60)


def test_a_site_file_with_another_stations_certificate_is_refused(secured, tmp_path, capsys):
    site = tmp_path / "site.toml"
    folder = secured.files.thief
    site.write_text(SITE.format(name="station-9", here=tmp_path, port=1, folder=folder))
    assert main(["check-config", str(site)]) == 2
    assert "not of 'station-9'" in capsys.readouterr().err


def test_an_unsigned_alert_is_answered_by_nobody_and_waits(secured, connect):
    who = StationIdentity("000000", "hub", "station-mute")
    folder = secured.files.authority.enrol_station(who, datetime.now(UTC))
    sink = connect(who, secured.port, files(folder))
    first(sink, Ready)
    before = secured.inbox().poison
    sink.publish([(Channel.ALERT, secured.alert(who))])
    assert until(lambda: secured.inbox().poison > before)
    assert secured.works()
    assert not any(isinstance(event, Received) for event in sink.poll()), "a 'rejected' loses it"


@pytest.mark.parametrize(
    ("which", "name", "words"),
    [
        ("revoked", "revoked", "refuses our certificate: it was revoked"),
        ("expired", "expired", "refuses our certificate: it has expired"),
        ("not_yet", "not-yet", "not valid yet by the broker's clock"),
        ("broker", "broker", "not one of a client"),
        ("foreign", GOOD.station, "an authority that the broker does not know"),
    ],
)
def test_a_certificate_that_the_broker_refuses_is_told_in_words(
    secured, connect, which, name, words
):
    tls = files(getattr(secured.files, which), secured.files.authority.ca_file)
    down = first(connect(StationIdentity("0", "0", name), secured.port, tls), Down)
    assert words in down.text
    assert down.is_refusal


@pytest.fixture(scope="module")
def brokers(tmp_path_factory):
    """Certificates of brokers, good and bad, of one authority."""
    now = datetime.now(UTC)
    authority = Authority(tmp_path_factory.mktemp("pki") / "ca")
    authority.create("CDC", now)
    foreign = Authority(tmp_path_factory.mktemp("pki") / "ca")
    foreign.create("CDC", now)
    return {
        "ca": authority.ca_file,
        "station": authority.enrol_station(GOOD, now),
        "expired": authority.enrol_broker("a", [HOST], now - timedelta(days=40), days=10),
        "not yet": authority.enrol_broker("b", [HOST], now + timedelta(days=60)),
        "other host": authority.enrol_broker("c", ["other.example", "10.0.0.1"], now),
        "foreign": foreign.enrol_broker("d", [HOST], now),
    }


@pytest.fixture
def pretend():
    """Accept one connection and show the certificate in a folder; None answers without TLS."""
    ends = []

    def serve(folder):
        listener = socket.create_server((HOST, 0))
        listener.settimeout(60)

        def accept():
            wire, _ = listener.accept()
            with wire:
                if folder is None:
                    wire.sendall(b"220 mail.example\r\n")
                    wire.recv(1000)
                    return
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
                try:
                    context.wrap_socket(wire, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        ends.append((listener, thread))
        return listener.getsockname()[1]

    yield serve
    for listener, thread in ends:
        thread.join(60)
        listener.close()


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("expired", "has expired: check this machine's clock"),
        ("not yet", "not valid yet: check this machine's clock"),
        ("other host", "is for another address"),
        ("foreign", "comes from an unknown authority"),
        ("station", "is not one of a server: somebody pretends to be the broker"),
    ],
)
def test_a_broker_that_is_not_ours_is_told_in_words_and_gets_nothing(
    brokers, connect, pretend, which, words
):
    port = pretend(brokers[which])
    down = first(connect(GOOD, port, files(brokers["station"])), Down)
    assert words in down.text
    assert down.is_refusal


def test_a_name_that_the_brokers_certificate_does_not_hold_is_told(brokers, connect, pretend):
    port = pretend(brokers["other host"])
    down = first(connect(GOOD, port, files(brokers["station"]), host="localhost"), Down)
    assert "is for another host" in down.text


def test_what_does_not_speak_tls_is_told(brokers, connect, pretend):
    down = first(connect(GOOD, pretend(None), files(brokers["station"])), Down)
    assert "does not speak TLS" in down.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cert_file": Path("/nowhere/cert.pem")}, "cannot be read"),
        ({"key_file": Path("/nowhere/key.pem")}, "cannot be read"),
        ({"ca_file": Path("/nowhere/ca.pem")}, "no certificate of an authority"),
    ],
)
def test_files_that_are_missing_are_named(brokers, connect, change, words):
    folder = brokers["station"]
    paths = {"ca_file": brokers["ca"], "cert_file": folder / "cert.pem"}
    paths |= {"key_file": folder / "key.pem"} | change
    down = first(connect(GOOD, 9, TlsFiles(**paths)), Down)
    assert words in down.text
    assert down.is_refusal


def test_files_that_do_not_belong_together_are_named(brokers, connect):
    one, other = brokers["station"], brokers["foreign"]
    tls = TlsFiles(brokers["ca"], one / "cert.pem", other / "key.pem")
    assert "does not fit" in first(connect(GOOD, 9, tls), Down).text
    tls = TlsFiles(brokers["ca"], other / "cert.pem", other / "key.pem")
    assert "not of 'station-1'" in first(connect(GOOD, 9, tls), Down).text


def test_a_receiver_says_in_words_why_it_is_refused(secured, tmp_path):
    folder = secured.files.revoked
    troubles = []
    receiver = Receiver(
        HOST,
        secured.port,
        tmp_path / "cdc.sqlite",
        on_stored=lambda alert: None,
        on_trouble=troubles.append,
        client_id="revoked",
        tls=files(folder),
    )
    stop = Event()
    thread = threading.Thread(target=receiver.serve, args=(stop,))
    thread.start()
    try:
        assert until(lambda: troubles)
    finally:
        stop.set()
        thread.join(60)
        receiver.close()
    assert "it was revoked" in troubles[0]


def test_the_canary_does_not_drop_what_waits_in_its_receivers_session(secured):
    tls, name = files(secured.files.auditor), "cdc-2"
    for is_second in (False, True):
        connection = ReceiverConnection(HOST, secured.port, name, is_alone=False, tls=tls)
        try:
            assert until(connection.is_subscribed.is_set), connection.fault
            assert connection.is_proven
            heard = set()
            while is_second and (message := connection.take(1.0)) is not None:
                heard.add(message.payload)
                connection.acknowledge([message])
        finally:
            connection.close()
        if not is_second:
            # The broker deals half of them to the one that is away: more than go at once.
            sent = [b"%d" % n for n in range(300)]
            for payload in sent:
                secured.station.publish(GOOD.alert_topic, payload)
    # A fresh start ends its session, so that the other receiver has all alerts again.
    secured.client(secured.files.auditor).close()
    assert len(heard) > 100
    missing = [payload for payload in sent if payload not in heard]
    assert until(lambda: all(secured.reason(payload) for payload in missing))
    assert secured.works()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "mqtt.example"], "is not this machine"),
        (["--host", "mqtt.example", "--allow-plaintext"], "--station-keys"),
        (["--ca-file", "ca.pem"], "together"),
        (["--ca-file", "a", "--cert-file", "b", "--key-file", "c"], "--station-keys"),
        (["--station-keys", "/nowhere.jwks"], "cannot be read"),
    ],
)
def test_a_receiver_that_would_believe_anybody_does_not_start(tmp_path, capsys, options, words):
    assert main(["cdc", "serve", "--db", str(tmp_path / "cdc.sqlite"), *options]) == 2
    assert words in capsys.readouterr().err
