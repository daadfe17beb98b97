"""Finds the benches: a driver's is the subclass of `Bench` in its module under `benches`."""

from importlib import import_module
from pathlib import Path

from tests.contract.benches.base import Bench

_MODULES = sorted(
    path.stem for path in (Path(__file__).parent / "benches").glob("*.py") if path.stem != "base"
)


def _benches():
    for name in _MODULES:
        module = import_module(f"tests.contract.benches.{name}")
        for item in vars(module).values():
            is_bench = isinstance(item, type) and issubclass(item, Bench)
            if is_bench and item.__module__ == module.__name__:
                yield item


BENCHES = tuple(bench for bench in _benches() if bench.name)
