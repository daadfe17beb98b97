"""Receivers tell that they run, also when they cannot take alerts."""

import time
from contextlib import closing

import pytest

from station.cdc.alive import Receiving, SignsOfLife, read_signs
from station.cdc.database import Use
from station.cdc.opening import open_inbox
from station.cdc.store import InboxStore


@pytest.fixture
def inbox(where):
    InboxStore(where).close()
    with closing(open_inbox(where, Use.READ)) as opened:
        yield opened


@pytest.fixture
def comes(inbox):
    """Wait until the last word of the receiver cdc-1 is as wanted; return when it was written."""

    def wait(is_wanted):
        deadline_s = time.monotonic() + 60
        while time.monotonic() < deadline_s:
            with inbox.reading() as connection:
                sign = read_signs(connection).get("cdc-1")
            if sign is not None and is_wanted(sign):
                return sign.at
            time.sleep(0.01)
        raise AssertionError(f"the last word stays {sign}")

    return wait


def test_a_receiver_tells_at_once_what_changes_and_that_it_ends(where, comes):
    with closing(SignsOfLife(where, "cdc-1", every_s=600)) as signs:
        signs.ready()
        comes(lambda sign: sign[1:] == (Receiving.READY, ""))
        signs.trouble("The disk is full.")
        comes(lambda sign: sign[1:] == (Receiving.TROUBLED, "The disk is full."))
        signs.trouble("")
        comes(lambda sign: sign[1:] == (Receiving.READY, ""))
    comes(lambda sign: sign.state is Receiving.STOPPED)


def test_a_receiver_that_lives_says_so_again_and_again(where, comes):
    with closing(SignsOfLife(where, "cdc-1", every_s=0.01)):
        first_at = comes(lambda sign: True)
        comes(lambda sign: sign.at > first_at)
