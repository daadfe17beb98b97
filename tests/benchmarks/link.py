"""`python -m tests.benchmarks.link`: the link to the CDC, each figure a ratio to a floor beside it.

Prints one JSON object with every figure beside its bar. The floors are timed in turn with what is
judged, in the same run: a busy machine is busy for both.

- `flag`: from the flag to the ledger's disk, against a write and fdatasync of 16 KB (that it is
  exactly one sync is a test, `tests/ledger/test_crash.py`); and to the CDC's receipt, against the
  same floor after one round trip to the broker.
- `drain`: a station sends what waits, against bare paho at QoS 1, and against itself with one
  alert at a time. A process of its own receipts everything and stores nothing.
- `receiver`: see `receiver_rate`.
"""

import argparse
import json
import os
import runpy
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from socket import IPPROTO_TCP, TCP_NODELAY
from tempfile import TemporaryDirectory
from threading import Condition, Event, Thread
from typing import Any
from uuid import UUID, uuid4

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from station.commands.broker import LocalBroker
from station.core.ports import LedgerEntry
from station.ledger.outbox_reader import SqlOutboxReader
from station.ledger.store import SqlLedger
from station.reporting.link import ReportLink
from station.reporting.mqtt import MqttSink
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from station.runtime.clock import SystemClock
from tests.benchmarks.receipting import receipt_all
from tests.benchmarks.receiver_rate import receiver_rate
from tests.benchmarks.timing import interleaved

Figures = dict[str, Any]
_MAKING = runpy.run_path(str(Path(__file__).parents[1] / "ledger" / "making.py"))
_IDENTITY = _MAKING["IDENTITY"]
_WINDOW = 20
_FILLED_AT_ONCE = 1000
_TIMEOUT_S = 300.0


class _Station:
    """Ledger and link with the threads that the runtime gives them."""

    def __init__(self, ledger: SqlLedger, path: Path, port: int, limits: OutboxLimits) -> None:
        self._ledger = ledger
        self._reader = SqlOutboxReader(path)
        self.wake, self._stop = Event(), Event()
        self.delivered_s: dict[UUID, float] = {}
        self._marked = Condition()
        self._link = ReportLink(
            reader=self._reader,
            sink=MqttSink(_IDENTITY, "127.0.0.1", port),
            policy=OutboxPolicy(limits, Random(1)),
            clock=SystemClock(),
            random=Random(1),
            reconnect_s=(0.05, 0.3),
            on_delivered=self._delivered,
            on_rejected=lambda *_: None,
            on_progress=lambda progress: None,
            on_link=lambda told: None,
            encode_status=_MAKING["status"],
        )
        self._jobs: SimpleQueue[tuple[Any, datetime, float] | None] = SimpleQueue()
        self._threads = [Thread(target=self._run), Thread(target=self._mark)]
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._link.run_once(self.wake, 0.2)

    def offer(self, entry: LedgerEntry) -> None:
        """Let the link know what has become durable, as the runtime's ledger thread does."""
        self._link.offer(entry.outbox)
        self.wake.set()

    def _delivered(self, ids: Any, at: datetime) -> None:
        self._jobs.put((ids, at, time.perf_counter()))

    def _mark(self) -> None:
        # What came meanwhile is marked together, as the runtime's ledger thread does.
        while (job := self._jobs.get()) is not None:
            receipts = [job]
            with suppress(Empty):
                while (job := self._jobs.get_nowait()) is not None:
                    receipts.append(job)
            ids = [one for some, _, _ in receipts for one in some]
            self._ledger.mark_delivered(ids, receipts[-1][1])
            with self._marked:
                for some, _, now_s in receipts:
                    self.delivered_s.update(dict.fromkeys(some, now_s))
                self._marked.notify()
            if job is None:
                return

    def wait_for(self, count: int) -> None:
        """Wait until so many are receipted and marked."""
        with self._marked:
            is_done = self._marked.wait_for(lambda: len(self.delivered_s) >= count, _TIMEOUT_S)
        assert is_done, f"only {len(self.delivered_s)} of {count}"

    def close(self) -> None:
        self._stop.set()
        self._jobs.put(None)
        for thread in self._threads:
            thread.join(5)
        self._link.close()
        self._reader.close()


def _flag(ledger: SqlLedger, on_durable: Callable[[LedgerEntry], None]) -> UUID:
    entry = _MAKING["flagged"](ledger)
    ledger.record(entry, lambda: on_durable(entry))
    return entry.outbox[0].report_id


def _durable_s(ledger: SqlLedger) -> float:
    """Flag, and return when the station said that it is durable."""
    told: list[float] = []
    _flag(ledger, lambda entry: told.append(time.perf_counter()))
    return told[0]


@contextmanager
def _floor(folder: Path) -> Iterator[Callable[[int], None]]:
    handle = os.open(folder / "floor", os.O_RDWR | os.O_CREAT)

    def write(i: int) -> None:
        os.pwrite(handle, b"x" * 16_384, (i % 64) * 16_384)
        os.fdatasync(handle)

    try:
        yield write
    finally:
        os.close(handle)


def flag(runs: int) -> Figures:
    """From the flag to the disk, and to the receipt of a real receiver."""
    with ExitStack() as parts:
        folder = Path(parts.enter_context(TemporaryDirectory()))
        path = folder / "ledger.sqlite"
        write = parts.enter_context(_floor(folder))
        broker = parts.enter_context(LocalBroker("mosquitto"))
        ledger = SqlLedger(path)
        parts.callback(ledger.close)
        durable = interleaved(lambda i: _durable_s(ledger), write, runs)
        parts.enter_context(_receiver(broker.port, folder))
        bare = _publisher(broker.port)
        parts.callback(bare.loop_stop)
        parts.callback(bare.disconnect)
        station = _Station(ledger, path, broker.port, OutboxLimits(_WINDOW, 10.0, 30.0))
        parts.callback(station.close)
        station.wait_for(runs)
        floors, trips, delays = [], [], []
        for i in range(runs):
            floors.append(_timed_ms(lambda i=i: write(i)))
            trips.append(
                _timed_ms(lambda: bare.publish("fs/bench", b"x" * 700, 1).wait_for_publish(10))
            )
            flagged_s = time.perf_counter()
            report_id = _flag(ledger, station.offer)
            # The runtime wakes the link again: the outbox holds it now.
            station.wake.set()
            station.wait_for(runs + i + 1)
            delays.append((station.delivered_s[report_id] - flagged_s) * 1e3)
    p99_ms, floor_ms = _p99(delays), statistics.median(floors)
    trip_ms = statistics.median(trips)
    return {
        "durable_p50": durable | {"bar": 2.2},
        "receipt_p99": {
            "p50_ms": round(statistics.median(delays), 2),
            "p99_ms": round(p99_ms, 2),
            "round_trip_ms": round(trip_ms, 3),
            "floor_ms": round(floor_ms, 3),
            "floor_p99_ms": round(_p99(floors), 2),
            "ratio": round((p99_ms - trip_ms) / floor_ms, 1),
            "bar": 20,
        },
    }


def _timed_ms(step: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    step()
    return (time.perf_counter() - started_s) * 1e3


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


@contextmanager
def _receiver(port: int, folder: Path) -> Iterator[None]:
    command = ["cdc", "serve", "--json", "--port", str(port), "--db", str(folder / "cdc.sqlite")]
    with _process("-m", "station", *command) as process:
        assert "ready" in process.stdout.readline()
        # Whoever does not read fills the pipe, and the receiver waits.
        reading = Thread(target=process.stdout.read)
        reading.start()
        yield
        process.terminate()
        reading.join(10)


@contextmanager
def _process(*words: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def _publisher(port: int) -> Client:
    client = _client()
    client.max_inflight_messages_set(_WINDOW)
    client.connect("127.0.0.1", port)
    client.loop_start()
    return client


def _client() -> Client:
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    client.on_socket_open = lambda c, u, link: link.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return client


def drain(messages: int, rounds: int) -> Figures:
    """A backlog leaves the station, beside bare paho and beside one alert at a time."""
    few = max(200, messages // 10)
    with LocalBroker("mosquitto", more="max_queued_messages 1000000\n") as broker:
        words = ("-m", "tests.benchmarks.link", "--receipts-on", str(broker.port))
        with _process(*words) as receipting:
            assert receipting.stdout.readline() == "ready\n"
            one_by_one = OutboxLimits(1, 10.0, 60.0, unreceipted=1)
            runs = [
                {
                    "bare": _bare_rate(broker.port, messages),
                    "station": _drain_rate(
                        broker.port, messages, OutboxLimits(_WINDOW, 10.0, 60.0)
                    ),
                    "one": _drain_rate(broker.port, few, one_by_one),
                }
                for _ in range(rounds)
            ]
    return {
        "messages": messages,
        "rounds": rounds,
        **{f"{name}_per_s": round(statistics.median(r[name] for r in runs)) for name in runs[0]},
        "of_bare": {"ratio": _ratio(runs, "station", "bare"), "bar": 0.7},
        "to_one_by_one": {"ratio": _ratio(runs, "station", "one"), "bar": 4},
    }


def _ratio(runs: list[dict[str, float]], cost: str, floor: str) -> float:
    return round(statistics.median(run[cost] / run[floor] for run in runs), 2)


def _bare_rate(port: int, messages: int) -> float:
    client = _publisher(port)
    payload = b"x" * 700
    started_s = time.perf_counter()
    for start in range(0, messages, _FILLED_AT_ONCE):
        sent = [client.publish("fs/bench", payload, 1) for _ in range(_FILLED_AT_ONCE)]
        if start + _FILLED_AT_ONCE >= messages:
            for one in sent:
                one.wait_for_publish(60)
        else:
            sent[0].wait_for_publish(60)
    took_s = time.perf_counter() - started_s
    client.disconnect()
    client.loop_stop()
    return messages / took_s


def _drain_rate(port: int, messages: int, limits: OutboxLimits) -> float:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        ledger = SqlLedger(path)
        for start in range(0, messages, _FILLED_AT_ONCE):
            _fill(ledger, min(_FILLED_AT_ONCE, messages - start))
        started_s = time.perf_counter()
        station = _Station(ledger, path, port, limits)
        try:
            station.wait_for(messages)
            return messages / (time.perf_counter() - started_s)
        finally:
            station.close()
            ledger.close()


def _fill(ledger: SqlLedger, count: int) -> None:
    """Let so many alerts wait; they are written at once, as no station does."""
    first = ledger.next_sequence()
    made = _MAKING["flagged"](ledger).outbox[0]
    message = json.loads(made.payload)
    items = []
    for number in range(first, first + count):
        report_id = uuid4()
        message["id"], message["data"]["sequence"] = str(report_id), number
        payload = json.dumps(message, separators=(",", ":")).encode()
        items.append(
            replace(made, report_id=report_id, sequence=number, payload=payload, case_id=None)
        )
    ledger.record(LedgerEntry(outbox=tuple(items)))


def main() -> None:
    """Run all parts, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=("flag", "drain", "receiver"))
    parser.add_argument("--runs", type=int, default=300, help="flags, one after the other")
    parser.add_argument("--messages", type=int, default=10_000, help="waiting alerts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--receipts-on", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.receipts_on:
        receipt_all(args.receipts_on, _IDENTITY.alert_topic, _IDENTITY.receipt_topic)
        return
    parts: dict[str, Callable[[], Figures]] = {
        "flag": lambda: flag(args.runs),
        "drain": lambda: drain(args.messages, args.rounds),
        "receiver": lambda: receiver_rate(args.messages, args.rounds),
    }
    figures = {name: part() for name, part in parts.items() if name in (args.only or parts)}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
