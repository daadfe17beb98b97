"""A ledger keeper on a real file, and the jobs that its tests give it."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import time
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from station.core.case_flow import CaseFlow
from station.core.cases import CaseState
from station.core.cohort import CrowdWarning
from station.core.commands import AttachReading, RegisterCase, ResolveCase
from station.core.events import CaseChanged, CommandRefused
from station.core.extraction import Rejection, RejectReason
from station.core.identity import CollectionOrder, Identity, IdentityField, IdentityRules
from station.core.lane_steps import EndedPassage, FaceObservation, Flag
from station.core.passages import Passage
from station.core.people import Person, Role
from station.core.reference import ReferenceState
from station.core.registration import Field, HubKind, Registration, Symptom
from station.core.report import Channel, Encoded
from station.core.screening import Outcome
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.runtime.daily import DailyReporter, DailyTimes
from station.runtime.ledger_jobs import LedgerCommand, Order
from station.runtime.queues import ReadingQueue
from station.runtime.records import LedgerKeeper
from tests.support import NOON, POLICY, body_reading, face, screening

ORDER = CollectionOrder(
    "order-9",
    "the law",
    "CDC",
    NOON.date(),
    NOON.date(),
    (IdentityField.NAME, IdentityField.TELEPHONE),
    3,
)
FLOW = CaseFlow(
    policies=(POLICY,),
    asked=(Field.NUMBER, Field.SEAT, Field.SYMPTOMS),
    identity=IdentityRules((IdentityField.NAME, IdentityField.DOCUMENT), 14, (ORDER,)),
)
JOURNEY = Registration(HubKind.TRAIN, number="G101", seat="12F", symptoms=(Symptom.COUGH,))
LI = Person("Li", Role.OPERATOR)


def plainly(report, epoch, sequence, person):
    return Encoded(Channel.ALERT, f"{report.kind} {sequence}".encode())


class Desk:
    """A ledger keeper on a real SQLite file, with its events kept."""

    def __init__(self, path):
        self.path = path
        self.time = NOON
        self.numbers = count(1000)
        self.flow = FLOW
        self.encode = plainly
        self.ledger = SqlLedger(path)
        self.ledger.load_orders(FLOW.identity.orders)
        self.outbox = SqlOutboxReader(path)
        self.jobs = ReadingQueue()
        self.events = []
        self.wake = threading.Event()
        self.offered = []
        self.keeper = self.make(self.ledger)

    def make(self, ledger, **more):
        return LedgerKeeper(
            ledger,
            self.jobs,
            flow=lambda: self.flow,
            encode=self._encoded,
            daily=DailyReporter(
                ledger,
                DailyTimes(ZoneInfo("Asia/Shanghai"), time(14, 30)),
                encode=lambda figures, event_id, at, epoch, sequence: Encoded(
                    Channel.REPORT, f"{figures.day.day} {figures.counts.screened}".encode()
                ),
                clock=self,
                new_id=lambda: UUID(int=next(self.numbers)),
            ),
            clock=self,
            events=self,
            new_id=lambda: UUID(int=next(self.numbers)),
            wake_link=self.wake,
            offer=self.offered.extend,
            wait=lambda _: False,
            **more,
        )

    def _encoded(self, *about):
        return self.encode(*about)

    def now(self):
        return self.time

    def monotonic_s(self):
        return 0.0

    def emit(self, event):
        self.events.append(event)

    def do(self, *jobs):
        self.events.clear()
        for job in jobs:
            self.jobs.put(Order(job, LI) if isinstance(job, LedgerCommand) else job)
        self.keeper.drain()
        return self.events

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def close(self):
        self.outbox.close()
        self.ledger.close()


def passage(answer, number=1):
    return Passage(
        UUID(int=number),
        "1",
        "camera-1",
        number,
        NOON,
        NOON,
        0,
        9,
        answer,
        ReferenceState.HEALTHY,
        9,
    )


def flag(number=1):
    seen = FaceObservation(face(), number, Rejection(RejectReason.TOO_FAR, (1.0, 2.0)), None)
    return Flag(passage(screening(), number), seen)


def ended(answer, number=1, *, was_flagged=False):
    return EndedPassage(passage(answer, number), was_flagged, None)


def confirmed(desk, body_c=38.4):
    """Take one traveller from the flag to the verdict and return the case's id."""
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    reading = body_reading(body_c)
    desk.do(reading, AttachReading(UUID(int=1), case_id, reading.reading_id))
    verdict = CaseState.CONFIRMED if body_c >= 37.3 else CaseState.CLEARED
    desk.do(ResolveCase(UUID(int=2), case_id, verdict, ""))
    return case_id


def refusal(desk, *jobs):
    desk.do(*jobs)
    (refused,) = desk.of(CommandRefused)
    return refused.refusal


def warned(number=1):
    answer = screening(Outcome.BELOW, 35.9)
    return replace(passage(answer, number), warning=CrowdWarning(1.0, 34.9, 0.3, 50))


NOBODY = Identity()


def registered(desk, case_id, identity=NOBODY, **about):
    command = RegisterCase(UUID(int=20), case_id, JOURNEY, identity, **about)
    return desk.do(command)


def steps_of(path):
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT actor, note FROM case_step ORDER BY step_id").fetchall()
