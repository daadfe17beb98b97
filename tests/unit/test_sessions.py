"""Signing in: a real ledger, quick hashes, a clock that the test owns."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher

from config.settings import AccountSettings
from station.core.accounts import SignInRefused
from station.core.audit import AuditKind
from station.core.cases import CaseRefused, Refusal
from station.core.commands import SetRoom
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import (
    ActAsUser,
    AddAccount,
    BlockAccount,
    ListAccounts,
    ReadAudit,
    Resume,
    SetCard,
    SetPin,
    SignIn,
    SignInWithCard,
    SignOut,
)
from station.ledger.store import SqlLedger
from station.runtime.people import PeopleDesk

ID = UUID(int=1)
BOSS = Person("cli:root", Role.TECHNICIAN)
PIN, OTHER_PIN = "135791", "246802"


class Clock:
    def __init__(self):
        self.time = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def now(self):
        return self.time

    def monotonic_s(self):
        return 0.0


class Station:
    """A station's front desk with one operator and one shift lead."""

    def __init__(self, path, *, required=True):
        self.clock = Clock()
        self.ledger = SqlLedger(path)
        self.desk = PeopleDesk(self.ledger, AccountSettings(required, 5), self.clock)
        for name, role in (("Li", Role.OPERATOR), ("Wang", Role.SHIFT_LEAD)):
            self.do(AddAccount(ID, name, role, PIN))

    def do(self, command, person=BOSS):
        return self.desk.answer(command, person)

    def connect(self):
        told = []
        session = self.desk.admit("root", told.append)
        session.begin()
        session.told = told
        return session

    def trail(self, kind=None):
        rows = self.do(ReadAudit(ID, None, 100)).rows
        entries = [row.entry for row in reversed(rows)]
        return [(e.actor, e.subject, e.details) for e in entries if e.kind is kind]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("station.runtime.pins._hasher", quick)


@pytest.fixture
def station(tmp_path):
    opened = Station(tmp_path / "ledger.sqlite")
    yield opened
    opened.ledger.close()


def refusal(call, command):
    with pytest.raises(CaseRefused) as refused:
        call(command)
    return refused.value


def test_a_new_connection_hears_that_somebody_has_to_sign_in_and_who_can(station):
    session = station.connect()
    [told] = session.told
    assert (told.person, told.is_required, told.names) == (None, True, ("Li", "Wang"))
    assert told.lock_after_s == 300


def test_name_and_pin_sign_in_and_out(station):
    session = station.connect()
    told = session.obey(SignIn(ID, "Li", PIN))
    assert told.person == session.person == Person("Li", Role.OPERATOR)
    assert (told.command_id, bool(told.token)) == (ID, True)
    told = session.obey(SignOut(ID))
    assert (told.person, session.person, told.token) == (None, None, "")
    assert [t[0] for t in station.trail(AuditKind.SIGN_IN)] == ["Li", "Li"]


def test_a_wrong_pin_signs_nobody_in_and_is_kept(station):
    session = station.connect()
    assert refusal(session.obey, SignIn(ID, "Li", OTHER_PIN)).refusal is Refusal.WRONG_PIN
    assert session.person is None
    assert station.trail(AuditKind.SIGN_IN) == [
        ("station", "Li", '{"did":"refused","what":"sign in"}')
    ]


def test_wrong_pins_bring_growing_waits_in_which_not_even_the_right_one_counts(station):
    session = station.connect()
    for _ in range(3):
        last = refusal(session.obey, SignIn(ID, "Li", OTHER_PIN))
    assert last.until == station.clock.time + timedelta(seconds=10)
    assert refusal(session.obey, SignIn(ID, "Li", PIN)).refusal is Refusal.WAIT
    # Another kiosk is no way round, and other people are not kept out.
    assert refusal(station.connect().obey, SignIn(ID, "Li", PIN)).refusal is Refusal.WAIT
    assert station.connect().obey(SignIn(ID, "Wang", PIN)).person.name == "Wang"
    station.clock.time += timedelta(seconds=10)
    last = refusal(session.obey, SignIn(ID, "Li", OTHER_PIN))
    assert last.until == station.clock.time + timedelta(seconds=20)
    station.clock.time += timedelta(seconds=20)
    assert session.obey(SignIn(ID, "Li", PIN)).person.name == "Li"
    assert refusal(session.obey, SignIn(ID, "Li", OTHER_PIN)).until is None


def test_waits_survive_a_restart(station, tmp_path):
    session = station.connect()
    for _ in range(3):
        refusal(session.obey, SignIn(ID, "Li", OTHER_PIN))
    station.ledger.close()
    station.ledger = SqlLedger(tmp_path / "ledger.sqlite")
    station.desk = PeopleDesk(station.ledger, AccountSettings(True, 5), station.clock)
    assert refusal(station.connect().obey, SignIn(ID, "Li", PIN)).refusal is Refusal.WAIT


def test_a_clock_that_was_set_back_keeps_nobody_out(station):
    session = station.connect()
    for _ in range(3):
        refusal(session.obey, SignIn(ID, "Li", OTHER_PIN))
    station.clock.time -= timedelta(days=400)
    assert session.obey(SignIn(ID, "Li", PIN)).person.name == "Li"


def test_unknown_names_wait_too(station):
    session = station.connect()
    for _ in range(3):
        assert refusal(session.obey, SignIn(ID, "Nobody", PIN)).refusal is Refusal.WRONG_PIN
    assert refusal(session.obey, SignIn(ID, "Nobody", PIN)).refusal is Refusal.WAIT


def test_a_card_signs_in_whose_it_is(station):
    station.do(SetCard(ID, "Li", "0012345678"))
    session = station.connect()
    assert session.obey(SignInWithCard(ID, "0012345678")).person.name == "Li"
    assert refusal(session.obey, SignInWithCard(ID, "0012345679")).refusal is Refusal.WRONG_PIN
    taken = refusal(station.do, SetCard(ID, "Wang", "0012345678"))
    assert (taken.refusal, "Li" in str(taken)) == (Refusal.BAD_CARD, True)
    station.do(SetCard(ID, "Li", ""))
    assert refusal(session.obey, SignInWithCard(ID, "0012345678")).refusal is Refusal.WRONG_PIN


def test_neither_pins_nor_cards_are_in_the_file(station, tmp_path):
    station.do(SetCard(ID, "Li", "0012345678"))
    station.connect().obey(SignInWithCard(ID, "0012345678"))
    station.connect().obey(SignIn(ID, "Li", PIN))
    station.ledger.close()
    kept = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert PIN.encode() not in kept
    assert b"0012345678" not in kept
    assert b"$argon2id$" in kept
    assert PIN not in repr(SignIn(ID, "Li", PIN))


def test_a_kiosk_that_comes_back_in_time_takes_its_session_up_once(station):
    first = station.connect()
    token = first.obey(SignIn(ID, "Li", PIN)).token
    first.end()
    station.clock.time += timedelta(seconds=60)
    again = station.connect()
    told = again.obey(Resume(ID, token))
    assert (told.person.name, told.token != token) == ("Li", True)
    assert refusal(station.connect().obey, Resume(ID, token)).refusal is Refusal.SESSION_OVER


@pytest.mark.parametrize("end", ["late", "signed out", "new pin", "blocked", "made up"])
def test_a_session_that_is_over_is_not_taken_up(station, end):
    session = station.connect()
    token = session.obey(SignIn(ID, "Li", PIN)).token
    match end:
        case "late":
            session.end()
            station.clock.time += timedelta(seconds=61)
        case "signed out":
            session.obey(SignOut(ID))
        case "new pin":
            station.do(SetPin(ID, "Li", OTHER_PIN))
        case "blocked":
            station.do(BlockAccount(ID, "Li", True))
        case "made up":
            token = "x" * 43
    assert refusal(station.connect().obey, Resume(ID, token)).refusal is Refusal.SESSION_OVER


@pytest.mark.parametrize(
    "command",
    [BlockAccount(ID, "Li", True), SetPin(ID, "Li", OTHER_PIN), SetCard(ID, "Li", "12345678")],
)
def test_a_changed_account_is_signed_out_at_once(station, command):
    session = station.connect()
    session.obey(SignIn(ID, "Li", PIN))
    station.do(command)
    assert session.person is None
    assert session.told[-1].person is None


def test_a_blocked_account_signs_nobody_in_until_it_is_let_in_again(station):
    station.do(BlockAccount(ID, "Li", True))
    session = station.connect()
    assert session.told[0].names == ("Wang",)
    assert refusal(session.obey, SignIn(ID, "Li", PIN)).refusal is Refusal.WRONG_PIN
    station.do(BlockAccount(ID, "Li", False))
    assert session.told[-1].names == ("Li", "Wang")
    assert session.obey(SignIn(ID, "Li", PIN)).person.name == "Li"


def test_a_command_line_is_the_machines_user(station):
    session = station.connect()
    assert session.obey(ActAsUser(ID)).person == Person("cli:root", Role.TECHNICIAN)


def test_where_nobody_has_to_sign_in_everybody_is_the_kiosk(tmp_path):
    station = Station(tmp_path / "ledger.sqlite", required=False)
    session = station.connect()
    assert (session.person, session.told) == (KIOSK, [])
    station.ledger.close()


def test_a_shift_lead_makes_operators_and_changes_nobody_above(station):
    lead = Person("Wang", Role.SHIFT_LEAD)
    told = station.do(AddAccount(ID, "Zhao", Role.OPERATOR, PIN), lead)
    assert [account.name for account in told.accounts] == ["Li", "Wang", "Zhao"]
    for command in (
        AddAccount(ID, "Sun", Role.SHIFT_LEAD, PIN),
        SetPin(ID, "Wang", OTHER_PIN),
        BlockAccount(ID, "Wang", True),
    ):
        with pytest.raises(CaseRefused, match="ask a technician"):
            station.do(command, lead)


def test_names_are_taken_whatever_their_letter_case(station):
    assert refusal(station.do, AddAccount(ID, "LI", Role.OPERATOR, PIN)).refusal is Refusal.BAD_NAME
    assert refusal(station.do, SetPin(ID, "Nobody", PIN)).refusal is Refusal.BAD_NAME


def test_nobody_blocks_themselves(station):
    chen = Person("Chen", Role.TECHNICIAN)
    station.do(AddAccount(ID, "Chen", Role.TECHNICIAN, PIN))
    with pytest.raises(CaseRefused, match="own account"):
        station.do(BlockAccount(ID, "Chen", True), chen)


def test_every_change_of_an_account_is_in_the_trail_with_who_made_it(station):
    station.do(SetPin(ID, "Li", OTHER_PIN))
    station.do(BlockAccount(ID, "Li", True))
    assert station.trail(AuditKind.ACCOUNT)[-3:] == [
        ("cli:root", "Wang", '{"did":"add","role":"shift_lead"}'),
        ("cli:root", "Li", '{"did":"pin"}'),
        ("cli:root", "Li", '{"did":"block"}'),
    ]


def test_who_measured_the_room_is_in_the_trail(station):
    station.desk.note_room(SetRoom(ID, 21.5, 40.0, None), Person("Li", Role.OPERATOR))
    [(actor, _, details)] = station.trail(AuditKind.ROOM)
    assert (actor, '"ambient_c":21.5' in details) == ("Li", True)


def test_the_trail_is_read_by_pages_the_newest_first(station):
    page = station.do(ReadAudit(uuid4(), None, 2))
    assert ([row.number for row in page.rows], page.is_last) == ([3, 2], False)
    page = station.do(ReadAudit(uuid4(), 2, 2))
    assert ([row.number for row in page.rows], page.is_last) == ([1], True)
    assert station.do(ListAccounts(uuid4())).accounts[0].name == "Li"


def test_too_many_tries_at_once_are_counted_one_by_one(station):
    sessions = [station.connect() for _ in range(3)]
    for session in sessions:
        with pytest.raises(SignInRefused):
            session.obey(SignIn(ID, "Li", OTHER_PIN))
    assert refusal(station.connect().obey, SignIn(ID, "Li", PIN)).refusal is Refusal.WAIT
