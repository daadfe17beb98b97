"""Attempts upon the broker: who gets in, and what a station that was taken over may do."""

import json
import re
import socket
from uuid import uuid4

from tests.breach.attempts import ANSI, BROKER, attempts_upon
from tests.secured.intruder import Intruder
from tests.secured.parties import GOOD, GOOD_STATUS, HOST, THIEF, WAIT_S

ATTEMPTS, attempt = attempts_upon(BROKER)


def kept_out(client):
    words = client.greeting
    assert not client.is_in, "it was let in"
    return f"not let in ({words})"


def certificate(name, folder):
    attempt(name, r"certificate verify failed|peer did not return a certificate")(
        lambda world: kept_out(world.client(folder(world.files) if folder else None, GOOD.station))
    )


certificate("no certificate", None)
certificate("self-signed certificate in a station's name", lambda f: f.self_signed)
certificate("certificate of a foreign authority of the same name", lambda f: f.foreign)
certificate("expired certificate", lambda f: f.expired)
certificate("certificate that is not valid yet", lambda f: f.not_yet)
certificate("revoked certificate", lambda f: f.revoked)
certificate("the broker's own certificate as a client's", lambda f: f.broker)


@attempt("MQTT without TLS", r"wrong version number|disconnected: Protocol error")
def plain(world):
    return kept_out(Intruder(world.port, client_id=GOOD.station))


@attempt("random bytes instead of TLS", r"Protocol error|wrong version|packet length")
def garbage(world):
    for raw in (b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 4000, bytes(range(256)) * 40):
        with socket.create_connection((HOST, world.port), timeout=WAIT_S) as wire:
            wire.sendall(raw)
    return "closed"


@attempt("random bytes inside TLS", r"Protocol error|disconnected")
def garbage_inside(world):
    for raw in (b"\x10\xff\xff\xff\xff\xff", b"\x30\x05hello", b"\xff" * 4000, b"\x10\x00"):
        with (
            socket.create_connection((HOST, world.port), timeout=WAIT_S) as wire,
            world.tls(world.files.thief).wrap_socket(wire, server_hostname=HOST) as closed,
        ):
            closed.sendall(raw)
    return "closed"


@attempt("100 connections that say nothing", r"New connection")
def mute(world):
    wires = [socket.create_connection((HOST, world.port), timeout=WAIT_S) for _ in range(100)]
    is_well = world.works()
    for wire in wires:
        wire.close()
    assert is_well, "the good station was kept waiting"
    return "the others are served meanwhile"


@attempt("another station's client id with the own certificate", "Denied PUBLISH from station-2")
def stolen_client_id(world):
    thief = world.thief(client_id=GOOD.station)
    payload = world.alert(GOOD)
    answer = thief.publish(GOOD.alert_topic, payload)
    thief.close()
    assert "Success" not in answer
    assert world.station.client.is_connected(), "the good station was thrown out"
    return f"becomes itself; {answer}"


@attempt(
    "the receiver's client id and user with the own certificate",
    r"as station-2 \(.* u'station-2'",
)
def stolen_receiver(world):
    thief = world.thief(client_id="cdc-1", username="cdc-1")
    thief.subscribe("fs/v1/+/+/+/alert")
    assert world.works(), "the receiver was thrown out"
    heard = list(thief.heard)
    thief.close()
    assert heard == [], "it read foreign alerts"
    return "becomes itself; hears nothing"


def foreign_topic(name, topic, payload=b"{}", *, retain=False):
    @attempt(name, "Denied PUBLISH from station-2")
    def run(world):
        thief = world.thief()
        answer = thief.publish(topic, payload, retain=retain)
        thief.close()
        assert "Not authorized" in answer, answer
        return answer


FAKE_RECEIPT = json.dumps(
    {"type": "org.fever-station.receipt.v1", "stored": [str(uuid4())], "rejected": []}
).encode()
foreign_topic("an alert on another station's topic", GOOD.alert_topic)
foreign_topic("a forged receipt to another station", GOOD.receipt_topic, FAKE_RECEIPT)
foreign_topic("a forged receipt to itself", THIEF.receipt_topic, FAKE_RECEIPT)
foreign_topic("another station's status, retained", GOOD_STATUS, b"x", retain=True)
foreign_topic("a retained alert on another station's topic", GOOD.alert_topic, retain=True)
foreign_topic("a message among the broker's own", "$SYS/broker/version")
foreign_topic("a message on a topic of no use", "fs/v1/000000/hub/station-2/other")


@attempt("a topic with control characters", "station-2 disconnected due to malformed")
def control_characters(world):
    thief = world.thief()
    answer = thief.publish(f"fs/v1/{ANSI}/hub/station-2/alert", b"{}")
    thief.close()
    assert "down" in answer, answer
    return answer


def foreign_ears(name, topic):
    @attempt(name, rf"{re.escape(topic)} \(QoS 1\)")
    def run(world):
        thief = world.thief()
        answer = thief.subscribe(topic)
        assert world.works()
        heard = [one for one in thief.heard if not one[0].startswith(f"{THIEF.source[1:]}/")]
        thief.close()
        assert heard == [], f"it read {heard[0][0]}"
        return f"{answer}, and hears nothing"


foreign_ears("listen to everything (#)", "#")
foreign_ears("listen to all alerts", "fs/v1/+/+/+/alert")
foreign_ears("listen to another's receipts", GOOD.receipt_topic)
foreign_ears("take alerts from the receiver by a shared subscription", "$share/x/fs/v1/+/+/+/alert")


@attempt("take alerts out of the share that the receivers use", r"\$share/cdc/")
def join_the_share(world):
    thief = world.thief()
    for channel in ("alert", "report"):
        answer = thief.subscribe(f"$share/cdc/fs/v1/+/+/+/{channel}")
    # Were the thief dealt its part, half of these would not come at the first sending.
    assert all(world.works() for _ in range(8)), "alerts were dealt to the thief"
    thief.close()
    return f"{answer}, and is dealt nothing: the share's name is the receivers' secret"


foreign_ears("listen to the broker's own messages", "$SYS/#")


@attempt(
    "a last will on another station's topic",
    rf"Will message specified.*\n.*{GOOD.alert_topic}",
)
def foreign_will(world):
    payload = world.alert(GOOD)
    before = world.inbox()
    thief = world.client(world.files.thief, will=(GOOD.alert_topic, payload))
    if thief.is_in:
        thief.vanish()
    assert world.works()
    assert world.inbox().poison == before.poison, "the will reached the receiver"
    assert world.retained(GOOD.alert_topic) == [], "the will waits at the broker"
    return "let in, and the will is thrown away"


@attempt("a message longer than the broker takes", "station-2 disconnected due to oversize")
def oversize(world):
    thief = world.thief()
    payload = b"x" * 80_000
    answer = thief.publish(THIEF.alert_topic, payload, world.keys[THIEF].sign(payload))
    thief.close()
    assert "Success" not in answer and "silence" not in answer, answer
    return answer
