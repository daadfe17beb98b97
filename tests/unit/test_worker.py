import logging
import os
import queue
import sys
import threading

import pytest

from station.runtime.watchdog import Watchdog
from station.runtime.worker import Worker


def test_a_worker_repeats_its_step_until_it_is_stopped():
    steps = threading.Semaphore(0)
    ended = threading.Event()
    worker = Worker("w", steps.release, on_crash=lambda _: None, on_stop=ended.set)
    worker.start()
    for _ in range(3):
        assert steps.acquire(timeout=60)
    assert worker.stop(2)
    assert ended.is_set()


def test_a_worker_that_crashes_tells_it_and_goes_on(monkeypatch, caplog):
    monkeypatch.setattr("station.runtime.worker._RESTART_WAIT_S", 0.01)
    told, went_on = [], threading.Event()

    def step():
        if not told:
            raise RuntimeError("a bug")
        went_on.set()

    worker = Worker("lane-1", step, on_crash=told.append)
    with caplog.at_level(logging.CRITICAL):
        worker.start()
        assert went_on.wait(60)
        worker.stop(2)
    assert told == ["lane-1: internal error (RuntimeError('a bug')): tell a technician."]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_worker_yields_to_others_by_its_niceness():
    told = queue.SimpleQueue()
    own = os.getpriority(os.PRIO_PROCESS, 0)

    def step():
        told.put(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        threading.Event().wait(0.01)

    worker = Worker("w", step, on_crash=told.put, niceness=3)
    worker.start()
    assert told.get(timeout=60) == min(own + 3, 19)
    assert worker.stop(60)


class Hung:
    name = "camera-1"
    heartbeat_age_s = 0.0


def watched(worker, vital):
    told, well = [], []
    dog = Watchdog(
        [worker],
        vital=vital,
        on_hung=lambda name, age: told.append(name),
        on_well=lambda: well.append(worker.heartbeat_age_s),
        wait=lambda _: False,
    )
    for age_s in (1.0, 16.0, 17.0, 2.0, 18.0):
        worker.heartbeat_age_s = age_s
        dog.step()
    return told, well


def test_a_worker_that_hangs_is_told_once_until_it_moves_again():
    told, _ = watched(Hung(), [])
    assert told == ["camera-1", "camera-1"]


def test_whoever_starts_the_station_anew_hears_nothing_while_a_vital_worker_hangs():
    worker = Hung()
    _, well = watched(worker, [worker])
    assert well == [1.0, 2.0]


def test_a_handheld_that_hangs_is_no_reason_to_start_the_station_anew():
    _, well = watched(Hung(), [])
    assert well == [1.0, 16.0, 17.0, 2.0, 18.0]


def test_a_long_step_that_says_so_is_borne_with():
    worker = Worker("ledger", lambda: None, on_crash=lambda _: None)
    worker.bear(60.0)
    assert worker.heartbeat_age_s < 0
