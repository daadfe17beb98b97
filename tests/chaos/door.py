"""Where flags come in: a lane that flags as many travellers as it is allowed to.

The lane stands for the cameras. What it gives the station is what a lane screener gives it, and
from there on everything is the product's: the queue, the ledger's thread, the outbox, the link.
"""

import sys
import threading
import time
from datetime import UTC, datetime
from uuid import uuid4

from station.core.events import CaseChanged, LedgerFault, LedgerSalvaged, RecordsLost
from station.core.extraction import Rejection, RejectReason, Site
from station.core.faces import Box, FaceRegion
from station.core.lane_steps import FaceObservation, Flag
from station.core.link_events import DeliveryProgress, DeliveryStage
from station.core.passages import Passage
from station.core.reference import ReferenceState
from station.core.screening import Measurement, Outcome, Screening
from tests.chaos.journal import Journal, Promise, read_journal

MOST_AT_THE_DOOR = 4
"""As many travellers are flagged before the first of them is acknowledged: one in each lane."""
_ABOVE = Screening(
    Outcome.ABOVE, Measurement(37.25, 0.2, Site.INNER_CANTHUS, 9, 0.9, False), (), "policy"
)


def make_flag(number):
    """Return a traveller's flag; its number travels in the lane's name, all the way to the CDC."""
    now = datetime.now(UTC)
    passage = Passage(
        passage_id=uuid4(),
        lane=f"flag-{number}",
        camera_id="camera-1",
        traveller=number,
        first_at=now,
        last_at=now,
        first_sequence=1,
        last_sequence=2,
        screening=_ABOVE,
        reference=ReferenceState.HEALTHY,
        facing_frames=9,
    )
    face = FaceRegion(Box(1.0, 1.0, 2.0, 2.0), 0.9, 0.9)
    result = Rejection(RejectReason.TOO_FAR, (1.5, 1.5))
    return Flag(passage, FaceObservation(face, number, result, _ABOVE))


def flag_number(lane):
    """Return which flag an alert's lane tells of; None if it is none of ours."""
    name, _, number = lane.partition("-")
    return int(number) if name == "flag" and number.isdecimal() else None


class Door:
    """Offers flags and hears the station's word on them; also the board's sink.

    Args:
        journal_path: on a disk that no fault touches.
        put: hands a flag to the station.
        number_of: returns epoch and sequence of the message that was recorded last; called in
            the thread that records.
    """

    def __init__(self, journal_path, put, number_of):
        told = read_journal(journal_path)
        self._journal = Journal(journal_path)
        self._put = put
        self._number_of = number_of
        self._next = max(told.offered, default=0) + 1
        self._allowed = 0
        self._waiting = set()
        self._flags = {}
        self._changed = threading.Condition()
        self._pause = threading.Event()

    def start(self):
        """Say so, and begin to flag as many as the standard input allows in all."""
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._flag, daemon=True).start()

    def emit(self, event):
        match event:
            case CaseChanged():
                self._flags[event.case.case_id] = flag_number(event.case.lane)
            case DeliveryProgress(stage=DeliveryStage.DURABLE):
                flag = self._flags.pop(event.case_id, None)
                if flag is not None:
                    self.acknowledge(flag, event.report_id)
            case LedgerFault():
                self._journal.fault(event.text)
            case RecordsLost():
                self._journal.loss(event.messages)
            case LedgerSalvaged(told) if told.gone.get("outbox"):
                self._journal.loss(told.gone["outbox"])

    def acknowledge(self, flag, report_id):
        epoch, sequence = self._number_of()
        self._journal.acknowledge(flag, Promise(report_id, epoch, sequence, time.monotonic()))
        with self._changed:
            self._waiting.discard(flag)
            self._changed.notify()

    def _listen(self):
        for line in sys.stdin:
            with self._changed:
                self._allowed = int(line)
                self._changed.notify()

    def _flag(self):
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._next <= self._allowed and len(self._waiting) < MOST_AT_THE_DOOR
                )
                flag = self._next
                self._next += 1
                self._waiting.add(flag)
            self._journal.offer(flag)
            self._put(make_flag(flag))
            # Not time.sleep(): faketime breaks it.
            self._pause.wait(0.001)
