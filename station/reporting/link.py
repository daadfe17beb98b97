"""The way of an alert from the outbox to the CDC's receipt."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from random import Random
from threading import Event
from typing import Protocol
from uuid import UUID

from station.core.errors import KnownError
from station.core.link_events import DeliveryProgress, DeliveryStage, LinkChanged, LinkState
from station.core.ports import Clock, OutboxItem, OutboxReader, OutboxSummary
from station.core.report import Channel, Encoded
from station.core.status import StationStatus
from station.reporting.messages.status import StationState
from station.reporting.mqtt import Acknowledged, Down, Ready, Received, SinkEvent
from station.reporting.outbox import Acknowledgement, OutboxPolicy
from station.reporting.payload import PayloadError, decode_receipt
from station.reporting.signing import SignatureError
from station.reporting.upcoming import Upcoming

_log = logging.getLogger(__name__)

_SUMMARY_EVERY_S = 0.2
_MANY_SHORT_CONNECTIONS = 3
_NOT_AUTHORIZED = 0x87
_STATUS_EVERY_S = 5.0


class Sink(Protocol):
    """What the link needs of the client; MqttSink is it."""

    def connect(self, wake: Event, will: Encoded) -> None:
        """Start a new connection, with the status that the broker tells when it breaks."""
        ...

    def poll(self) -> list[SinkEvent]:
        """Return what happened since the last call."""
        ...

    def publish(self, messages: Sequence[tuple[Channel, bytes]]) -> list[int] | None:
        """Hand messages over; return their packet numbers, or None."""
        ...

    def tell(self, status: Encoded) -> None:
        """Publish the status, retained."""
        ...

    def disconnect(self) -> None:
        """End the connection."""
        ...


class ReportLink:
    """Ties outbox, policy and client together.

    It has no thread of its own: the report worker calls run_once() in a loop, and all callbacks
    are called from there.

    Args:
        reader: the outbox.
        sink: the client.
        policy: what is under way.
        clock: time.
        random: jitter.
        reconnect_s: shortest and longest wait before connecting again.
        on_delivered: the CDC stored these; ask the ledger to mark them.
        on_rejected: the CDC refuses this one, with its reason; ask the ledger to mark it.
        on_progress: for the screens.
        on_link: for the screens.
        encode_status: makes a status; given LOST or OFFLINE, or None while the station is there.
        check_answer: raises SignatureError unless the CDC made these bytes with this signature;
            None believes whoever the broker let write receipts.
    """

    def __init__(
        self,
        *,
        reader: OutboxReader,
        sink: Sink,
        policy: OutboxPolicy,
        clock: Clock,
        random: Random,
        reconnect_s: tuple[float, float],
        on_delivered: Callable[[Sequence[UUID], datetime], None],
        on_rejected: Callable[[UUID, str, datetime], None],
        on_progress: Callable[[DeliveryProgress], None],
        on_link: Callable[[LinkChanged], None],
        encode_status: Callable[[StationState | None, StationStatus], Encoded],
        check_answer: Callable[[bytes, str | None], None] | None = None,
    ) -> None:
        self._reader = reader
        self._sink = sink
        self._policy = policy
        self._clock = clock
        self._random = random
        self._reconnect_s = reconnect_s
        self._on_delivered = on_delivered
        self._on_rejected = on_rejected
        self._on_progress = on_progress
        self._on_link = on_link
        self._encode_status = encode_status
        self._check_answer = check_answer
        self._disbelief = ""
        self._status = StationStatus(())
        self._status_told: StationStatus | None = None
        self._status_at_s = float("-inf")
        self._upcoming = Upcoming(reader, policy.is_free)
        self._sent: dict[UUID, OutboxItem] = {}
        self._delivered: list[UUID] = []
        self._is_ready = False
        self._failures = 0
        self._connect_at_s: float | None = clock.monotonic_s()
        self._offline_text = "Connecting to the broker."
        self._refusal = ""
        self._is_connection_refused = False
        self._ready_at_s = 0.0
        self._ledger_text = ""
        self._has_receiver = True
        self._summary = OutboxSummary(0, None, 0)
        self._summary_at_s = float("-inf")
        self._told: LinkChanged | None = None

    def set_status(self, status: StationStatus) -> None:
        """Take the station's status; any thread may call, and wakes the link by itself."""
        self._status = status

    def offer(self, items: Iterable[OutboxItem]) -> None:
        """Take items that became durable just now and may not be in the outbox yet.

        Any thread may call, and wakes the link by itself. They only save a moment: what cannot be
        sent at once is forgotten, and found in the outbox.
        """
        self._upcoming.offer(items)

    def renewed(self) -> None:
        """Take that another ledger has the place of a damaged one.

        Any thread may call, and wakes the link by itself.
        """
        self._upcoming.renewed()

    def run_once(self, wake: Event, timeout_s: float) -> None:
        """Wait until woken or something is due, at most `timeout_s`, then do all that is due.

        Args:
            wake: set by the ledger after an outbox item is durable, by the client, and to stop.
            timeout_s: the safety net.
        """
        wake.wait(self._wait_s(timeout_s))
        wake.clear()
        now_s = self._clock.monotonic_s()
        for event in self._sink.poll():
            self._take(event, now_s)
        self._hand_over_delivered()
        if self._policy.expire(now_s):
            self._upcoming.read_anew()
        if self._is_ready and self._policy.is_stalled(now_s):
            self._leave()
            self._take(
                Down("The broker does not acknowledge alerts: connecting again.", False), now_s
            )
        if self._connect_at_s is not None and now_s >= self._connect_at_s:
            self._connect_at_s = None
            will = self._encode_status(StationState.LOST, self._status)
            self._sink.connect(wake, will)
        self._tell_status(now_s)
        try:
            self._send(now_s)
            self._summarise(now_s)
            self._ledger_text = ""
        except KnownError as error:
            self._ledger_text = str(error)
            self._upcoming.read_anew()
        self._tell()

    def close(self) -> None:
        """Say goodbye to the broker; what is not receipted stays in the outbox."""
        self._leave()
        self._is_ready = False

    def _wait_s(self, timeout_s: float) -> float:
        now_s = self._clock.monotonic_s()
        dues = [now_s + timeout_s]
        if self._connect_at_s is not None:
            dues.append(self._connect_at_s)
        if self._is_ready and (due_s := self._policy.next_due_s()) is not None:
            dues.append(due_s)
        if self._is_ready and self._status != self._status_told:
            dues.append(self._status_at_s + _STATUS_EVERY_S)
        return max(0.0, min(dues) - now_s)

    def _tell_status(self, now_s: float) -> None:
        """Tell a change at once, but not each of many: the latest one is told a moment later."""
        status = self._status
        if not self._is_ready or status == self._status_told:
            return
        if now_s - self._status_at_s >= _STATUS_EVERY_S:
            self._status_told, self._status_at_s = status, now_s
            self._sink.tell(self._encode_status(None, status))

    def _leave(self) -> None:
        if self._is_ready:
            self._sink.tell(self._encode_status(StationState.OFFLINE, self._status))
        self._sink.disconnect()

    def _take(self, event: SinkEvent, now_s: float) -> None:
        match event:
            case Ready(receive_maximum):
                self._policy.connected(receive_maximum)
                self._is_ready = True
                self._ready_at_s = now_s
                self._status_told, self._status_at_s = None, float("-inf")
                self._offline_text = ""
                if self._is_connection_refused:
                    self._is_connection_refused = False
                    self._refusal = ""
            case Acknowledged(mid, reason_code):
                self._take_acknowledgement(mid, reason_code, now_s)
            case Received(payload, signature):
                if self._is_believed(payload, signature):
                    self._take_answer(payload, now_s)
            case Down(text, is_refusal):
                self._take_down(text, is_refusal, now_s)

    def _take_acknowledgement(self, mid: int, reason_code: int, now_s: float) -> None:
        answer = self._policy.acknowledged(mid, reason_code, now_s)
        if answer is None:
            return
        report_id, meaning = answer
        if meaning is Acknowledgement.REFUSED:
            why = "not authorised" if reason_code == _NOT_AUTHORIZED else f"code {reason_code:#x}"
            self._refusal = (
                f"The broker refuses this station's alerts ({why}): have its access corrected; "
                "alerts wait on this station's disk."
            )
            return
        self._refusal = ""
        self._failures = 0
        self._has_receiver = meaning is Acknowledgement.TAKEN
        if meaning is Acknowledgement.TAKEN:
            self._progress(report_id, DeliveryStage.PUBLISHED)

    def _is_believed(self, payload: bytes, signature: str | None) -> bool:
        if self._check_answer is None:
            return True
        try:
            self._check_answer(payload, signature)
        except SignatureError as error:
            if str(error) != self._disbelief:
                _log.warning("an answer was not believed: %s", error)
            self._disbelief = str(error)
            return False
        self._disbelief = ""
        return True

    def _take_answer(self, payload: bytes, now_s: float) -> None:
        if self._upcoming.take_question(payload):
            return
        try:
            receipt = decode_receipt(payload)
        except PayloadError:
            # Whoever sends this is not our CDC; the alerts keep waiting for a real receipt.
            return
        self._has_receiver = True
        self._policy.settled(receipt.kept, now_s)
        self._policy.settled((refused.id for refused in receipt.rejected), now_s)
        self._delivered += receipt.kept
        if receipt.rejected:
            # In the order in which the CDC said it: a later word on a message holds.
            self._hand_over_delivered()
        for refused in receipt.rejected:
            self._on_rejected(refused.id, refused.reason, self._clock.now())
            self._progress(refused.id, DeliveryStage.REJECTED, forget=True)

    def _hand_over_delivered(self) -> None:
        """Let the ledger mark at once what all receipts of one look told: one sync for them."""
        if not self._delivered:
            return
        delivered, self._delivered = tuple(self._delivered), []
        self._on_delivered(delivered, self._clock.now())
        for report_id in delivered:
            self._progress(report_id, DeliveryStage.DELIVERED, forget=True)

    def _take_down(self, text: str, is_refusal: bool, now_s: float) -> None:
        if is_refusal:
            self._refusal = text
            self._is_connection_refused = True
        elif not self._is_ready:
            # No connection at all: whether it would still be refused, nobody knows.
            self._refusal = ""
        shortest_s, longest_s = self._reconnect_s
        if self._is_ready and now_s - self._ready_at_s > longest_s:
            self._failures = 0
        elif self._is_ready and self._failures >= _MANY_SHORT_CONNECTIONS:
            # mosquitto 2.0.11 hangs up on the older of two without saying so.
            text = f"{text} Another station may have the same station_id."
        self._is_ready = False
        self._offline_text = f"{text} Alerts wait on this station's disk."
        self._policy.disconnected()
        self._upcoming.begin_anew()
        wait_s = min(longest_s, shortest_s * 2 ** min(self._failures, 16))
        self._failures += 1
        self._connect_at_s = now_s + wait_s * self._random.uniform(0.5, 1.5)

    def _send(self, now_s: float) -> None:
        upcoming = self._upcoming
        # What is fresh need not wait for a look, and comes behind what the look has found.
        for choose in (upcoming.fresh, upcoming.waiting, upcoming.fresh):
            sent = self._publish(choose(self._room(now_s)), now_s)
            self._sent.update((item.report_id, item) for item in sent)
        # The screens know already how it stands with these.
        self._publish(upcoming.asked(self._room(now_s)), now_s)
        upcoming.forget_offered()

    def _room(self, now_s: float) -> int:
        return self._policy.room(now_s) if self._is_ready else 0

    def _publish(self, batch: Sequence[OutboxItem], now_s: float) -> Sequence[OutboxItem]:
        """Hand a batch to the client; return what it took."""
        if not batch:
            return ()
        mids = self._sink.publish([(item.channel, item.payload) for item in batch])
        if mids is None:
            # The client lost the connection; its Down event is on the way.
            self._upcoming.read_anew()
            return ()
        for item, mid in zip(batch, mids, strict=True):
            self._policy.sent(item.report_id, mid, now_s)
        return batch

    def _progress(self, report_id: UUID, stage: DeliveryStage, *, forget: bool = False) -> None:
        item = self._sent.get(report_id)
        if item is None:
            return
        if forget:
            del self._sent[report_id]
        self._on_progress(
            DeliveryProgress(report_id, item.case_id, item.kind, stage, self._clock.now())
        )

    def _summarise(self, now_s: float) -> None:
        if now_s - self._summary_at_s >= _SUMMARY_EVERY_S:
            self._summary = self._reader.summary()
            self._summary_at_s = now_s

    def _tell(self) -> None:
        told = LinkChanged(
            self._state(),
            self._summary.waiting,
            self._summary.oldest_waiting_at,
            self._summary.set_aside,
            self._text(),
        )
        if told != self._told:
            self._told = told
            self._on_link(told)

    def _state(self) -> LinkState:
        if self._refusal:
            return LinkState.REFUSED
        return LinkState.CONNECTED if self._is_ready else LinkState.OFFLINE

    def _text(self) -> str:
        if self._refusal or self._ledger_text:
            return self._refusal or self._ledger_text
        if not self._is_ready:
            return self._offline_text
        if self._disbelief:
            return (
                f"An answer came that the CDC did not make ({self._disbelief}): call a technician; "
                "alerts wait on this station's disk until the CDC itself answers."
            )
        if not self._has_receiver or self._policy.is_silent:
            return (
                "The broker answers, but the CDC does not: alerts wait on this station's disk "
                "and are sent again."
            )
        if self._summary.set_aside:
            return (
                f"The CDC rejected {self._summary.set_aside} alerts: call a technician; they are "
                "kept in the ledger."
            )
        return ""
