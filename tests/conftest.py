import pytest

from tests.postgres import PostgresMissing, PrivatePostgres


@pytest.fixture(scope="session")
def postgres():
    try:
        with PrivatePostgres() as started:
            yield started
    except PostgresMissing as missing:
        pytest.skip(str(missing))
