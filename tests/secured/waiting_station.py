"""A station's own link, whose one alert waits for an answer that never comes."""

from random import Random
from threading import Event, Thread

from station.core.link_events import LinkChanged, LinkState
from station.core.report import Channel, Encoded
from station.ledger.outbox_reader import SqlOutboxReader
from station.reporting.link import ReportLink
from station.reporting.mqtt import MqttSink
from station.reporting.outbox import OutboxLimits, OutboxPolicy
from station.reporting.signing import CdcKeys
from station.reporting.tls import TlsFiles
from station.runtime.clock import SystemClock
from tests.secured.certificates import pair
from tests.secured.parties import HOST, WAITING


class WaitingStation:
    """A station's own link and client; its one alert waits for an answer that never comes."""

    def __init__(self, world):
        folder = world.files.waiting
        path = world.folder / "waiting.sqlite"
        self.report_id = world.fill_ledger(path, WAITING)
        self.outbox = SqlOutboxReader(path)
        self.told, self.settled = LinkChanged(LinkState.OFFLINE, 0, None, 0, ""), []
        self._wake, self._stop = Event(), Event()
        tls = TlsFiles(world.files.authority.ca_file, *pair(folder))
        limits = OutboxLimits(window=20, publish_timeout_s=10, receipt_timeout_s=60)
        self._link = ReportLink(
            reader=self.outbox,
            sink=MqttSink(WAITING, HOST, world.port, tls=tls),
            policy=OutboxPolicy(limits, Random(1)),
            clock=SystemClock(),
            random=Random(1),
            reconnect_s=(0.2, 1.0),
            on_delivered=lambda ids, at: self.settled.extend(ids),
            on_rejected=lambda which, why, at: self.settled.append(which),
            on_progress=lambda progress: None,
            on_link=self._note,
            encode_status=lambda state, status: Encoded(Channel.STATUS, b"{}"),
            check_answer=CdcKeys.load(folder / "cdc.jwks").check,
        )
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _note(self, told):
        self.told = told

    def _run(self):
        while not self._stop.is_set():
            self._link.run_once(self._wake, 0.05)

    def close(self):
        self._stop.set()
        self._thread.join(60)
        self._link.close()
        self.outbox.close()
