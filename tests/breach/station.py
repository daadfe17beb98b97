"""Attempts upon a station with a stolen receiver's certificate, but without the CDC's key."""

import json
import re
from uuid import UUID, uuid4

from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.payload import encode_receipt
from tests.breach.attempts import STATION, attempts_upon, signed
from tests.secured.parties import WAITING, now_utc, until

ATTEMPTS, attempt = attempts_upon(STATION)


def receipt(*, stored=(), rejected=()):
    refused = tuple(RejectedReport(id=one, reason="forged") for one in rejected)
    made = Receipt(stored=tuple(stored), rejected=refused)
    return encode_receipt(made, event_id=uuid4(), at=now_utc())


def disbelieved(name, reason, make):
    @attempt(name, reason)
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
