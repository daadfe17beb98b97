from random import Random
from uuid import uuid4

import pytest

from station.reporting.outbox import Acknowledgement, OutboxLimits, OutboxPolicy

LIMITS = OutboxLimits(window=3, publish_timeout_s=10, receipt_timeout_s=30, unreceipted=5)


@pytest.fixture
def policy():
    made = OutboxPolicy(LIMITS, Random(5))
    made.connected(None)
    return made


def send(policy, count, now_s=0.0, start=1):
    ids = [uuid4() for _ in range(count)]
    for mid, report_id in enumerate(ids, start):
        policy.sent(report_id, mid, now_s)
    return ids


def test_no_more_than_the_window_is_under_way(policy):
    assert policy.room(0) == 3
    send(policy, 3)
    assert policy.room(0) == 0
    policy.acknowledged(1, 0, 0)
    assert policy.room(0) == 1


@pytest.mark.parametrize(("receive_maximum", "room"), [(None, 3), (2, 2), (65_535, 3)])
def test_the_brokers_receive_maximum_lowers_the_window(policy, receive_maximum, room):
    policy.connected(receive_maximum)
    assert policy.room(0) == room


def test_messages_without_receipt_are_bounded_too(policy):
    send(policy, 3)
    for mid in (1, 2, 3):
        policy.acknowledged(mid, 0, 0)
    assert policy.room(0) == 2


def test_what_is_under_way_is_not_sent_again(policy):
    ids = send(policy, 2)
    assert not policy.is_free(ids[0])
    assert policy.is_free(uuid4())


def test_the_brokers_acknowledgement_is_no_delivery(policy):
    [report_id] = send(policy, 1)
    assert policy.acknowledged(1, 0x00, 0) == (report_id, Acknowledgement.TAKEN)
    assert not policy.is_free(report_id)
    policy.expire(1000)
    assert policy.is_free(report_id), "without receipt it is sent again"


def test_no_matching_subscribers_is_no_delivery_either(policy):
    [report_id] = send(policy, 1)
    assert policy.acknowledged(1, 0x10, 0) == (report_id, Acknowledgement.NO_RECEIVER)


def test_an_unknown_packet_number_is_ignored(policy):
    assert policy.acknowledged(99, 0, 0) is None


def test_a_missing_receipt_is_waited_for_between_one_and_two_timeouts(policy):
    for _ in range(50):
        fresh = OutboxPolicy(LIMITS, Random(_))
        [report_id] = send(fresh, 1)
        fresh.expire(29.9)
        assert not fresh.is_free(report_id)
        fresh.expire(60)
        assert fresh.is_free(report_id)
        assert fresh.is_silent


def test_different_stations_do_not_send_again_at_the_same_time():
    times = set()
    for seed in range(20):
        policy = OutboxPolicy(LIMITS, Random(seed))
        send(policy, 1)
        policy.acknowledged(1, 0, 0)
        times.add(policy.next_due_s())
    assert len(times) == 20


def test_back_off_grows_and_ends_and_it_never_gives_up(policy):
    report_id, now_s, waits = uuid4(), 0.0, []
    for attempt in range(60):
        policy.sent(report_id, attempt, now_s)
        policy.acknowledged(attempt, 0, now_s)
        due_s = policy.next_due_s()
        waits.append(due_s - now_s)
        now_s = due_s
        policy.expire(now_s)
        assert policy.is_free(report_id)
    assert waits[0] <= 60
    assert max(waits) <= 30 * 8 * 2
    assert min(waits[10:]) >= 30 * 8


def test_when_the_cdc_answers_again_old_messages_do_not_sit_out_their_back_off(policy):
    old, now_s = uuid4(), 0.0
    for attempt in range(1, 6):
        policy.sent(old, attempt, now_s)
        policy.acknowledged(attempt, 0, now_s)
        if attempt < 5:
            now_s = policy.next_due_s()
            policy.expire(now_s)
    assert policy.next_due_s() > now_s + 200
    policy.settled([uuid4()], now_s)
    assert policy.next_due_s() <= now_s + 30
    assert not policy.is_silent


def test_a_disconnect_forgets_what_was_under_way(policy):
    ids = send(policy, 3)
    policy.disconnected()
    assert policy.room(0) == 3
    assert all(policy.is_free(report_id) for report_id in ids)
    assert policy.acknowledged(1, 0, 0) is None, "packet numbers mean nothing any more"


def test_a_receipted_message_is_not_sent_again_while_the_ledger_marks_it(policy):
    [report_id] = send(policy, 1)
    policy.settled([report_id], 0)
    assert not policy.is_free(report_id)
    policy.disconnected()
    assert not policy.is_free(report_id)
    policy.expire(31)
    assert policy.is_free(report_id), "the ledger never marked it: ask for another receipt"


def test_a_refused_message_rests_beyond_the_disconnect_that_follows(policy):
    [report_id] = send(policy, 1)
    assert policy.acknowledged(1, 0x99, 0) == (report_id, Acknowledgement.REFUSED)
    policy.disconnected()
    policy.connected(None)
    assert not policy.is_free(report_id)
    assert policy.room(0) == 1, "only one is tried until one is taken"
    policy.sent(uuid4(), 1, 0)
    policy.acknowledged(1, 0, 0)
    assert policy.room(0) == 3
    policy.expire(61)
    assert policy.is_free(report_id), "it is never given up"


def test_a_station_without_permission_waits_before_it_tries_again(policy):
    send(policy, 1)
    policy.acknowledged(1, 0x87, 0)
    policy.disconnected()
    policy.connected(None)
    assert policy.room(0) == 0
    due_s = policy.next_due_s()
    assert 30 <= due_s <= 60
    policy.expire(due_s)
    assert policy.room(due_s) == 1
    assert policy.next_due_s() is None, "nothing due in the past: the link would spin"


def test_a_broker_that_does_not_acknowledge_is_stalled(policy):
    send(policy, 1)
    assert not policy.is_stalled(9.9)
    assert policy.is_stalled(10)
    policy.disconnected()
    assert not policy.is_stalled(10)
