import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

MAKING = Path(__file__).with_name("making.py")


@pytest.fixture(scope="session")
def making_path():
    return MAKING


@pytest.fixture(scope="session")
def making():
    return SimpleNamespace(**runpy.run_path(str(MAKING)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "station.sqlite"
