"""What an attempt to get into the link is, and how one is tried."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.secured.parties import THIEF, until
from tests.secured.world import World

BROKER, RECEIVER, STATION, PAGE = "broker", "receiver", "station", "duty officers' page"
LOGS = {RECEIVER: "cdc", STATION: "station", PAGE: "page"}
ANSI = "\x1b[2J\x07"


@dataclass(frozen=True)
class Attempt:
    """One attempt; `run` returns in words how it was refused, or fails."""

    name: str
    by: str
    run: Callable[[World], str]
    # What the one who refuses logs. Empty: nothing is refused, and it does no harm.
    log: str


def attempts_upon(by):
    """Return a list of attempts that one part refuses, and the decorator that adds to it."""
    attempts = []

    def attempt(name, log):
        def add(run):
            attempts.append(Attempt(name, by, run, log))
            return run

        return add

    return attempts, attempt


def signed(world, payload, who=THIEF):
    return payload, world.keys[who].sign(payload)


def try_one(world, one):
    """Try one; return how it was refused. Fails if it was not, not logged, or did harm."""
    stored, was = set(world.stored()), len(world.log("broker"))
    words = one.run(world)
    # The receiver tells a reason that comes again ever more rarely, so its whole log counts.
    kept = LOGS.get(one.by)
    log = (lambda: world.log(kept)) if kept else (lambda: world.log("broker")[was:])
    assert until(lambda: re.search(one.log, log())), f"not logged:\n{log()}"
    assert stored <= set(world.stored()), "something was lost"
    assert world.works(), "the good station is served no more"
    return words
