"""How fast the CDC's receiver drains a backlog, against a client that only receives.

A backlog of signed alerts waits at a real broker; each contender, a process of its own, drains one
of the same size, in turn, so that a busy machine is busy for all of them. Prints one JSON object:

- `of_bare`: the receiver's rate as a part of the bare client's, wall clock; the bar is 0.4.
- `cpu_of_bare`: likewise by CPU time, which other work on the machine distorts less.
- `two_to_one`: how much faster two receivers drain into one PostgreSQL; the bar is 1.4.
- `signed on ...`: the same, every signature checked and every receipt signed, as it is in service.
- `growth_mb`: what the receiver's memory grew by between a fifth of the backlog and its end.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from station.cdc.database import parse_where
from station.cdc.receiver import Receiver
from station.cdc.trust import StationKeys
from station.commands.broker import LocalBroker
from station.core.cases import CaseState
from station.core.clock_quality import ClockQuality
from station.core.report import Report, ReportKind, SkinFinding
from station.reporting.composing import encode_report
from station.reporting.signing import SIGNATURE_PROPERTY, KeyRegistry, SigningKey, TrustedKey
from station.reporting.topics import CDC_TOPICS, StationIdentity
from tests.postgres import PrivatePostgres

Figures = dict[str, float]
_Message = tuple[str, bytes, str]
_STATIONS = 50
_SHARED = tuple(f"$share/cdc/{topic}" for topic in CDC_TOPICS)
_TIMEOUT_S = 240.0


def receiver_rate(messages: int, rounds: int) -> dict[str, object]:
    """Return the rates in messages a second (medians) and their ratios."""
    with (
        LocalBroker("mosquitto", more="max_queued_messages 1000000\n") as broker,
        PrivatePostgres(is_durable=True) as postgres,
        TemporaryDirectory() as folder,
    ):
        registry = Path(folder) / "stations.jwks"
        bench = _Bench(broker, _backlog(messages, registry))
        files = (str(Path(folder) / f"{n}.sqlite") for n in range(2 * rounds))
        fresh = (postgres.fresh_database() for _ in iter(int, 1))
        urls = (url.render_as_string(hide_password=False) for url in fresh)
        runs = [
            {
                "bare": bench.run(None, 1),
                "sqlite": bench.run(next(files), 1),
                "signed on sqlite": bench.run(next(files), 1, registry),
                "postgresql": bench.run(next(urls), 1),
                "two on postgresql": bench.run(next(urls), 2),
                "signed on postgresql": bench.run(next(urls), 1, registry),
                "signed, two on postgresql": bench.run(next(urls), 2, registry),
            }
            for _ in range(rounds)
        ]
    return _summary(runs)


def _summary(runs: list[dict[str, Figures]]) -> dict[str, object]:
    def median(of: Callable[[dict[str, Figures]], float]) -> float:
        return round(statistics.median(of(run) for run in runs), 2)

    figures: dict[str, object] = {"messages": runs[0]["bare"]["messages"], "rounds": len(runs)}
    figures["bars"] = {"of_bare": 0.4, "two_to_one": 1.4}
    for name in runs[0]:
        figures[name] = {
            "per_s": median(lambda run, name=name: run[name]["per_s"]),
            "cpu_ms_each": median(lambda run, name=name: run[name]["cpu_ms_each"]),
        }
    for name in ("sqlite", "signed on sqlite", "postgresql", "signed on postgresql"):
        figures[name] |= {
            "of_bare": median(lambda run, name=name: run[name]["per_s"] / run["bare"]["per_s"]),
            "cpu_of_bare": median(
                lambda run, name=name: run["bare"]["cpu_ms_each"] / run[name]["cpu_ms_each"]
            ),
            "growth_mb": median(lambda run, name=name: run[name]["growth_mb"]),
        }
    for name, two, one in (
        ("two_to_one", "two on postgresql", "postgresql"),
        ("signed_two_to_one", "signed, two on postgresql", "signed on postgresql"),
    ):
        figures[name] = median(lambda run, two=two, one=one: run[two]["per_s"] / run[one]["per_s"])
    return figures


class _Bench:
    def __init__(self, broker: LocalBroker, backlog: list[_Message]) -> None:
        self._broker = broker
        self._backlog = backlog

    def run(self, db: str | None, contenders: int, registry: Path | None = None) -> Figures:
        """Fill the sessions of the contenders, let them drain, and forget the sessions."""
        names = [f"bench-{n}" for n in range(contenders)]
        for name in names:
            self._session(name, _SHARED if db else CDC_TOPICS)
        self._publish()
        share = len(self._backlog) // contenders
        processes = [self._start(name, db, share, contenders, registry) for name in names]
        try:
            for process in processes:
                assert process.stdout.readline() == "ready\n"
            for process in processes:
                process.stdin.write("go\n")
                process.stdin.flush()
            done = [json.loads(process.communicate(timeout=_TIMEOUT_S)[0]) for process in processes]
        finally:
            for process in processes:
                process.kill()
        for name in names:
            self._session(name, ())
        seconds = max(one["ended_s"] for one in done) - min(one["started_s"] for one in done)
        count = sum(one["messages"] for one in done)
        return {
            "messages": count,
            "per_s": count / seconds,
            "cpu_ms_each": 1e3 * sum(one["cpu_s"] for one in done) / count,
            "growth_mb": max(one["growth_mb"] for one in done),
        }

    def _start(
        self, name: str, db: str | None, share: int, contenders: int, registry: Path | None
    ) -> subprocess.Popen:
        options = {"--contender": name, "--port": self._broker.port, "--messages": share}
        options |= {"--receivers": contenders} | ({"--db": db} if db else {})
        options |= {"--keys": registry} if registry else {}
        words = [str(word) for pair in options.items() for word in pair]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.receiver_rate", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _session(self, name: str, topics: tuple[str, ...]) -> None:
        """Leave a session with these subscriptions behind, or none."""
        client = _client(name)
        granted = Event()
        client.on_subscribe = lambda *_: granted.set()
        client.connect("127.0.0.1", self._broker.port, clean_start=True, properties=_kept(3600))
        client.loop_start()
        if topics:
            client.subscribe([(topic, 1) for topic in topics])
            assert granted.wait(5)
        client.disconnect(properties=None if topics else _forgotten())
        client.loop_stop()

    def _publish(self) -> None:
        client = _client("bench-source")
        client.max_inflight_messages_set(100)
        client.connect("127.0.0.1", self._broker.port)
        client.loop_start()
        for start in range(0, len(self._backlog), 1000):
            for topic, payload, signature in self._backlog[start : start + 1000]:
                properties = Properties(PacketTypes.PUBLISH)
                properties.UserProperty = (SIGNATURE_PROPERTY, signature)
                sent = client.publish(topic, payload, qos=1, properties=properties)
            sent.wait_for_publish(60)
        client.disconnect()
        client.loop_stop()


def _client(name: str) -> Client:
    return Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)


def _kept(expiry_s: int) -> Properties:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = expiry_s
    return properties


def _forgotten() -> Properties:
    properties = Properties(PacketTypes.DISCONNECT)
    properties.SessionExpiryInterval = 0
    return properties


def _backlog(messages: int, registry: Path) -> list[_Message]:
    keys = [Ed25519PrivateKey.generate() for _ in range(_STATIONS)]
    stations = [StationIdentity("000000", "hub", f"station-{n}") for n in range(_STATIONS)]
    trusted = zip(stations, keys, strict=True)
    registry.write_bytes(KeyRegistry(TrustedKey(i, k.public_key()) for i, k in trusted).write())
    signing = [SigningKey(key) for key in keys]
    at, epoch, found = datetime.now(UTC), uuid4(), []
    how = {"is_drill": False, "clock": ClockQuality.SYNCHRONISED}
    skin = SkinFinding(37.25, 0.2, "inner_canthus", "above", (), "policy")
    for n in range(messages):
        identity = stations[n % _STATIONS]
        report = Report(
            report_id=uuid4(),
            kind=ReportKind.FLAGGED,
            case_id=UUID(int=n),
            case_number=n + 1,
            case_state=CaseState.OPEN,
            lane="1",
            flagged_at=at,
            reported_at=at,
            skin=skin,
            body=(),
        )
        payload = encode_report(report, identity, epoch, n // _STATIONS + 1, **how)
        found.append((identity.alert_topic, payload, signing[n % _STATIONS].sign(payload)))
    return found


class _Contender:
    """Counts what arrives and notes what it cost."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self._left = messages
        self._fifth_kb = 0
        self.started_s = 0.0
        self.done = Event()

    def begin(self) -> None:
        self.started_s = time.monotonic()
        self._cpu_s = time.process_time()

    def count(self) -> None:
        self._left -= 1
        if self._left == self._messages * 4 // 5:
            self._fifth_kb = _resident_kb()
        if self._left == 0:
            self.figures = {
                "messages": self._messages,
                "started_s": self.started_s,
                "ended_s": time.monotonic(),
                "cpu_s": time.process_time() - self._cpu_s,
                "growth_mb": (_resident_kb() - self._fifth_kb) / 1024,
            }
            self.done.set()


def _resident_kb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def _wait_for_go() -> None:
    """Start together with the others, however long each took to load."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _bare(name: str, port: int, contender: _Contender) -> None:
    client = _client(name)
    client.on_message = lambda *_: contender.count()
    _wait_for_go()
    contender.begin()
    client.connect("127.0.0.1", port, clean_start=False, properties=_kept(3600))
    client.loop_start()
    assert contender.done.wait(_TIMEOUT_S)
    client.disconnect()
    client.loop_stop()


def _receive(name: str, contender: _Contender, args: argparse.Namespace) -> None:
    receiver = Receiver(
        "127.0.0.1",
        args.port,
        parse_where(args.db),
        on_stored=lambda alert: contender.count(),
        client_id=name,
        is_alone=args.receivers == 1,
        keys=StationKeys(args.keys) if args.keys else None,
        signing_key=SigningKey(Ed25519PrivateKey.generate()) if args.keys else None,
    )
    _wait_for_go()
    contender.begin()
    try:
        receiver.serve(contender.done)
    finally:
        receiver.close()


def main() -> None:
    """Run the comparison, or one contender of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    for internal in ("--contender", "--db"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    parser.add_argument("--keys", type=Path, help=argparse.SUPPRESS)
    for internal in ("--port", "--receivers"):
        parser.add_argument(internal, type=int, default=1, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.contender is None:
        sys.stdout.write(json.dumps(receiver_rate(args.messages, args.rounds), indent=2) + "\n")
        return
    contender = _Contender(args.messages)
    if args.db is None:
        _bare(args.contender, args.port, contender)
    else:
        _receive(args.contender, contender, args)
    sys.stdout.write(json.dumps(contender.figures))


if __name__ == "__main__":
    main()
