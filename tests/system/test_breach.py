"""Nobody else gets into the link: each attempt against a real broker and a real receiver."""

import pytest

from tests.breach.attempts import try_one
from tests.breach.table import ATTEMPTS, table

pytestmark = pytest.mark.system


@pytest.mark.parametrize("one", ATTEMPTS, ids=lambda one: one.name)
def test_it_is_refused_and_logged_and_the_next_good_alert_arrives(secured, one):
    assert try_one(secured, one)


def test_the_table_names_every_attempt():
    assert len(ATTEMPTS) >= 30
    told = table([(one, "how") for one in ATTEMPTS])
    assert all(one.name in told for one in ATTEMPTS)
