"""What the station remembers of cases beside the ledger: deadlines, and pictures that expire."""

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from station.core.case_flow import CaseFlow
from station.core.cases import CaseState, Progress
from station.core.events import CaseChanged, CasePictured, CasePictureGone
from station.core.face_picture import FacePicture, cut_out, face_picture
from station.core.faces import Box
from station.core.stages import CaseStage
from station.runtime.board import Board
from station.runtime.case_pictures import CasePictures
from station.runtime.case_watch import CaseWatch, DeleteExpired, Overdue
from tests.support import NOON, POLICY, case

FLOW = CaseFlow(policies=(POLICY,))
FACE = FacePicture(np.arange(12, dtype=np.uint8).reshape(3, 4))


class Clock:
    def __init__(self):
        self.time, self.passed_s = NOON, 0.0

    def now(self):
        return self.time

    def monotonic_s(self):
        return self.passed_s

    def pass_(self, **time):
        self.time += timedelta(**time)
        self.passed_s += timedelta(**time).total_seconds()

    def set_(self, **by):
        self.time += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(clock):
    jobs = []
    made = CaseWatch(lambda: FLOW, clock=clock, put=jobs.append, wait=lambda _: False)
    made.jobs = jobs
    return made


def levels(watch):
    watch.step()
    told = [job.event for job in watch.jobs if isinstance(job, Overdue)]
    watch.jobs.clear()
    return [(event.stage, event.level) for event in told]


def test_a_waiting_case_is_told_once_at_each_level(watch, clock):
    watch.emit(CaseChanged(case()))
    assert levels(watch) == []
    clock.pass_(minutes=2)
    assert levels(watch) == [(CaseStage.READING, 1)]
    clock.pass_(minutes=1)
    assert levels(watch) == []
    clock.pass_(minutes=30)
    assert levels(watch) == [(CaseStage.READING, 3)]


def test_a_clock_that_is_set_back_tells_nothing_a_second_time(watch, clock):
    watch.emit(CaseChanged(case()))
    clock.pass_(minutes=4)
    assert levels(watch) == [(CaseStage.READING, 2)]
    clock.set_(minutes=-2)
    assert levels(watch) == []
    clock.pass_(minutes=1)
    assert levels(watch) == []


def test_a_clock_that_is_set_back_by_days_makes_no_case_wait_for_days(watch, clock):
    watch.emit(CaseChanged(case()))
    assert levels(watch) == []
    clock.set_(days=-3)
    clock.pass_(minutes=1, seconds=59)
    assert levels(watch) == []
    clock.pass_(seconds=1)
    assert levels(watch) == [(CaseStage.READING, 1)]
    clock.pass_(minutes=4)
    assert levels(watch) == [(CaseStage.READING, 3)]


def test_a_clock_that_is_set_back_stops_no_deletion(watch, clock):
    watch.step()
    clock.set_(days=-3)
    clock.pass_(minutes=1)
    watch.step()
    assert [job.now for job in watch.jobs if isinstance(job, DeleteExpired)] == [NOON, clock.time]


def test_a_step_begins_a_new_deadline_and_a_finished_case_has_none(watch, clock):
    watch.emit(CaseChanged(case()))
    clock.pass_(minutes=2)
    levels(watch)
    confirmed = case(state=CaseState.CONFIRMED, progress=Progress(verdict_at=clock.time))
    watch.emit(CaseChanged(confirmed))
    assert levels(watch) == []
    clock.pass_(minutes=10)
    assert levels(watch) == [(CaseStage.REGISTRATION, 1)]
    closed = replace(confirmed, progress=Progress(closed_at=clock.time))
    watch.emit(CaseChanged(closed))
    clock.pass_(days=1)
    assert levels(watch) == []


def test_what_must_be_deleted_is_looked_for_every_minute(watch, clock):
    watch.step()
    clock.pass_(seconds=30)
    watch.step()
    clock.pass_(seconds=30)
    watch.step()
    assert [job.now for job in watch.jobs if isinstance(job, DeleteExpired)] == [NOON, clock.time]


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def pictures(clock, board):
    made = CasePictures(1800, clock=clock, events=board, wait=lambda _: False)
    board.add_sink(made)
    return made


def shown(board):
    return [event for event in board.snapshot() if isinstance(event, CasePictured)]


def test_a_new_case_has_its_traveller_s_picture(pictures, board):
    opened = case()
    pictures.take(opened.passage_id, FACE)
    board.emit(CaseChanged(opened))
    [told] = shown(board)
    assert (told.case_id, told.shape) == (opened.case_id, (3, 4))
    assert base64.b64decode(told.pixels) == FACE.pixels.tobytes()
    assert told.expires_at == NOON + timedelta(minutes=30)


def test_a_picture_is_forgotten_everywhere_when_its_time_is_over(pictures, board, clock):
    opened, heard = case(), []
    board.add_sink(type("Sink", (), {"emit": staticmethod(heard.append)}))
    pictures.take(opened.passage_id, FACE)
    board.emit(CaseChanged(opened))
    clock.pass_(minutes=29, seconds=59)
    pictures.step()
    assert len(shown(board)) == 1
    clock.pass_(seconds=1)
    pictures.step()
    assert shown(board) == []
    assert heard[-1] == CasePictureGone(opened.case_id)
    assert pictures.held == 0


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_that_is_set_keeps_no_picture_longer(pictures, board, clock, days):
    opened = case()
    pictures.take(opened.passage_id, FACE)
    board.emit(CaseChanged(opened))
    clock.set_(days=days)
    clock.pass_(minutes=30)
    pictures.step()
    assert (shown(board), pictures.held) == ([], 0)


def test_a_picture_ends_with_the_second_check(pictures, board):
    opened = case()
    pictures.take(opened.passage_id, FACE)
    board.emit(CaseChanged(opened))
    board.emit(CaseChanged(case(state=CaseState.CONFIRMED)))
    assert (shown(board), pictures.held) == ([], 0)


def test_a_picture_of_nobody_s_case_is_forgotten_within_half_a_minute(pictures, board, clock):
    pictures.take(UUID(int=9), FACE)
    clock.pass_(seconds=30)
    pictures.step()
    assert pictures.held == 0


def test_a_picture_is_small_and_tells_no_temperature():
    rng = np.random.default_rng(1)
    frame_c = rng.normal(30, 2, (480, 640)).astype(np.float32)
    frame_c[0, 0] = np.nan
    cut = face_picture(cut_out(frame_c, Box(100, 200, 300, 360)))
    assert max(cut.pixels.shape) <= 64
    assert (cut.pixels.min(), cut.pixels.max()) == (0, 255)
    warmer = face_picture(cut_out(frame_c + 5, Box(100, 200, 300, 360)))
    np.testing.assert_allclose(warmer.pixels.astype(int), cut.pixels.astype(int), atol=1)
    assert face_picture(cut_out(frame_c, Box(-90, -90, -50, -50))) is None
