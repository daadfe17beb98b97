"""Station ledger, link, a real broker and the CDC's receiver in its own process."""

import json
import signal
import time
from threading import Event
from types import SimpleNamespace
from uuid import uuid4

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from station.core.link_events import LinkState
from station.core.report import Channel
from station.core.status import LaneStatus, StationStatus
from station.reporting.payload import decode_event
from station.reporting.topics import StationIdentity

pytestmark = pytest.mark.system


@pytest.fixture
def send(broker):
    """Publish bytes as anybody on the network could; return after the broker has them."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.connect(broker.host, broker.port)
    client.loop_start()

    def publish(topic, *payloads):
        for one in [client.publish(topic, payload, qos=1) for payload in payloads]:
            one.wait_for_publish(10)

    yield publish
    client.disconnect()
    client.loop_stop()


@pytest.fixture
def listen(broker):
    """Subscribe to a topic; return a list that fills."""
    clients = []

    def subscribe(topic):
        heard, subscribed = [], Event()
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        client.on_message = lambda c, u, message: heard.append(message.payload)
        client.on_subscribe = lambda *arguments: subscribed.set()
        client.connect(broker.host, broker.port)
        client.subscribe(topic, qos=1)
        client.loop_start()
        assert subscribed.wait(60)
        clients.append(client)
        return heard

    yield subscribe
    for client in clients:
        client.disconnect()
        client.loop_stop()


@pytest.fixture
def world(request, broker):
    names = "start_station start_cdc send listen until inbox making".split()
    return SimpleNamespace(broker=broker, **{name: request.getfixturevalue(name) for name in names})


def drained(station):
    return lambda: station.reader.summary().waiting == 0


def test_a_flagged_alert_arrives_once_and_counts_as_delivered_only_after_the_receipt(world):
    station = world.start_station(world.broker.host, world.broker.port)
    world.until(lambda: station.links[-1].state is LinkState.CONNECTED, "no link")
    [report_id] = station.flag()
    time.sleep(0.3)
    assert "delivered" not in station.stages(report_id), "nobody has stored it"
    assert station.reader.summary().waiting == 1
    cdc = world.start_cdc(world.broker.port)
    world.until(drained(station), "no receipt came")
    world.until(lambda: station.stages(report_id)[-1] == "delivered", "the screens were not told")
    world.until(lambda: cdc.stored == [report_id], lambda: f"stored {cdc.stored}")
    assert cdc.end() == 0


def test_all_alerts_arrive_once_when_the_broker_is_killed_midway(world):
    cdc = world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    ids = station.flag(20)
    world.broker.kill()
    ids += station.flag(20)
    world.until(lambda: station.links[-1].state is LinkState.OFFLINE, "the loss went unseen")
    assert "disk" in station.links[-1].text
    world.broker.restart()
    ids += station.flag(10)
    world.until(drained(station), lambda: f"{station.reader.summary()} {station.links[-1]}")
    found = world.inbox()
    assert sorted(found.ids) == sorted(ids)
    assert found.gaps == []
    assert cdc.end() == 0
    assert sorted(cdc.stored) == sorted(ids), "each is told once"


def test_alerts_arrive_after_the_receiver_was_down(world):
    cdc = world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    ids = station.flag(3)
    world.until(drained(station), "no receipt came")
    cdc.end(signal.SIGKILL)
    ids += station.flag(10)
    world.until(lambda: "the CDC does not" in station.links[-1].text, "the silence went unsaid")
    assert station.reader.summary().waiting == 10
    world.start_cdc(world.broker.port)
    world.until(drained(station), lambda: f"{station.reader.summary()} {station.links[-1]}")
    assert sorted(world.inbox().ids) == sorted(ids)
    world.until(lambda: station.links[-1].text == "", lambda: f"{station.links[-1]}")


def test_a_receiver_that_comes_back_to_1100_waiting_messages_works_them_off(world):
    world.start_cdc(world.broker.port).end(signal.SIGKILL)
    # The broker delivers them before it grants the subscription.
    world.send(world.making.IDENTITY.alert_topic, *([b"junk"] * 1_100))
    world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    station.flag()
    world.until(lambda: len(world.inbox().ids) == 1, "the flag did not arrive")
    assert world.inbox().counts.poison == 1


def test_a_message_that_comes_twice_is_stored_once_and_receipted_again(world):
    world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    receipts = world.listen(world.making.IDENTITY.receipt_topic)
    entry = world.making.flagged(station.ledger)
    station.ledger.record(entry)
    station.wake.set()
    world.until(lambda: len(receipts) == 1, "no receipt")
    world.send(world.making.IDENTITY.alert_topic, entry.outbox[0].payload)
    world.until(lambda: len(receipts) == 2, "no second receipt")
    assert [str(entry.outbox[0].report_id)] == world.inbox().ids
    first, second = (json.loads(receipt)["data"] for receipt in receipts)
    assert first["stored"] == second["duplicate"] == [str(entry.outbox[0].report_id)]
    assert first["duplicate"] == second["stored"] == []


def test_a_drill_arrives_as_a_drill_and_is_refused_by_the_real_topic(world):
    world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    receipts = world.listen(world.making.IDENTITY.receipt_topic)
    entry = world.making.flagged(station.ledger, is_drill=True)
    station.ledger.record(entry)
    station.wake.set()
    world.until(drained(station), "the drill did not arrive")
    assert world.inbox().ids == [str(entry.outbox[0].report_id)]
    again = world.making.flagged(station.ledger, is_drill=True).outbox[0]
    world.send(world.making.IDENTITY.alert_topic, again.payload)

    def refusals():
        # Among receipts of what a slow machine made the station send again.
        return [one for raw in receipts for one in json.loads(raw)["data"]["rejected"]]

    world.until(refusals, "no refusal")
    [refused] = refusals()
    assert refused["id"] == str(again.report_id)
    assert "drill" in refused["reason"]
    assert world.inbox().counts.alerts == 1


def test_hostile_payloads_do_not_stop_the_receiver(world):
    cdc = world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    topic = world.making.IDENTITY.alert_topic
    receipts = world.listen(world.making.IDENTITY.receipt_topic)
    hostile = [
        b"",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"a":' * 10_000,
        b'{"id":"\\ud800"}',
        b"9" * 5_000,
        b'{"id":"' + str(uuid4()).encode() + b'","type":"org.fever-station.alert.v1"}',
        b'{"\\u0000":NaN}',
        b"\x1b[2J",
    ]
    for payload in hostile:
        world.send(topic, payload)
    for strange in ("fs/v1/a//c/alert", "fs/v1/\u6f22/b/c/alert", "fs/v1/a/b c/[red]/alert"):
        world.send(strange, b"{}")
    world.until(
        lambda: world.inbox().counts.poison == len(hostile) + 3, lambda: f"{world.inbox().counts}"
    )
    [report_id] = station.flag()
    world.until(drained(station), "the good alert did not arrive")
    assert world.inbox().ids == [report_id]
    rejected = [one for raw in receipts for one in json.loads(raw)["data"]["rejected"]]
    assert len(rejected) == 1, "only one of them had an id"
    assert cdc.process.poll() is None


def test_an_alert_in_anothers_name_is_set_aside_and_does_not_touch_theirs(world):
    world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    thief = StationIdentity("000000", "hub", "thief")
    to_thief, to_us = (
        world.listen(thief.receipt_topic),
        world.listen(world.making.IDENTITY.receipt_topic),
    )
    entry = world.making.flagged(station.ledger)
    world.send(thief.alert_topic, entry.outbox[0].payload)
    world.until(lambda: to_thief, "the sender was not told")
    assert "another station" in json.loads(to_thief[0])["data"]["rejected"][0]["reason"]
    assert (world.inbox().ids, to_us) == ([], [])
    station.ledger.record(entry)
    station.wake.set()
    world.until(drained(station), "the real one did not arrive")
    assert world.inbox().ids == [str(entry.outbox[0].report_id)]


def test_a_rejected_alert_is_set_aside_and_the_next_one_arrives(world):
    world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, world.broker.port)
    good = world.making.flagged(station.ledger)
    broken = good.outbox[0].payload.replace(b'"skin_surface_temperature_c":37.25', b'"fever":true')
    item = good.outbox[0].__class__(
        **{name: getattr(good.outbox[0], name) for name in good.outbox[0].__slots__}
        | {"payload": broken}
    )
    station.ledger.record(
        good.__class__(passage=good.passage, case=good.case, steps=good.steps, outbox=(item,))
    )
    [report_id] = station.flag()
    world.until(drained(station), lambda: f"{station.reader.summary()}")
    assert world.inbox().ids == [report_id]
    assert station.reader.summary().set_aside == 1
    assert "data/skin" in station.rejected[0]
    world.until(lambda: "rejected 1" in station.links[-1].text, lambda: f"{station.links[-1]}")


def test_a_newer_message_is_kept_raw_and_receipted(world):
    world.start_cdc(world.broker.port)
    receipts = world.listen(world.making.IDENTITY.receipt_topic)
    report_id = str(uuid4())
    newer = {"id": report_id, "type": "org.fever-station.alert.v2", "data": ["quite different"]}
    world.send(world.making.IDENTITY.alert_topic, json.dumps(newer).encode())
    world.until(lambda: receipts, "no receipt")
    assert json.loads(receipts[0])["data"]["stored"] == [report_id]
    assert (world.inbox().counts.newer, world.inbox().counts.poison) == (1, 0)


def test_missing_numbers_are_seen(world):
    world.start_cdc(world.broker.port)
    station = world.start_station(world.broker.host, 9)
    payloads = []
    for _ in range(5):
        entry = world.making.flagged(station.ledger)
        station.ledger.record(entry)
        payloads.append(entry.outbox[0].payload)
    for index in (1, 4):
        world.send(world.making.IDENTITY.alert_topic, payloads[index])
    world.until(lambda: world.inbox().counts.alerts == 2, "not stored")
    assert [(gap.first, gap.last) for gap in world.inbox().gaps] == [(1, 1), (3, 4)]


def test_a_station_and_a_receiver_start_without_a_broker(world):
    world.broker.kill()
    cdc = world.start_cdc(world.broker.port, ready=False)
    station = world.start_station(world.broker.host, world.broker.port)
    ids = station.flag(2)
    world.until(lambda: "No broker answers" in station.links[-1].text, "nothing said")
    assert station.links[-1].state is LinkState.OFFLINE
    world.until(lambda: cdc.troubles, "the receiver said nothing")
    assert len(cdc.troubles) == 1, "one sentence, not one for each try"
    world.broker.restart()
    world.until(drained(station), lambda: f"{station.reader.summary()} {cdc.troubles}")
    assert sorted(world.inbox().ids) == sorted(ids)


def test_the_retained_status_tells_lost_from_gone(world):
    heard = world.listen(world.making.IDENTITY.topic(Channel.STATUS))

    def states():
        return [decode_event(raw, Channel.STATUS).data.state.value for raw in heard]

    station = world.start_station(world.broker.host, world.broker.port)
    world.until(lambda: states()[-1:] == ["online"], lambda: f"{states()}")
    world.until(lambda: station.links[-1].state is LinkState.CONNECTED, "no link")
    connection = station.sink._connection._client.socket()
    connection.shutdown(2)
    world.until(lambda: states() == ["online", "lost", "online"], lambda: f"{states()}")
    station.link.set_status(StationStatus((LaneStatus("1", False, "no_reference"),)))
    station.wake.set()
    world.until(lambda: states()[-1] == "attention", lambda: f"{states()}")
    late = world.listen(world.making.IDENTITY.topic(Channel.STATUS))
    world.until(lambda: late, "the status is not retained")
    assert late[0] == heard[-1]
    station.stop.set()
    station.wake.set()
    world.until(lambda: states()[-1] == "offline", "no goodbye")
