"""Fixtures of the contract: one bench a live driver, and the table of devices and faults."""

import threading
import time

import pytest

from tests.contract.finding import BENCHES


def pytest_addoption(parser):
    parser.addoption("--fault-table", action="store_true", help="print device x fault at the end")


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--fault-table"):
        return
    cells = {}
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, ()):
            if "test_catalogue" in report.nodeid and (report.when == "call" or report.skipped):
                row, _, device = report.nodeid.rpartition("[")[2].rstrip("]").rpartition("-")
                why = report.longrepr[2].removeprefix("Skipped: ") if report.skipped else outcome
                cells[device, row] = f"cannot happen: {why}" if report.skipped else why
    terminalreporter.section("device x fault")
    for (device, row), said in sorted(cells.items()):
        terminalreporter.line(f"{device} | {row} | {said}")


@pytest.fixture
def benches():
    return BENCHES


@pytest.fixture(params=BENCHES, ids=lambda bench: bench.__name__.removesuffix("Bench"))
def bench(request, tmp_path):
    bench = request.param(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def bench_of(tmp_path):
    """Build the bench of that class name."""
    built = []

    def build(name):
        found = next(item for item in BENCHES if item.__name__ == name)(tmp_path)
        built.append(found)
        return found

    yield build
    for item in built:
        item.close()


@pytest.fixture
def camera(bench_of):
    return bench_of("HikvisionBench")


@pytest.fixture
def gun(bench_of):
    return bench_of("FefdBench")


@pytest.fixture
def source(bench_of):
    return bench_of("Fluke418xBench")


@pytest.fixture(autouse=True)
def no_thread_is_left_behind():
    before = set(threading.enumerate())
    yield
    ends_s = time.monotonic() + 60
    while set(threading.enumerate()) - before and time.monotonic() < ends_s:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before
