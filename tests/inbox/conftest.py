import warnings
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher

from station.cdc.database import Use
from station.cdc.inbox import accounts
from station.cdc.inbox.accounts import Role, add_account
from station.cdc.inbox.app import create_app
from station.cdc.inbox.settings import Contact, InboxSettings
from station.cdc.opening import open_inbox
from station.cdc.store import InboxStore, Taken
from station.core.clock_quality import ClockQuality
from station.core.daily import DailyFigures, DayCounts, local_day
from station.core.report import Channel
from station.reporting.composing import encode_figures
from station.reporting.messages.alert import DrillAlert, RealAlert
from station.reporting.payload import decode_event
from station.reporting.topics import StationIdentity

with warnings.catch_warnings():
    # It asks for httpx2 although httpx serves it as well.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
CONTACTS = (
    Contact(name="Dr Li", phone="ext. 201"),
    Contact(name="Shift lead Wang", phone="ext. 202"),
    Contact(name="Director Zhao", phone="ext. 203"),
)


class Making:
    """Writes alerts as the receiver does."""

    def __init__(self, store):
        self._store = store
        self._sequences = count(1)
        self.epoch = uuid4()

    def __call__(
        self,
        *,
        case_id=None,
        number=7,
        kind="flagged",
        state="open",
        station="station-1",
        lane="1",
        skin_c=37.25,
        reasons=(),
        body=(),
        is_drill=False,
        at=NOON,
        reported_at=None,
        epoch=None,
        sequence=None,
        report_id=None,
        handover=(),
        clock="not_known",
        registration=None,
        outcome=None,
        sealed_until=None,
    ):
        case_id = case_id or uuid4()
        made_at = (reported_at or at).isoformat()
        model, channel = (
            (DrillAlert, Channel.DRILL_ALERT) if is_drill else (RealAlert, Channel.ALERT)
        )
        alert = model.model_validate(
            {
                "specversion": "1.0",
                "id": report_id or uuid4(),
                "source": f"/fs/440100/hub/{station}",
                "type": model.model_fields["type"].annotation.__args__[0],
                "time": made_at,
                "datacontenttype": "application/json",
                "data": {
                    "schema_version": "1.2",
                    "clock": clock,
                    "epoch": epoch or self.epoch,
                    "sequence": sequence or next(self._sequences),
                    "is_drill": is_drill,
                    "kind": kind,
                    "case": {
                        "case_id": case_id,
                        "number": number,
                        "state": state,
                        "lane": lane,
                        "flagged_at": made_at,
                    },
                    "skin": {
                        "skin_surface_temperature_c": skin_c,
                        "standard_uncertainty_c": None if skin_c is None else 0.2,
                        "site": None if skin_c is None else "inner_canthus",
                        "outcome": "not_measured" if skin_c is None else "above",
                        "reasons": reasons,
                        "policy_id": "policy",
                    },
                    "body": [
                        {
                            "body_temperature_c": body_c,
                            "taken_at": made_at,
                            "device_id": "thermo-1",
                            "trust": "tympanic",
                        }
                        for body_c in body
                    ],
                    "handover": [{"step": step, "at": made_at, "to": "120"} for step in handover],
                    "registration": registration,
                    "outcome": outcome,
                    "person_sealed": sealed_until
                    and {"jwe": "eyJh.k.i.c.t", "delete_at": sealed_until.isoformat()},
                },
            },
            strict=False,
        )
        raw = alert.model_dump_json().encode()
        taken = Taken(alert.identity.topic(channel), raw, at, event=alert, report_id=alert.id)
        self._store.add([taken])
        return UUID(str(case_id))

    def figures(self, station, *, day, at=NOON, is_drill=False):
        """Write a day without anybody."""
        identity, report_id = StationIdentity("440100", "hub", station), uuid4()
        span = local_day(day, UTC, NOON + timedelta(days=9))
        raw = encode_figures(
            DailyFigures(span, DayCounts({}, {}, {})),
            "UTC",
            identity,
            self.epoch,
            next(self._sequences),
            event_id=report_id,
            at=at,
            is_drill=is_drill,
            clock=ClockQuality.SYNCHRONISED,
        )
        channel = Channel.DRILL_REPORT if is_drill else Channel.REPORT
        event = decode_event(raw, channel)
        self._store.add([Taken(identity.topic(channel), raw, at, event=event, report_id=report_id)])

    def unreadable(self, station, *, reason=None, at=NOON):
        """Write what the receiver cannot read: of a newer version, or set aside for a reason."""
        topic = f"fs/v1/440100/hub/{station}/alert"
        raw = str(next(self._sequences)).encode()
        self._store.add([Taken(topic, raw, at, report_id=uuid4(), reason=reason)])


class Clock:
    def __init__(self):
        self.at = NOON

    def __call__(self):
        return self.at

    def forward(self, **durations):
        self.at += timedelta(**durations)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", hasher)
    monkeypatch.setattr(accounts, "_NOBODY", hasher.hash("nobody"))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def where(request, tmp_path):
    """Where the inbox is: in SQLite, unless a test names PostgreSQL."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return tmp_path / "cdc.sqlite"
    return request.getfixturevalue("postgres").fresh_database()


@pytest.fixture
def alerted(where):
    with closing(InboxStore(where)) as store:
        yield Making(store)


@pytest.fixture
def database(alerted, where):
    with closing(open_inbox(where, Use.ANSWER)) as opened:
        yield opened


@pytest.fixture
def settings():
    return InboxSettings(contacts=CONTACTS)


@pytest.fixture
def client(database, settings, clock):
    """A browser that is not signed in."""
    with database.writing() as connection:
        for name, role in (("viewer", "viewer"), ("Chen Yu", "officer"), ("root", "admin")):
            add_account(connection, name, Role(role), PASSWORD, now=NOON)
    app = create_app(database, settings, now=clock)
    with TestClient(app, follow_redirects=False, client=("127.0.0.1", 50000)) as opened:
        yield opened


@pytest.fixture
def form_token():
    """Return what the forms of the browser's last page send back."""

    def read(client, page="/sign-in"):
        text = client.get(page).text
        return text.split('name="form_token" value="')[1].split('"')[0]

    return read


@pytest.fixture
def sign_in(client, form_token):
    def as_name(name, password=PASSWORD):
        fields = {"name": name, "password": password, "form_token": form_token(client)}
        return client.post("/sign-in", data=fields)

    return as_name
