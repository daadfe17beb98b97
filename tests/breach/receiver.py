"""Attempts upon what the CDC's receiver believes."""

import json
import re
from uuid import uuid4

from tests.breach.attempts import ANSI, RECEIVER, attempts_upon, signed
from tests.secured.parties import GOOD, REVOKED_KEY, THIEF, until

ATTEMPTS, attempt = attempts_upon(RECEIVER)
SQL = "'; DROP TABLE alert; --"
HTML = "<script>alert(1)</script>"
NO_MESSAGE = "The message is no "


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
    @attempt(name, reason)
    def run(world):
        payload, *signatures = make(world)
        return set_aside(world, reason, payload, *signatures, topic=topic)


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


@attempt("a revoked key on its own station's topic", "was revoked")
def revoked_key(world):
    before = world.inbox()
    client = world.client(world.files.no_longer_believed)
    payload, signature = signed(world, world.alert(REVOKED_KEY), REVOKED_KEY)
    client.publish(REVOKED_KEY.alert_topic, payload, signature)
    assert until(lambda: world.reason(payload)), "it was not set aside"
    client.close()
    assert world.inbox().alerts == before.alerts, "it was stored"
    return world.reason(payload)


@attempt("poison, retained, that comes again with each subscription", "not signed")
def retained_poison(world):
    return set_aside(world, "not signed", f"{uuid4()}".encode(), retain=True)


@attempt("a flood of 500 forged messages", "not signed")
def flood(world):
    thief = world.thief()
    for _ in range(500):
        thief.client.publish(THIEF.alert_topic, f"{uuid4()}", qos=1)
    assert world.works(), "the good station was kept waiting"
    assert until(lambda: thief.answers.qsize() >= 500)
    thief.close()
    return "set aside, the others are served meanwhile"


@attempt("a replay of a good message, byte for byte", "")
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

    @attempt(name, "")
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
