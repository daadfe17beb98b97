from dataclasses import replace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.core.errors import KnownError
from station.core.link_events import LinkState
from station.core.ports import OutboxItem
from station.core.report import Channel
from station.reporting.asked import Ask, encode_ask
from station.reporting.messages.receipt import Receipt
from station.reporting.mqtt import Acknowledged, Down, Ready, Received
from station.reporting.payload import encode_receipt
from station.reporting.signing import CdcKeys, SigningKey
from tests.unit.link_making import NOON, World, receipt


@pytest.fixture
def world():
    return World()


def test_nothing_is_sent_before_the_receipts_are_subscribed(world):
    world.outbox.add()
    world.run()
    assert (world.sink.connects, world.sink.sent) == (1, [])
    assert world.state is LinkState.OFFLINE
    world.run(Ready(None))
    assert world.sink.sent == [b"0"]
    assert world.state is LinkState.CONNECTED


def test_the_client_never_gets_more_than_the_window(world):
    world.outbox.add(10)
    world.connect()
    assert len(world.sink.sent) == 3
    world.run(Acknowledged(1, 0))
    assert len(world.sink.sent) == 4
    world.run(Acknowledged(2, 0), Acknowledged(3, 0))
    assert len(world.sink.sent) == 6


def test_what_has_just_become_durable_is_sent_before_the_outbox_holds_it_and_only_once(world):
    world.connect()
    [item] = world.outbox.add()
    world.outbox.items = []
    world.link.offer([item])
    world.run()
    assert world.sink.sent == [b"0"]
    world.outbox.items = [item]
    world.run(Acknowledged(1, 0))
    world.run(receipt(item))
    world.run()
    assert world.sink.sent == [b"0"]
    assert [p.stage.value for p in world.progress] == ["published", "delivered"]


def test_a_flag_does_not_wait_for_a_look_at_the_outbox_when_nothing_older_waits(world):
    world.connect()
    [item] = world.outbox.add()
    world.outbox.items, world.outbox.fault = [], KnownError("the ledger is busy")
    world.link.offer([item])
    world.run()
    assert world.sink.sent == [b"0"]


def test_a_flag_lets_go_first_what_has_to_be_sent_again(world):
    [older] = world.outbox.add()
    world.connect()
    world.run(Down("the cable", False))
    [fresh] = world.outbox.add()
    world.outbox.items = [older]
    world.link.offer([fresh])
    world.run(after_s=60)
    world.link.offer([fresh])
    world.run(Ready(None))
    assert world.sink.sent == [b"0", b"0", fresh.payload]


def test_a_new_ledger_that_counts_from_its_beginning_is_read_from_there(world):
    items = world.outbox.add(5)
    world.connect()
    world.run(*(Acknowledged(i, 0) for i in (1, 2, 3)))
    world.run(receipt(*items))
    world.outbox.items = [replace(world.outbox.add()[0], position=1, payload=b"of the new one")]
    world.run()
    assert b"of the new one" not in world.sink.sent, "it lies before what was read"
    world.link.renewed()
    world.run()
    assert world.sink.sent[-1] == b"of the new one"


def test_what_is_offered_without_a_connection_or_room_leaves_in_the_order_of_the_outbox(world):
    [item] = world.outbox.add()
    world.link.offer([item])
    world.run()
    older = world.outbox.add(3)
    world.outbox.items = [*older, replace(item, position=9)]
    world.run(Ready(None))
    world.link.offer([item])
    assert world.sink.sent == [b"0", b"1", b"2"]
    world.run(*(Acknowledged(i, 0) for i in (1, 2, 3)))
    assert world.sink.sent == [b"0", b"1", b"2", item.payload]


def test_a_smaller_receive_maximum_of_the_broker_is_kept(world):
    world.outbox.add(10)
    world.connect(receive_maximum=1)
    assert len(world.sink.sent) == 1


def test_stages_come_in_order_and_delivered_only_with_the_receipt(world):
    [item] = world.outbox.add()
    world.connect()
    world.run(Acknowledged(1, 0))
    assert world.delivered == []
    world.run(receipt(item))
    assert world.delivered == [((item.report_id,), world.clock.now())]
    assert [p.stage.value for p in world.progress] == ["published", "delivered"]
    assert {p.case_id for p in world.progress} == {item.case_id}


def test_receipts_that_come_together_are_marked_together_and_before_a_later_rejection(world):
    first, second, third = world.outbox.add(3)
    order = world.delivered
    world.rejected = order
    world.connect()
    world.run(*(Acknowledged(i, 0) for i in (1, 2, 3)))
    world.run(receipt(first), receipt(second), receipt(rejected=[third]))
    both = (first.report_id, second.report_id)
    assert order == [(both, world.clock.now()), (third.report_id, "faulty")]


def test_a_rejected_alert_is_reported_with_its_reason(world):
    [item] = world.outbox.add()
    world.connect()
    world.run(receipt(rejected=[item]))
    assert world.rejected == [(item.report_id, "faulty")]
    assert world.delivered == []
    world.outbox.items, world.outbox.set_aside = [], 1
    world.run(after_s=1)
    assert "rejected 1" in world.text


def test_bytes_that_are_no_receipt_change_nothing(world):
    world.outbox.add()
    world.connect()
    world.run(Received(b"\xff"), Received(b"[" * 9999), Received(b"{}"))
    assert (world.delivered, world.rejected) == ([], [])


def test_an_answer_that_the_cdc_did_not_sign_settles_nothing_and_is_said_until_it_answers():
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(b"1" * 32))
    forger = SigningKey(Ed25519PrivateKey.from_private_bytes(b"2" * 32))
    cdc = CdcKeys([Ed25519PrivateKey.from_private_bytes(b"1" * 32).public_key()])
    world = World(cdc.check)
    [item] = world.outbox.add()
    world.connect()
    answer, refusal = receipt(item), receipt(rejected=[item])
    world.outbox.kept = [item]
    ask = encode_ask(Ask(epoch=uuid4(), first=1, last=1))
    for forged in (
        answer,
        refusal,
        answer._replace(signature=forger.sign(answer.payload)),
        answer._replace(signature=key.sign(refusal.payload)),
        Received(ask),
    ):
        world.run(forged)
        assert "the CDC did not make" in world.text
    assert (world.delivered, world.rejected, len(world.sink.sent)) == ([], [], 1)
    world.run(answer._replace(signature=key.sign(answer.payload)))
    assert world.delivered[0][0] == (item.report_id,)
    assert "did not make" not in world.text


def test_an_acknowledgement_without_subscribers_is_not_published_and_said(world):
    world.outbox.add()
    world.connect()
    world.run(Acknowledged(1, 0x10))
    assert world.progress == []
    assert "the CDC does not" in world.text


def test_a_missing_receipt_leads_to_sending_again(world):
    [item] = world.outbox.add()
    world.connect()
    world.run(Acknowledged(1, 0))
    world.run(after_s=29)
    assert len(world.sink.sent) == 1
    world.run(after_s=32)
    assert world.sink.sent == [b"0", b"0"]
    assert "the CDC does not" in world.text
    world.run(receipt(item))
    assert world.text == ""


def test_after_a_loss_everything_without_receipt_is_sent_again(world):
    world.outbox.add(2)
    world.connect()
    world.run(Acknowledged(1, 0))
    world.run(Down("The broker hung up.", False))
    assert world.state is LinkState.OFFLINE
    assert "disk" in world.text
    world.run(after_s=2)
    world.run(Ready(None))
    assert world.sink.connects == 2
    assert world.sink.sent == [b"0", b"1", b"0", b"1"]


def test_waits_between_connections_grow_with_jitter_and_end(world):
    world.run()
    waits = []
    for _ in range(12):
        world.run(Down("No broker.", False))
        start_s, connects = world.clock.time_s, world.sink.connects
        while world.sink.connects == connects:
            world.run(after_s=0.25)
        waits.append(world.clock.time_s - start_s)
    assert waits[0] <= 1.75
    assert max(waits) <= 45.25
    assert min(waits[6:]) >= 15
    assert len(set(waits)) > 6


def test_a_broker_that_swallows_alerts_is_left_and_tried_again(world):
    world.outbox.add()
    world.connect()
    world.run(after_s=11)
    assert world.sink.disconnects == 1
    assert world.state is LinkState.OFFLINE
    assert "does not acknowledge" in world.text


def test_without_permission_the_link_is_refused_and_does_not_flap(world):
    world.outbox.add(5)
    world.connect()
    for _ in range(20):
        world.run(Acknowledged(len(world.sink.sent), 0x87), Down("The broker hung up.", False))
        assert world.state is LinkState.REFUSED
        world.run(after_s=2)
        world.run(Ready(None))
        assert world.state is LinkState.REFUSED
    assert len(world.sink.sent) <= 3 + 2, "a pause lies between the tries"


def test_the_link_recovers_when_permission_is_given(world):
    items = world.outbox.add(1)
    world.connect()
    world.run(Acknowledged(1, 0x87))
    world.run(after_s=70)
    world.run(Acknowledged(2, 0))
    assert world.state is LinkState.CONNECTED
    world.run(receipt(*items))
    assert len(world.delivered) == 1


def test_a_refused_login_is_said_until_a_connection_comes_about(world):
    world.run()
    world.run(Down("The broker refuses this station.", True))
    assert (world.state, world.text) == (LinkState.REFUSED, "The broker refuses this station.")
    world.run(after_s=2)
    world.run(Ready(None))
    assert world.state is LinkState.CONNECTED


def test_short_connections_again_and_again_hint_at_a_second_station_of_that_name(world):
    for _ in range(4):
        world.connect()
        world.run(Down("The broker hung up.", False))
        assert ("same station_id" in world.text) == (_ == 3)
        world.clock.time_s += 20
    world.connect()
    world.run(after_s=100)
    world.run(Down("The broker hung up.", False))
    assert "same station_id" not in world.text


def test_an_unreadable_outbox_is_said_and_survived(world):
    world.outbox.add()
    world.outbox.fault = KnownError("The disk cannot be read.")
    world.connect()
    assert world.text == "The disk cannot be read."
    world.outbox.fault = None
    world.run()
    assert (world.sink.sent, world.text) == ([b"0"], "")


def test_the_same_state_is_told_once(world):
    world.connect()
    told = len(world.told)
    for _ in range(5):
        world.run(after_s=1)
    assert len(world.told) == told
    world.outbox.add()
    world.run(after_s=1)
    assert world.told[-1].waiting == 1


def test_an_alert_receipted_late_is_not_sent_again_before_the_ledger_marks_it(world):
    [item] = world.outbox.add()
    world.connect()
    world.run(Acknowledged(1, 0), receipt(item))
    for _ in range(5):
        world.run(after_s=1)
    assert len(world.sink.sent) == 1


def test_run_once_returns_at_the_timeout_when_nothing_happens():
    world = World()
    world.run()
    world.link.run_once(world.wake, 0.01)


def test_what_the_cdc_asks_for_is_sent_again_after_what_waits_and_without_telling_the_screens(
    world,
):
    world.outbox.kept = [
        OutboxItem(uuid4(), uuid4(), "flagged", Channel.ALERT, uuid4(), 1, b"delivered", NOON)
    ]
    world.connect()
    world.outbox.add(1)
    world.run(Received(encode_ask(Ask(epoch=uuid4(), first=1, last=9))))
    assert world.sink.sent == [b"0", b"delivered"]
    world.run(Acknowledged(2, 0), receipt(*world.outbox.kept))
    assert world.progress == []
    assert world.delivered[0][0] == (world.outbox.kept[0].report_id,)


def test_an_alert_that_the_cdc_had_already_is_delivered_and_not_sent_again(world):
    [item] = world.outbox.add()
    world.connect()
    answer = Receipt(duplicate=(item.report_id,))
    told = Received(encode_receipt(answer, event_id=uuid4(), at=NOON))
    world.run(Acknowledged(1, 0), told)
    assert world.delivered == [((item.report_id,), world.clock.now())]
    world.outbox.items.clear()
    world.run(after_s=61)
    assert (world.sink.sent, world.text) == ([b"0"], ""), "nobody waits for its receipt any more"


def test_each_message_goes_by_the_channel_that_it_was_made_for(world):
    channels = [Channel.DRILL_ALERT, Channel.REPORT]
    added = world.outbox.add(2)
    world.outbox.items = [
        replace(item, channel=channel) for item, channel in zip(added, channels, strict=True)
    ]
    world.connect()
    assert world.sink.channels == channels
