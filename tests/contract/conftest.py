"""One bench a live driver: the device under test and the simulator that it talks to.

A driver's bench is the subclass of `Bench` in its module under `benches`; being there is enough.
"""

import threading
import time
from importlib import import_module
from pathlib import Path

import pytest

from tests.contract.benches.base import Bench

MODULES = sorted(
    path.stem for path in (Path(__file__).parent / "benches").glob("*.py") if path.stem != "base"
)


def _benches():
    for name in MODULES:
        module = import_module(f"tests.contract.benches.{name}")
        for item in vars(module).values():
            is_bench = isinstance(item, type) and issubclass(item, Bench)
            if is_bench and item.__module__ == module.__name__:
                yield item


BENCHES = tuple(_benches())


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


@pytest.fixture
def within():
    """Call until it gives something true, at most two seconds."""

    def within(probe):
        ends_s = time.monotonic() + 2
        while time.monotonic() < ends_s:
            if found := probe():
                return found
            time.sleep(0.01)
        raise AssertionError("it did not happen within two seconds")

    return within


@pytest.fixture(autouse=True)
def no_thread_is_left_behind():
    before = set(threading.enumerate())
    yield
    ends_s = time.monotonic() + 2
    while set(threading.enumerate()) - before and time.monotonic() < ends_s:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before
