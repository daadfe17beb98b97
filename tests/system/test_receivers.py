"""Several receivers share one subscription and one inbox."""

import shutil
import signal
import socket
import time

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.cdc.connection import _MOST_UNACKNOWLEDGED, ReceiverConnection
from station.commands.broker import LocalBroker
from station.core.errors import KnownError
from station.core.report import Channel
from station.reporting.topics import CDC_TOPICS

pytestmark = pytest.mark.system
# The broker in a wheel is for one receiver: unsubscribing does not end its deliveries.
on_mosquitto = pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)


@pytest.fixture
def silent_broker(tmp_path):
    """Grants a subscription of the canary's topic and delivers nothing."""
    acl = tmp_path / "acl"
    lines = [f"topic readwrite fs/v1/+/+/+/{channel}" for channel in Channel]
    acl.write_text("\n".join([*lines, "topic write fs/v1/+/+/+/canary", ""]))
    acl.chmod(0o644)
    try:
        with LocalBroker("mosquitto", more=f"acl_file {acl}") as started:
            yield started
    except KnownError as error:
        pytest.skip(str(error))


@on_mosquitto
def test_two_receivers_share_the_alerts_and_each_is_stored_and_told_once(
    broker, start_station, start_cdc, until, inbox
):
    cdcs = [start_cdc(broker.port, "--receivers", "2", "--name", f"cdc-{n}") for n in (1, 2)]
    station = start_station(broker.host, broker.port)
    ids = station.flag(40)
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.links[-1]}")
    until(lambda: sum(len(cdc.stored) for cdc in cdcs) == 40, lambda: [c.stored for c in cdcs])
    assert sorted(inbox().ids) == sorted(ids)
    assert all(cdc.stored for cdc in cdcs), "both work"
    assert [cdc.troubles for cdc in cdcs] == [[], []]


@on_mosquitto
def test_alerts_dealt_to_a_receiver_that_died_arrive_by_the_other(
    broker, start_station, start_cdc, until, inbox
):
    first, _ = (start_cdc(broker.port, "--receivers", "2", "--name", f"cdc-{n}") for n in (1, 2))
    station = start_station(broker.host, broker.port)
    first.end(signal.SIGKILL)
    ids = station.flag(20)
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.reader.summary()}")
    assert sorted(inbox().ids) == sorted(ids)


def test_a_lone_receiver_needs_no_shared_subscription(
    silent_broker, start_station, start_cdc, until
):
    cdc = start_cdc(silent_broker.port)
    station = start_station(silent_broker.host, silent_broker.port)
    [report_id] = station.flag()
    until(lambda: cdc.stored == [report_id], lambda: f"{cdc.lines} {cdc.troubles}")
    assert cdc.troubles == []


def test_one_of_several_receivers_refuses_a_broker_that_delivers_nothing(
    silent_broker, start_cdc, until
):
    cdc = start_cdc(silent_broker.port, "--receivers", "2", "--name", "cdc-1", ready=False)
    until(lambda: cdc.troubles, "it said nothing")
    assert "--receivers 1" in cdc.troubles[0]
    assert not cdc.is_ready


def test_a_receiver_restored_from_an_old_backup_says_so_and_gets_everything_back(
    broker, start_station, start_cdc, until, inbox
):
    station = start_station(broker.host, broker.port)
    cdc = start_cdc(broker.port)
    ids = station.flag(2)
    until(lambda: len(cdc.stored) == 2, lambda: f"{cdc.lines}")
    cdc.end()
    path, backup = cdc.db, cdc.db.with_name("backup.sqlite")
    shutil.copy(path, backup)
    cdc = start_cdc(broker.port)
    ids += station.flag(4)
    until(lambda: len(cdc.stored) == 4, lambda: f"{cdc.lines}")
    until(lambda: station.reader.summary().waiting == 0, lambda: f"{station.links[-1]}")
    cdc.end()
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    shutil.copy(backup, path)
    cdc = start_cdc(broker.port)
    until(lambda: len(cdc.stored) == 4, lambda: f"{cdc.lines} {cdc.troubles}")
    assert "older state" in cdc.troubles[0]
    assert sorted(inbox().ids) == sorted(ids)
    assert inbox().gaps == []


@on_mosquitto
def test_the_plain_subscription_of_an_earlier_start_is_given_up(broker, until):
    """Else the kept session delivers each alert twice."""
    earlier = Client(CallbackAPIVersion.VERSION2, client_id="cdc-receiver", protocol=MQTTv5)
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 60
    granted = []
    earlier.on_subscribe = lambda *_: granted.append(True)
    earlier.connect(broker.host, broker.port, clean_start=False, properties=properties)
    earlier.subscribe([(topic, 1) for topic in CDC_TOPICS])
    while not granted:
        earlier.loop(0.1)
    earlier.disconnect()
    connection = ReceiverConnection(broker.host, broker.port, "cdc-receiver", is_alone=False)
    try:
        until(connection.is_subscribed.is_set, lambda: connection.fault)
        # What is sent before the broker has given it up still comes twice.
        for _ in range(20):
            _send(broker, 1)
            assert connection.take(60.0)
            if connection.take(0.5) is None:
                return
        pytest.fail("alerts go on to come twice")
    finally:
        connection.close()


@on_mosquitto
def test_what_is_unacknowledged_stays_within_its_bound(broker, until):
    connection = ReceiverConnection(broker.host, broker.port, "cdc-receiver", is_alone=True)
    try:
        until(connection.is_subscribed.is_set, lambda: connection.fault)
        _send(broker, _MOST_UNACKNOWLEDGED + 300)
        until(lambda: connection._queue.qsize() >= 500, "nothing came")
        time.sleep(0.5)
        assert connection._queue.qsize() <= _MOST_UNACKNOWLEDGED
        for _ in range(_MOST_UNACKNOWLEDGED // 100 + 3):
            taken = [connection.take(60.0) for _ in range(100)]
            assert all(taken)
            connection.acknowledge(taken)
    finally:
        connection.close()


def test_a_broker_that_hangs_up_on_the_canary_proves_nothing(until):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        connection = ReceiverConnection(*listener.getsockname(), "cdc-receiver", is_alone=False)
        listener.accept()[0].close()
        try:
            until(connection.is_over.is_set, "it hangs")
        finally:
            connection.close()
    assert "hung up" in connection.fault
    assert not connection.is_proven


def _send(broker, count):
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.connect(broker.host, broker.port)
    client.loop_start()
    sent = [client.publish("fs/v1/a/b/c/alert", str(n).encode(), qos=1) for n in range(count)]
    for one in sent:
        one.wait_for_publish(5)
    client.disconnect()
    client.loop_stop()
