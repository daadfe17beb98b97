"""Attempts to get into the link to the CDC; `python -m tests.breach` tries all, prints a table."""

import json
import re
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from station.core.report import Channel
from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.payload import encode_receipt
from tests.secured import (
    GOOD,
    GOOD_STATUS,
    HOST,
    REVOKED_KEY,
    THIEF,
    WAITING,
    Intruder,
    World,
    now_utc,
    until,
)

BROKER, RECEIVER, STATION, PAGE = "broker", "receiver", "station", "duty officers' page"
LOGS = {RECEIVER: "cdc", STATION: "station", PAGE: "page"}
SQL = "'; DROP TABLE alert; --"
HTML = "<script>alert(1)</script>"
ANSI = "\x1b[2J\x07"


@dataclass(frozen=True)
class Attempt:
    """One attempt; `run` returns in words how it was refused, or fails."""

    name: str
    by: str
    run: Callable[[World], str]
    # What the one who refuses logs. Empty: nothing is refused, and it does no harm.
    log: str


NO_MESSAGE = "The message is no "
ATTEMPTS: list[Attempt] = []


def attempt(name, by, log):
    def add(run):
        ATTEMPTS.append(Attempt(name, by, run, log))
        return run

    return add


def kept_out(client):
    words = client.greeting
    assert not client.is_in, "it was let in"
    return f"not let in ({words})"


# Who gets in


def certificate(name, folder):
    attempt(name, BROKER, r"certificate verify failed|peer did not return a certificate")(
        lambda world: kept_out(world.client(folder(world.files) if folder else None, GOOD.station))
    )


certificate("no certificate", None)
certificate("self-signed certificate in a station's name", lambda f: f.self_signed)
certificate("certificate of a foreign authority of the same name", lambda f: f.foreign)
certificate("expired certificate", lambda f: f.expired)
certificate("certificate that is not valid yet", lambda f: f.not_yet)
certificate("revoked certificate", lambda f: f.revoked)
certificate("the broker's own certificate as a client's", lambda f: f.broker)


@attempt("MQTT without TLS", BROKER, r"wrong version number|disconnected: Protocol error")
def plain(world):
    return kept_out(Intruder(world.port, client_id=GOOD.station))


@attempt("random bytes instead of TLS", BROKER, r"Protocol error|wrong version|packet length")
def garbage(world):
    for raw in (b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 4000, bytes(range(256)) * 40):
        with socket.create_connection((HOST, world.port), timeout=5) as wire:
            wire.sendall(raw)
    return "closed"


@attempt("random bytes inside TLS", BROKER, r"Protocol error|disconnected")
def garbage_inside(world):
    for raw in (b"\x10\xff\xff\xff\xff\xff", b"\x30\x05hello", b"\xff" * 4000, b"\x10\x00"):
        with (
            socket.create_connection((HOST, world.port), timeout=5) as wire,
            world.tls(world.files.thief).wrap_socket(wire, server_hostname=HOST) as closed,
        ):
            closed.sendall(raw)
    return "closed"


@attempt("100 connections that say nothing", BROKER, r"New connection")
def mute(world):
    wires = [socket.create_connection((HOST, world.port), timeout=5) for _ in range(100)]
    is_well = world.works()
    for wire in wires:
        wire.close()
    assert is_well, "the good station was kept waiting"
    return "the others are served meanwhile"


@attempt(
    "another station's client id with the own certificate", BROKER, "Denied PUBLISH from station-2"
)
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
    BROKER,
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


# What a station that was taken over may do


def foreign_topic(name, topic, payload=b"{}", *, retain=False):
    @attempt(name, BROKER, "Denied PUBLISH from station-2")
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


@attempt("a topic with control characters", BROKER, "station-2 disconnected due to malformed")
def control_characters(world):
    thief = world.thief()
    answer = thief.publish(f"fs/v1/{ANSI}/hub/station-2/alert", b"{}")
    thief.close()
    assert "down" in answer, answer
    return answer


def foreign_ears(name, topic):
    @attempt(name, BROKER, rf"{re.escape(topic)} \(QoS 1\)")
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


@attempt("take alerts out of the share that the receivers use", BROKER, r"\$share/cdc/")
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
    BROKER,
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


@attempt("a message longer than the broker takes", BROKER, "station-2 disconnected due to oversize")
def oversize(world):
    thief = world.thief()
    payload = b"x" * 80_000
    answer = thief.publish(THIEF.alert_topic, payload, world.keys[THIEF].sign(payload))
    thief.close()
    assert "Success" not in answer and "silence" not in answer, answer
    return answer


# What a stolen receiver's certificate may do, without the CDC's key


def receipt(*, stored=(), rejected=()):
    refused = tuple(RejectedReport(id=one, reason="forged") for one in rejected)
    made = Receipt(stored=tuple(stored), rejected=refused)
    return encode_receipt(made, event_id=uuid4(), at=now_utc())


def disbelieved(name, reason, make):
    @attempt(name, STATION, reason)
    def run(world):
        station = world.waiting
        payload, *signatures = make(world, UUID(station.report_id))
        insider = world.client(world.files.auditor)
        insider.publish(WAITING.receipt_topic, payload, *signatures)
        insider.close()
        assert until(lambda: re.search(reason, station.told.text)), station.told.text
        assert station.settled == [], "the alert counts as settled"
        assert station.outbox.summary().waiting == 1
        return station.told.text


def captured(world, report_id):
    """A receipt of the real CDC for another station, with the id changed."""
    assert world.works()
    was, property_of = world.station.heard[-1][1], world.station.signatures[-1]
    old = json.loads(was)["data"]["stored"][0]
    return was.replace(old.encode(), str(report_id).encode()), property_of


disbelieved("a receipt without signature", "not signed", lambda w, i: (receipt(stored=[i]),))
disbelieved("a rejection without signature", "not signed", lambda w, i: (receipt(rejected=[i]),))
disbelieved(
    "a receipt signed with a station's key",
    "not signed with a key of the CDC",
    lambda w, i: signed(w, receipt(stored=[i])),
)
disbelieved(
    "a receipt signed with a key of its own",
    "not signed with a key of the CDC",
    lambda w, i: (p := receipt(stored=[i]), w.unknown_key.sign(p)),
)
disbelieved("a real receipt with another alert's id", "was altered", captured)


# What the duty officers' page believes


def unshown(name, reason, keys):
    @attempt(name, PAGE, reason)
    def run(world):
        thief = world.thief()
        changes = world.page.changes
        answer = world.tell(thief, THIEF, *keys(world))
        # What comes after it shows that it has been heard.
        world.tell(world.station, GOOD, world.keys[GOOD])
        assert until(lambda: world.page.changes > changes)
        thief.publish(THIEF.topic(Channel.STATUS), b"", retain=True)
        thief.close()
        assert THIEF not in world.page.known(), "the map shows it"
        return f"{answer}; the map does not show it"


unshown("a station's state without signature", "not signed", lambda w: ())
unshown(
    "a station's state signed with another's key",
    "another station's key",
    lambda w: (w.keys[GOOD],),
)


# What the receiver believes


def set_aside(world, reason, payload, *signatures, topic=THIEF.alert_topic, retain=False):
    """Send as the station that was taken over; it must be set aside for this reason."""
    before = world.inbox()
    thief = world.thief()
    thief.publish(topic, payload, *signatures, retain=retain)
    assert until(lambda: world.reason(payload)), "it was not set aside"
    if retain:
        thief.publish(topic, b"", retain=True)
    thief.close()
    words = world.reason(payload)
    assert re.search(reason, words), words
    assert world.inbox().alerts == before.alerts, "it was stored"
    return words


def unbelieved(name, reason, make, *, topic=THIEF.alert_topic):
    @attempt(name, RECEIVER, reason)
    def run(world):
        payload, *signatures = make(world)
        return set_aside(world, reason, payload, *signatures, topic=topic)


def signed(world, payload, who=THIEF):
    return payload, world.keys[who].sign(payload)


def altered(world, old, new):
    payload = world.alert(THIEF)
    assert old in payload
    return payload.replace(old, new), world.keys[THIEF].sign(payload)


def moved_signature(world):
    return world.alert(THIEF), world.keys[THIEF].sign(world.alert(THIEF))


def without_algorithm(world):
    payload = world.alert(THIEF)
    return payload, "eyJhbGciOiJub25lIn0.."


def twice_signed(world):
    payload, signature = signed(world, world.alert(THIEF))
    return payload, signature, signature


def inside_out(world):
    payload, signature = signed(world, world.alert(THIEF))
    return payload, signature.replace("..", ".e30.")


unbelieved("an unsigned message", "not signed", lambda w: (w.alert(THIEF),))
unbelieved("an altered temperature", "was altered", lambda w: altered(w, b"37.25", b"36.25"))
unbelieved("a replay with another id", "was altered", lambda w: altered(w, b'"id":"', b'"id":"0'))
unbelieved("one blank more at the end", "was altered", lambda w: altered(w, b"}}", b"}} "))
unbelieved("the signature of another message", "was altered", moved_signature)
unbelieved(
    "a key that nobody registered",
    "not registered",
    lambda w: (p := w.alert(THIEF), w.unknown_key.sign(p)),
)
unbelieved(
    "a captured message of another",
    "another station's key",
    lambda w: signed(w, w.alert(GOOD), GOOD),
)
unbelieved(
    "a revoked station's key",
    "another station's key",
    lambda w: signed(w, w.alert(THIEF), REVOKED_KEY),
)
unbelieved("a signature with algorithm none", "no detached JWS", without_algorithm)
unbelieved("a signature over other bytes inside it", "no detached JWS", inside_out)
unbelieved("two signatures", "not signed", twice_signed)
unbelieved(
    "a signed message under another region",
    "another station's key",
    lambda w: signed(w, w.alert(THIEF)),
    topic="fs/v1/999999/hub/station-2/alert",
)
unbelieved(
    "a topic with strange characters",
    "not one of a station",
    lambda w: signed(w, w.alert(THIEF)),
    topic="fs/v1/\u6f22 [red]/hub/station-2/alert",
)
unbelieved(
    "a signed message in another station's name",
    "names another station",
    lambda w: signed(w, w.alert(GOOD)),
)
unbelieved("a signed message of 66,000 bytes", "66000 bytes", lambda w: signed(w, b"x" * 66_000))
unbelieved("signed nesting 60,000 deep", NO_MESSAGE, lambda w: signed(w, b"[" * 60_000))
unbelieved("signed bytes that are no text", NO_MESSAGE, lambda w: signed(w, b"\xff\xfe\x00\xd8"))
unbelieved("a signed number of 60,000 digits", NO_MESSAGE, lambda w: signed(w, b"9" * 60_000))


def signed_change(world, change):
    message = json.loads(world.alert(THIEF))
    change(message)
    return signed(world, json.dumps(message).encode())


unbelieved(
    "signed, a temperature that is no number",
    NO_MESSAGE,
    lambda w: signed(w, w.alert(THIEF).replace(b"37.25", b"NaN")),
)
unbelieved(
    "signed, with a field that nobody knows",
    NO_MESSAGE,
    lambda w: signed_change(w, lambda m: m["data"].update(name="Zhang Wei")),
)
unbelieved(
    "signed, control characters in the texts",
    NO_MESSAGE,
    lambda w: signed_change(w, lambda m: fill(m["data"], ANSI)),
)


@attempt("a revoked key on its own station's topic", RECEIVER, "was revoked")
def revoked_key(world):
    before = world.inbox()
    client = world.client(world.files.no_longer_believed)
    payload, signature = signed(world, world.alert(REVOKED_KEY), REVOKED_KEY)
    client.publish(REVOKED_KEY.alert_topic, payload, signature)
    assert until(lambda: world.reason(payload)), "it was not set aside"
    client.close()
    assert world.inbox().alerts == before.alerts, "it was stored"
    return world.reason(payload)


@attempt("poison, retained, that comes again with each subscription", RECEIVER, "not signed")
def retained_poison(world):
    return set_aside(world, "not signed", f"{uuid4()}".encode(), retain=True)


@attempt("a flood of 500 forged messages", RECEIVER, "not signed")
def flood(world):
    thief = world.thief()
    for _ in range(500):
        thief.client.publish(THIEF.alert_topic, f"{uuid4()}", qos=1)
    assert world.works(), "the good station was kept waiting"
    assert until(lambda: thief.answers.qsize() >= 500)
    thief.close()
    return "set aside, the others are served meanwhile"


@attempt("a replay of a good message, byte for byte", RECEIVER, "")
def replay(world):
    payload, signature = signed(world, world.alert(THIEF))
    thief = world.thief()
    for _ in range(3):
        thief.publish(THIEF.alert_topic, payload, signature)
    report_id = json.loads(payload)["id"]
    assert until(lambda: report_id in world.stored())
    assert world.works()
    thief.close()
    assert list(world.stored()).count(report_id) == 1
    told = world.log("cdc.out").count(report_id)
    assert told == 1, f"told {told} times"
    return "stored once, told once"


def fill(data, text):
    """Put a text into every free text of an alert."""
    data["case"]["lane"] = text
    data["skin"]["site"] = text
    data["skin"]["policy_id"] = text


def harmless(name, text):
    """A station that was taken over may write any words; they stay words."""

    @attempt(name, RECEIVER, "")
    def run(world):
        payload, signature = signed_change(world, lambda m: fill(m["data"], text))
        thief = world.thief()
        thief.publish(THIEF.alert_topic, payload, signature)
        report_id = json.loads(payload)["id"]
        assert until(lambda: report_id in world.stored())
        thief.close()
        found = world.stored()[report_id]
        assert (found.data.case.lane, found.data.skin.policy_id) == (text, text)
        return "kept as words, nothing is run"


harmless("SQL in every text, signed", SQL)
harmless("HTML in every text, signed", HTML)
harmless("terminal markup in every text, signed", "[red]x[/red]")


def try_one(world, one):
    """Try one; return how it was refused. Fails if it was not, not logged, or did harm."""
    stored, was = set(world.stored()), len(world.log("broker"))
    words = one.run(world)
    # The receiver tells a reason that comes again ever more rarely, so its whole log counts.
    kept = LOGS.get(one.by)
    log = (lambda: world.log(kept)) if kept else (lambda: world.log("broker")[was:])
    assert until(lambda: re.search(one.log, log())), f"not logged:\n{log()}"
    assert stored <= set(world.stored()), "something was lost"
    assert world.works(), "the good station is served no more"
    return words


def table(rows):
    """Return the breach table in Markdown."""
    head = ["| # | attempt | refused by | how |", "|---|---|---|---|"]
    lines = (f"| {i} | {one.name} | {one.by} | {how} |" for i, (one, how) in enumerate(rows, 1))
    return "\n".join([*head, *lines])


if __name__ == "__main__":
    with TemporaryDirectory() as folder, World(Path(folder)) as world:
        sys.stdout.write(f"{table([(one, try_one(world, one)) for one in ATTEMPTS])}\n")
