"""The CDC's receiver: every message is stored, then receipted, then acknowledged, in that order."""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from threading import Event
from typing import NamedTuple
from uuid import UUID, uuid4

from station.cdc.asking import Asker
from station.cdc.connection import Arrived, ReceiverConnection
from station.cdc.database import Where
from station.cdc.markfile import MarkFile
from station.cdc.marks import Mark
from station.cdc.store import Added, Inbox, InboxStore, Taken
from station.cdc.trust import Refusals, StationKeys
from station.core.errors import KnownError
from station.reporting.messages.alert import Alert
from station.reporting.messages.daily_report import DailyReport
from station.reporting.messages.receipt import Receipt, RejectedReport
from station.reporting.payload import (
    NewerPayload,
    PayloadError,
    decode_event,
    encode_receipt,
)
from station.reporting.signing import SignatureError, SigningKey
from station.reporting.tls import TlsFiles
from station.reporting.topics import CDC_CHANNELS, StationIdentity, channel_of

_BATCH_SIZE = 500
_POLL_S = 0.1
_RETRY_S = 1.0
_DELETE_EVERY_S = 60.0
_LONGEST_REASON = 200
_MOST_NAMES = 10


class Receiver:
    """Receives until told to stop.

    Args:
        host: the broker.
        port: its port.
        where: the inbox, an SQLite file or a PostgreSQL database.
        on_stored: called for each alert and daily report that is new, after it is durable.
        on_ready: called whenever alerts can arrive.
        on_alarm: one sentence about a station that went back, or about the inbox itself.
        on_trouble: one sentence, once for each new trouble; empty when it is over.
        client_id: this receiver's name at the broker; it owns the session there, so each of
            several receivers keeps a name of its own from start to start.
        is_alone: whether no other receiver shares the alerts with this one.
        marks_path: where this receiver notes how far it had stored, outside the inbox and its
            backups; None if it does not.
        look_every_s: seconds between two looks at what is missing.
        tls: certificate and key; None connects without TLS.
        keys: who is believed; None believes whoever the broker let in.
        signing_key: the CDC's; stations that know it believe no other answer.
        reconnect_s: shortest and longest wait before connecting again.

    Raises:
        KnownError: if the inbox or the marks cannot be opened.
    """

    def __init__(
        self,
        host: str,
        port: int,
        where: Where,
        *,
        on_stored: Callable[[Alert | DailyReport], None],
        on_ready: Callable[[], None] = lambda: None,
        on_alarm: Callable[[str], None] = lambda text: None,
        on_trouble: Callable[[str], None] = lambda text: None,
        client_id: str = "cdc-receiver",
        is_alone: bool = True,
        marks_path: Path | None = None,
        look_every_s: float = 60.0,
        tls: TlsFiles | None = None,
        keys: StationKeys | None = None,
        signing_key: SigningKey | None = None,
        reconnect_s: tuple[float, float] = (0.2, 10.0),
    ) -> None:
        self._host = host
        self._port = port
        self._on_stored = on_stored
        self._on_ready = on_ready
        self._on_alarm = on_alarm
        self._on_trouble = on_trouble
        self._client_id = client_id
        self._is_alone = is_alone
        self._tls = tls
        self._keys = keys
        self._signing_key = signing_key
        self._refusals = Refusals()
        self._reconnect_s = reconnect_s
        self._random = SystemRandom()
        self._trouble = ""
        self._is_proven = False
        self._store = InboxStore(where)
        try:
            self._marks = MarkFile(marks_path) if marks_path else None
        except KnownError:
            self._store.close()
            raise
        self._asker = Asker(self._store, self._marks, look_every_s, self._random)
        self._is_restored = False
        self._delete_next_s = float("-inf")

    def status(self) -> Inbox:
        """Return how much has come."""
        return self._store.inbox()

    def close(self) -> None:
        """Close the inbox."""
        self._store.close()
        if self._marks is not None:
            self._marks.close()

    def serve(self, stop: Event) -> None:
        """Receive until `stop` is set; a missing broker or a database in trouble only delays."""
        # What is loaded by now stays: the collector would look through all of it again and again
        # while alerts come and go, which was measured to cost a fifth of the receiver's time.
        gc.freeze()
        failures = 0
        while not stop.is_set():
            self._delete_expired()
            with self._connected() as connection:
                if self._receive(connection, stop):
                    failures = 0
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
        connection = ReceiverConnection(
            self._host,
            self._port,
            self._client_id,
            is_alone=self._is_alone,
            is_proven=self._is_proven,
            tls=self._tls,
            signing_key=self._signing_key,
        )
        try:
            yield connection
        finally:
            connection.close()
            self._is_proven = connection.is_proven

    def _receive(self, connection: ReceiverConnection, stop: Event) -> bool:
        """Receive until the connection ends; return whether it was subscribed."""
        is_ready = False
        while not (stop.is_set() or connection.is_over.is_set()):
            self._delete_expired()
            if connection.is_subscribed.is_set():
                if not is_ready:
                    is_ready = True
                    self._tell("")
                    self._on_ready()
                self._ask(connection)
            # Also before: what waits in a kept session comes first, and a thousand messages that
            # nobody took would keep the broker's word on the subscription from being read.
            first = connection.take(_POLL_S)
            if first is None:
                continue
            batch = [first, *_more(connection)]
            taken = _read_all(batch, self._keys)
            added = self._stored(taken, stop)
            if added is None:
                # Not acknowledged: the broker, or the station's resending, brings them again.
                break
            # Before the receipt: what a station may forget from now on, an inbox that is put back
            # to an older state must know to be missing.
            self._note(added)
            for topic, receipt in _receipts(taken, {event.id for event in added.events}):
                at = datetime.now(UTC)
                connection.publish(topic, encode_receipt(receipt, event_id=uuid4(), at=at))
            connection.acknowledge(batch)
            for one in taken:
                if one.reason is not None:
                    self._refusals.note(one.reason, one.topic)
            for event in added.events:
                self._on_stored(event)
            for alarm in added.alarms:
                self._on_alarm(str(alarm))
            self._store.settle()
        return is_ready

    def _delete_expired(self) -> None:
        """Now and then delete sealed identities whose time is over, broker or not."""
        now_s = time.monotonic()
        if now_s < self._delete_next_s:
            return
        self._delete_next_s = now_s + _DELETE_EVERY_S
        try:
            self._store.delete_expired(datetime.now(UTC))
        except KnownError as error:
            self._tell(str(error))

    def _note(self, added: Added) -> None:
        self._asker.stored({event.identity for event in added.events})
        if self._marks is None:
            return
        marks = (Mark(e.identity, e.data.epoch, e.data.sequence) for e in added.events)
        try:
            self._marks.note(marks)
        except KnownError as error:
            self._tell(str(error))

    def _ask(self, connection: ReceiverConnection) -> None:
        try:
            questions = self._asker.questions(time.monotonic())
        except KnownError as error:
            self._tell(str(error))
            return
        for topic, payload in questions:
            connection.publish(topic, payload)
        if self._asker.restored and not self._is_restored:
            self._on_alarm(
                f"The inbox lacks alerts of {_names(self._asker.restored)} that this receiver had "
                "stored: it is an older state, from a backup perhaps. The stations are asked to "
                "send them again; what they have lost too stays on the duty page as missing."
            )
        self._is_restored = bool(self._asker.restored)

    def _stored(self, taken: list[Taken], stop: Event) -> Added | None:
        while not stop.is_set():
            try:
                added = self._store.add(taken)
            except KnownError as error:
                self._tell(str(error))
                stop.wait(_RETRY_S)
            else:
                self._tell("")
                return added
        return None

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._on_trouble(trouble)


class Reread(NamedTuple):
    """What became of the messages of a newer version."""

    stored: int
    """Stored now, or there already."""
    aside: int
    """Set aside: no alerts after all."""
    unread: int
    """Still of a newer version than this program knows."""


def reread(store: InboxStore, keys: StationKeys | None) -> Reread:
    """Read again what was of a newer version when it came; what can be read is stored.

    Args:
        store: the inbox.
        keys: who is believed; None believes whoever the broker had let in.

    Raises:
        KnownError: if the inbox cannot be used; what was done so far stays done.
    """
    counts, position = Reread(0, 0, 0), 0
    while page := store.unread_after(position, _BATCH_SIZE):
        position = page[-1].position
        again = [Arrived(one.topic, one.raw, 0, 0, one.signature) for one in page]
        taken = [
            replace(read, received_at=one.received_at)
            for read, one in zip(_read_all(again, keys), page, strict=True)
        ]
        stored = [t for t in taken if t.event and not t.reason]
        aside = [t for t in taken if t.reason]
        read = zip(page, taken, strict=True)
        store.add(
            [*stored, *aside],
            instead_of=[one.position for one, t in read if t.event or t.reason],
        )
        counts = Reread(
            counts.stored + len(stored),
            counts.aside + len(aside),
            counts.unread + len(taken) - len(stored) - len(aside),
        )
    return counts


def _names(stations: Collection[StationIdentity]) -> str:
    names = sorted(one.station for one in stations)
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more stations" if more > 0 else "")


def _more(connection: ReceiverConnection) -> Iterator[Arrived]:
    """Yield what has come meanwhile, so that one disk sync serves many.

    Nobody waits for more: what comes while one batch is stored makes the next one.
    """
    for _ in range(_BATCH_SIZE - 1):
        message = connection.take(0)
        if message is None:
            return
        yield message


def _read_all(batch: list[Arrived], keys: StationKeys | None) -> list[Taken]:
    if keys is not None:
        keys.look()
    return [_read(message, keys) for message in batch]


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
        return Taken(topic, raw, at, report_id=error.report_id, signature=message.signature)
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
    keys.check(message.payload, message.signature, station, looks=False)


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
