"""Commands over the bridge: who gave them, who may, and who hears the answer."""

import os
import pwd
import threading
from dataclasses import replace
from uuid import uuid4

import pytest

from station.core.accounts import SignInRefused
from station.core.cases import Refusal
from station.core.errors import KnownError
from station.core.events import CommandRefused
from station.core.people import KIOSK, Person, Role
from station.core.people_commands import ListAccounts, ReadAudit, SignIn
from station.core.people_events import AccountList, SessionChanged
from station.core.questions import (
    MOST_ROWS,
    CancelWork,
    ExportPassages,
    Question,
    SearchPassages,
    TableFormat,
    WorkProgress,
    WorkState,
)
from station.core.search import PassageFilter
from station.core.shift_commands import AskShift
from station.core.threshold_commands import AskThreshold
from station.runtime.sessions import Session
from tests.support import wait_for
from tests.unit.bridge.every_message import EVERY_COMMAND, NOON, PAGE, REFUSED


def test_a_command_that_the_station_refuses_is_answered(start, connect):
    def refuse(command, person):
        raise KnownError("Take a second reading first.")

    client = connect(start(refuse))
    client.send(EVERY_COMMAND[0])
    expected = CommandRefused(EVERY_COMMAND[0].command_id, "Take a second reading first.")
    assert client.read() == expected


def test_commands_come_with_who_gave_them(start, connect):
    people = []
    start(lambda command, person: people.append(person))
    kiosk, command_line = connect(), connect(as_user=True)
    user = Person(f"cli:{pwd.getpwuid(os.getuid()).pw_name}", Role.TECHNICIAN)
    for client, person in ((kiosk, KIOSK), (command_line, user), (kiosk, KIOSK)):
        client.send(EVERY_COMMAND[0])
        wait_for(lambda: people)
        assert people.pop() == person
    assert command_line.read().person == user


def test_what_a_command_returns_is_told_to_who_asked_alone(start, connect):
    answer = AccountList((), uuid4())
    server = start(lambda command, person: answer)
    asking, other = connect(), connect(server)
    asking.send(ListAccounts(uuid4()))
    assert asking.read() == answer
    server.emit(REFUSED)
    assert other.read() == REFUSED


def test_a_session_greets_answers_refuses_and_ends_with_its_connection(start, connect):
    ended = threading.Event()
    greeting = SessionChanged(None, is_required=True, names=("Li",))

    class Guarded(Session):
        def begin(self):
            self.tell(greeting)

        def obey(self, command):
            if command.pin != "135791":
                raise SignInRefused(Refusal.WAIT, "Wait.", NOON)
            return super().obey(command)

        def end(self):
            ended.set()

    start(admit=Guarded)
    client = connect()
    assert client.read() == greeting
    right, wrong = SignIn(uuid4(), "Li", "135791"), SignIn(uuid4(), "Li", "1")
    client.send(wrong)
    assert client.read() == CommandRefused(wrong.command_id, "Wait.", Refusal.WAIT, NOON)
    client.send(right)
    assert client.read().command_id == right.command_id
    client.close()
    assert ended.wait(60)


def known(user, tell, person):
    session = Session(user, tell)
    session.person = person
    return session


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        (None, Refusal.NOT_SIGNED_IN),
        (Person("Sun", Role.AUDITOR), Refusal.NOT_ALLOWED),
    ],
)
def test_what_the_person_may_not_do_never_reaches_the_station(start, connect, person, refusal):
    taken = []
    start(
        lambda command, person: taken.append(command),
        admit=lambda user, tell: known(user, tell, person),
    )
    client = connect()
    looks = ReadAudit | AskThreshold | AskShift | Question | CancelWork
    changing = [c for c in EVERY_COMMAND if person is None or not isinstance(c, looks)]
    for command in changing:
        client.send(command)
        told = client.read()
        assert (told.command_id, told.refusal) == (command.command_id, refusal)
    assert taken == []


def test_an_answer_goes_to_the_one_who_asked_and_to_nobody_else(start, connect):
    asked = []
    server = start(lambda command, person: asked.append(command))
    asker, other = connect(), connect()
    wait_for(lambda: len(server._clients) == 2)
    question = SearchPassages(uuid4(), PassageFilter(), 20)
    asker.send(question)
    wait_for(lambda: asked)
    page = replace(PAGE, command_id=question.command_id)
    server.answer(page)
    server.emit(REFUSED)
    assert [asker.read(), asker.read()] == [page, REFUSED]
    assert other.read() == REFUSED


def test_a_work_is_told_until_its_end_and_then_forgotten(start, connect):
    asked = []
    server = start(lambda command, person: asked.append(command))
    client = connect(server)
    question = ExportPassages(uuid4(), PassageFilter(), TableFormat.CSV)
    client.send(question)
    wait_for(lambda: asked)
    running = WorkProgress(question.command_id, WorkState.RUNNING, 0, 9)
    end = replace(running, state=WorkState.DONE, done=9)
    for progress in (running, running, end, running):
        server.answer(progress)
    server.emit(REFUSED)
    assert [client.read() for _ in range(4)] == [running, running, end, REFUSED]
    assert not server._askers


def test_an_answer_for_somebody_who_has_gone_is_dropped(start, connect):
    asked = []
    server = start(lambda command, person: asked.append(command))
    client = connect(server)
    client.send(SearchPassages(PAGE.command_id, PassageFilter(), 20))
    wait_for(lambda: asked)
    client.close()
    wait_for(lambda: not server._clients)
    assert not server._askers
    server.answer(PAGE)


def test_a_question_that_is_refused_at_once_is_forgotten(start, connect):
    def refuse(command, person):
        raise KnownError("Wait a moment.")

    server = start(refuse)
    client = connect(server)
    client.send(SearchPassages(PAGE.command_id, PassageFilter(), 20))
    assert client.read() == CommandRefused(PAGE.command_id, "Wait a moment.")
    assert not server._askers


@pytest.mark.parametrize("rows", [0, MOST_ROWS + 1])
def test_a_page_of_no_or_too_many_rows_is_refused(rows):
    with pytest.raises(ValueError, match="a page has 1 to"):
        SearchPassages(uuid4(), PassageFilter(), rows)
