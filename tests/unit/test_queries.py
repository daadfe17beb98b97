"""Questions are answered one after the other, to the one who asked, and never stop screening."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from station.core.errors import KnownError
from station.core.events import CommandRefused
from station.core.questions import (
    AskStatistics,
    CancelWork,
    ExportPassages,
    SearchPage,
    SearchPassages,
    StatisticsCounted,
    TableFormat,
    WorkProgress,
    WorkState,
    is_last,
)
from station.core.screening import Outcome
from station.core.search import PassageFilter
from station.ledger.reader import LedgerReader
from station.runtime.queries import QueryPlaces, QueryWorker
from station.runtime.worker import Worker
from tests.benchmarks.big_ledger import LAST_DAY, build

EVERYTHING = PassageFilter()


class Clock:
    def now(self):
        return LAST_DAY + timedelta(hours=13)

    def monotonic_s(self):
        return time.monotonic()


class Answers:
    def __init__(self):
        self.told = []
        self._changed = threading.Condition()

    def answer(self, answer):
        with self._changed:
            self.told.append(answer)
            self._changed.notify_all()

    def wait(self, is_true, within_s=120.0):
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(is_true, self.told)), within_s)
            return next(one for one in self.told if is_true(one))

    def end_of(self, command_id):
        return self.wait(
            lambda one: (
                one.command_id == command_id and (isinstance(one, CommandRefused) or is_last(one))
            )
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("built") / "station.sqlite"
    build(path, 2500)
    return path


@pytest.fixture
def answers():
    return Answers()


@pytest.fixture
def queries(built, tmp_path, answers):
    places = QueryPlaces(built, tmp_path / "exports", ZoneInfo("Asia/Shanghai"), False)
    return QueryWorker(places, clock=Clock(), answers=answers)


@contextmanager
def running(queries):
    crashes = []
    worker = Worker("query", queries.step, on_crash=crashes.append, on_stop=queries.stop)
    worker.start()
    yield
    assert worker.stop(10.0)
    assert crashes == []


def search(wanted=EVERYTHING, rows=20, after=None):
    return SearchPassages(uuid4(), wanted, rows, after)


def export(form=TableFormat.CSV, wanted=EVERYTHING):
    return ExportPassages(uuid4(), wanted, form)


def test_pages_follow_each_other_and_only_the_first_says_how_many(queries, answers):
    first = search(rows=200)
    with running(queries):
        queries.ask(first)
        page = answers.end_of(first.command_id)
        second = search(rows=200, after=page.after)
        queries.ask(second)
        below = answers.end_of(second.command_id)
    assert isinstance(page, SearchPage)
    assert (len(page.rows), page.about, below.about) == (200, 2500, None)
    assert below.rows[0].passage.last_at <= page.rows[-1].passage.last_at


def test_figures_end_now_unless_said_otherwise(queries, answers):
    question = AskStatistics(uuid4(), None, None)
    with running(queries):
        queries.ask(question)
        counted = answers.end_of(question.command_id)
    assert isinstance(counted, StatisticsCounted)
    assert counted.statistics.until == LAST_DAY + timedelta(hours=13)
    assert sum(counted.statistics.outcomes().values()) == 2500


def test_an_export_tells_how_far_it_is_and_where_the_file_is(queries, answers, tmp_path):
    question = export(wanted=PassageFilter(outcome=Outcome.BELOW))
    with running(queries):
        queries.ask(question)
        while_it_runs = search()
        queries.ask(while_it_runs)
        answers.end_of(while_it_runs.command_id)
        end = answers.end_of(question.command_id)
    assert (end.state, end.done) == (WorkState.DONE, end.about)
    first = next(one for one in answers.told if isinstance(one, WorkProgress))
    assert (first.state, first.done, first.about) == (WorkState.RUNNING, 0, end.done)
    # 13:00 UTC is nine in the evening in Beijing.
    assert end.file == "passages-20261124-210000.csv"
    lines = (tmp_path / "exports" / end.file).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + end.done
    assert (tmp_path / "exports").stat().st_mode & 0o777 == 0o700


def test_a_cancelled_export_says_so_and_leaves_nothing(queries, answers, tmp_path, monkeypatch):
    question = export(TableFormat.XLSX)
    queries.ask(question)
    queries.ask(CancelWork(uuid4(), question.command_id))
    with running(queries):
        end = answers.end_of(question.command_id)
        assert isinstance(end, CommandRefused)
        again = export(TableFormat.XLSX)
        queries.ask(again)
        answers.wait(lambda one: one.command_id == again.command_id)
        queries.ask(CancelWork(uuid4(), again.command_id))
        end = answers.end_of(again.command_id)
        # The last rows may have been written before the wish arrived.
        assert end.state in {WorkState.CANCELLED, WorkState.DONE}
        left = {path.name for path in (tmp_path / "exports").iterdir()}
        assert left == ({end.file} if end.state is WorkState.DONE else set())


def test_a_second_export_is_refused_until_the_first_has_ended(queries, answers):
    first = export()
    queries.ask(first)
    with pytest.raises(KnownError, match="Another export"):
        queries.ask(export())
    queries.ask(CancelWork(uuid4(), first.command_id))
    queries.step()
    answers.end_of(first.command_id)
    queries.ask(export())
    queries.stop()


def test_a_question_that_waits_can_be_cancelled(queries, answers):
    question = search()
    queries.ask(question)
    queries.ask(CancelWork(uuid4(), question.command_id))
    with running(queries):
        assert answers.end_of(question.command_id) == CommandRefused(
            question.command_id, "Cancelled."
        )


def test_what_has_ended_cannot_be_cancelled(queries):
    with pytest.raises(KnownError, match="ended already"):
        queries.ask(CancelWork(uuid4(), uuid4()))


def test_too_many_questions_are_refused_at_once(queries):
    for _ in range(16):
        queries.ask(search())
    with pytest.raises(KnownError, match="wait a moment"):
        queries.ask(search())


def test_a_ledger_that_cannot_be_read_is_told_to_who_asked(tmp_path, answers):
    places = QueryPlaces(tmp_path / "no.sqlite", tmp_path, ZoneInfo("UTC"), False)
    queries = QueryWorker(places, clock=Clock(), answers=answers)
    asked, written = search(), export()
    with running(queries):
        queries.ask(asked)
        queries.ask(written)
        assert "cannot be opened" in answers.end_of(asked.command_id).text
        end = answers.end_of(written.command_id)
        assert (end.state, "cannot be opened" in end.text) == (WorkState.FAILED, True)


def test_a_folder_that_cannot_be_made_is_told_to_who_asked(built, tmp_path, answers):
    (tmp_path / "file").touch()
    places = QueryPlaces(built, tmp_path / "file" / "exports", ZoneInfo("UTC"), False)
    queries = QueryWorker(places, clock=Clock(), answers=answers)
    question = export()
    with running(queries):
        queries.ask(question)
        assert "cannot be made" in answers.end_of(question.command_id).text


def test_our_own_bug_is_told_to_who_asked(queries, answers, monkeypatch):
    def fail(self, wanted, rows, after=None):
        raise ZeroDivisionError

    monkeypatch.setattr(LedgerReader, "page", fail)
    question = search()
    queries.ask(question)
    with pytest.raises(ZeroDivisionError):
        queries.step()
    assert "Internal error" in answers.end_of(question.command_id).text
    queries.stop()


def test_an_export_takes_nothing_that_comes_meanwhile_and_times_to_come_are_no_fault(queries):
    now = Clock().now()
    to_come = datetime(2030, 1, 1, tzinfo=UTC)
    for wanted, until in (
        (EVERYTHING, now),
        (PassageFilter(until=now - timedelta(hours=1)), now - timedelta(hours=1)),
        (PassageFilter(until=to_come), now),
        (PassageFilter(since=to_come), to_come),
    ):
        assert queries._job(export(wanted=wanted)).question.wanted.until == until
