"""The CDC's receiver: every message is stored, then receipted, then acknowledged, in that order."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from threading import Event
from uuid import UUID, uuid4

from station.cdc.connection import Arrived, ReceiverConnection
from station.cdc.store import Inbox, InboxStore, Taken
from station.cdc.trust import Refusals, StationKeys
from station.core.errors import KnownError
from station.reporting.messages import Alert, DailyReport, Receipt, RejectedReport
from station.reporting.payload import (
    NewerPayload,
    PayloadError,
    decode_event,
    encode_receipt,
)
from station.reporting.signing import SignatureError
from station.reporting.tls import TlsFiles
from station.reporting.topics import CDC_CHANNELS, StationIdentity, channel_of

_BATCH_SIZE = 500
_BATCH_S = 0.02
_POLL_S = 0.1
_RETRY_S = 1.0
_LONGEST_REASON = 200


class Receiver:
    """Receives until told to stop.

    Args:
        host: the broker.
        port: its port.
        db_path: the inbox.
        on_stored: called for each alert and daily report that is new, after it is durable.
        on_ready: called whenever alerts can arrive.
        on_trouble: one sentence, once for each new trouble; empty when it is over.
        client_id: this receiver's name at the broker; it owns the session there.
        tls: certificate and key; None connects without TLS.
        keys: who is believed; None believes whoever the broker let in.
        reconnect_s: shortest and longest wait before connecting again.

    Raises:
        KnownError: if the inbox cannot be opened.
    """

    def __init__(
        self,
        host: str,
        port: int,
        db_path: Path,
        *,
        on_stored: Callable[[Alert | DailyReport], None],
        on_ready: Callable[[], None] = lambda: None,
        on_trouble: Callable[[str], None] = lambda text: None,
        client_id: str = "cdc-receiver",
        tls: TlsFiles | None = None,
        keys: StationKeys | None = None,
        reconnect_s: tuple[float, float] = (0.2, 10.0),
    ) -> None:
        self._host = host
        self._port = port
        self._on_stored = on_stored
        self._on_ready = on_ready
        self._on_trouble = on_trouble
        self._client_id = client_id
        self._tls = tls
        self._keys = keys
        self._refusals = Refusals()
        self._reconnect_s = reconnect_s
        self._random = SystemRandom()
        self._trouble = ""
        self._store = InboxStore(db_path)

    def status(self) -> Inbox:
        """Return how much has come."""
        return self._store.inbox()

    def close(self) -> None:
        """Close the inbox."""
        self._store.close()

    def serve(self, stop: Event) -> None:
        """Receive until `stop` is set; a missing broker or a full disk only delays."""
        failures = 0
        while not stop.is_set():
            with self._connected() as connection:
                if self._wait_until_subscribed(connection, stop):
                    failures = 0
                    self._tell("")
                    self._on_ready()
                    self._receive(connection, stop)
                fault = connection.fault
            if stop.is_set():
                return
            self._tell(fault)
            shortest_s, longest_s = self._reconnect_s
            wait_s = min(longest_s, shortest_s * 2 ** min(failures, 16))
            failures += 1
            stop.wait(wait_s * self._random.uniform(0.5, 1.5))

    @contextmanager
    def _connected(self) -> Iterator[ReceiverConnection]:
        connection = ReceiverConnection(self._host, self._port, self._client_id, tls=self._tls)
        try:
            yield connection
        finally:
            connection.close()

    def _wait_until_subscribed(self, connection: ReceiverConnection, stop: Event) -> bool:
        while not (stop.is_set() or connection.is_over.is_set()):
            if connection.is_subscribed.wait(_POLL_S):
                return True
        return False

    def _receive(self, connection: ReceiverConnection, stop: Event) -> None:
        while not (stop.is_set() or connection.is_over.is_set()):
            first = connection.take(_POLL_S)
            if first is None:
                continue
            batch = [first, *_more(connection)]
            taken = [_read(message, self._keys) for message in batch]
            fresh = self._stored(taken, stop)
            if fresh is None:
                # Not acknowledged: the broker, or the station's resending, brings them again.
                return
            for topic, receipt in _receipts(taken, {event.id for event in fresh}):
                at = datetime.now(UTC)
                connection.publish(topic, encode_receipt(receipt, event_id=uuid4(), at=at))
            connection.acknowledge(batch)
            for one in taken:
                if one.reason is not None:
                    self._refusals.note(one.reason, one.topic)
            for event in fresh:
                self._on_stored(event)

    def _stored(self, taken: list[Taken], stop: Event) -> list[Alert | DailyReport] | None:
        while not stop.is_set():
            try:
                fresh = self._store.add(taken)
            except KnownError as error:
                self._tell(str(error))
                stop.wait(_RETRY_S)
            else:
                self._tell("")
                return fresh
        return None

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._on_trouble(trouble)


def _more(connection: ReceiverConnection) -> Iterator[Arrived]:
    """Yield what comes within a moment, so that one disk sync serves many."""
    deadline_s = time.monotonic() + _BATCH_S
    for _ in range(_BATCH_SIZE - 1):
        message = connection.take(max(0.0, deadline_s - time.monotonic()))
        if message is None:
            return
        yield message


def _read(message: Arrived, keys: StationKeys | None) -> Taken:
    """Decide what a message is, completely, before anything is written."""
    at = datetime.now(UTC)
    topic, raw = message.topic, message.payload
    if keys is not None:
        try:
            _check_sender(message, keys)
        except SignatureError as error:
            # Not looked into, so it has no id and nobody is answered: a forged "rejected" would
            # make the real station set its good alert aside.
            return Taken(topic, raw, at, reason=str(error))
    channel = channel_of(topic)
    if channel not in CDC_CHANNELS:
        return Taken(topic, raw, at, reason="The topic is not one that stations send by.")
    try:
        event = decode_event(raw, channel)
    except NewerPayload as error:
        return Taken(topic, raw, at, report_id=error.report_id)
    except PayloadError as error:
        reason = str(error)[:_LONGEST_REASON]
        return Taken(topic, raw, at, report_id=error.report_id, reason=reason)
    if StationIdentity.from_topic(topic) != event.identity:
        reason = "The message names another station than the topic that it came by."
        return Taken(topic, raw, at, report_id=event.id, reason=reason)
    assert isinstance(event, Alert | DailyReport)  # noqa: S101 - the channels' own types
    return Taken(topic, raw, at, event=event, report_id=event.id)


def _check_sender(message: Arrived, keys: StationKeys) -> None:
    station = StationIdentity.from_topic(message.topic)
    if station is None:
        raise SignatureError("The topic is not one of a station.")
    keys.check(message.payload, message.signature, station)


def _receipts(taken: list[Taken], fresh: Collection[UUID]) -> Iterator[tuple[str, Receipt]]:
    """Yield one receipt for each station, also for what had been stored before.

    The receipt goes to the station whose topic was used: nobody can have another's alert rejected.
    """
    by_station: defaultdict[StationIdentity, list[Taken]] = defaultdict(list)
    for one in taken:
        station = StationIdentity.from_topic(one.topic)
        if station is not None and one.report_id is not None:
            by_station[station].append(one)
    for station, ones in by_station.items():
        kept = [one for one in ones if one.reason is None]
        known = {one.event.id for one in kept if one.event and one.event.id not in fresh}
        stored = (one.report_id for one in kept if one.report_id and one.report_id not in known)
        rejected = tuple(
            RejectedReport(id=one.report_id, reason=one.reason)
            for one in ones
            if one.reason is not None and one.report_id
        )
        yield (
            station.receipt_topic,
            Receipt(stored=tuple(dict.fromkeys(stored)), duplicate=tuple(known), rejected=rejected),
        )
