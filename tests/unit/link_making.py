"""A link to the CDC without a network: its outbox, a sink that the test answers for, and time."""

from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from uuid import uuid4

from station.core.ports import OutboxItem, OutboxSummary
from station.core.report import Channel
from station.reporting.link import ReportLink
from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.mqtt import Ready, Received
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from station.reporting.payload import encode_receipt

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.time_s = 0.0

    def now(self):
        return NOON + timedelta(seconds=self.time_s)

    def monotonic_s(self):
        return self.time_s


class Outbox:
    def __init__(self):
        self.items, self.set_aside, self.fault, self.kept = [], 0, None, []
        self.added = 0

    def add(self, count=1):
        added = [
            OutboxItem(
                uuid4(), uuid4(), "flagged", Channel.ALERT, uuid4(), 1, b"%d" % i, NOON, position
            )
            for i, position in enumerate(range(self.added + 1, self.added + count + 1))
        ]
        self.added += count
        self.items += added
        return added

    def waiting(self, limit, after):
        if self.fault:
            raise self.fault
        return tuple(item for item in self.items if item.position > after)[:limit]

    def numbered(self, epoch, first, last, limit):
        return tuple(self.kept)

    def summary(self):
        return OutboxSummary(len(self.items), NOON if self.items else None, self.set_aside)


class Sink:
    def __init__(self):
        self.connects, self.disconnects, self.sent, self.events = 0, 0, [], []
        self.channels, self.wills, self.told = [], [], []

    def connect(self, wake, will):
        self.connects += 1
        self.wills.append(will)

    def tell(self, status):
        self.told.append(status)

    def poll(self):
        events, self.events = self.events, []
        return events

    def publish(self, messages):
        before = len(self.sent)
        self.channels += [channel for channel, _ in messages]
        self.sent += [payload for _, payload in messages]
        return list(range(before + 1, len(self.sent) + 1))

    def disconnect(self):
        self.disconnects += 1


class World:
    def __init__(self, check_answer=None):
        self.clock, self.outbox, self.sink = Clock(), Outbox(), Sink()
        self.delivered, self.rejected, self.progress, self.told = [], [], [], []
        self.wake = Event()
        self.link = ReportLink(
            reader=self.outbox,
            sink=self.sink,
            policy=OutboxPolicy(OutboxLimits(3, 10, 30), Random(1)),
            clock=self.clock,
            random=Random(1),
            reconnect_s=(1, 30),
            on_delivered=lambda ids, at: self.delivered.append((ids, at)),
            on_rejected=lambda report_id, reason, at: self.rejected.append((report_id, reason)),
            on_progress=self.progress.append,
            on_link=self.told.append,
            encode_status=lambda state, status: (state, status),
            check_answer=check_answer,
        )

    def run(self, *events, after_s=0.0):
        self.clock.time_s += after_s
        self.sink.events += events
        self.wake.set()
        self.link.run_once(self.wake, 60)

    def connect(self, receive_maximum=None):
        self.run()
        self.run(Ready(receive_maximum))

    @property
    def state(self):
        return self.told[-1].state

    @property
    def text(self):
        return self.told[-1].text


def receipt(*items, rejected=()):
    refused = tuple(RejectedReport(id=item.report_id, reason="faulty") for item in rejected)
    answer = Receipt(stored=tuple(i.report_id for i in items), rejected=refused)
    return Received(encode_receipt(answer, event_id=uuid4(), at=NOON))
