"""What holds for every test."""

import pytest
from hypothesis import settings

from tests.postgres import PostgresMissing, PrivatePostgres

# The same examples every time, however busy the machine; `python -m tests.fuzz` looks for new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres():
    try:
        with PrivatePostgres() as started:
            yield started
    except PostgresMissing as missing:
        pytest.skip(str(missing))
