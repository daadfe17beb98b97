"""Attempts upon what the duty officers' page believes."""

from station.core.report import Channel
from tests.breach.attempts import PAGE, attempts_upon
from tests.secured.parties import GOOD, THIEF, until

ATTEMPTS, attempt = attempts_upon(PAGE)


def unshown(name, reason, keys):
    @attempt(name, reason)
    def run(world):
        thief = world.thief()
        changes = world.page.changes
        answer = world.tell(thief, THIEF, *keys(world))
        # What comes after it shows that it has been heard.
        world.tell(world.station, GOOD, world.keys[GOOD])
        assert until(lambda: world.page.changes > changes)
        thief.publish(THIEF.topic(Channel.STATUS), b"", retain=True)
        thief.close()
        assert THIEF not in world.page.known(), "the map shows it"
        return f"{answer}; the map does not show it"


unshown("a station's state without signature", "not signed", lambda w: ())
unshown(
    "a station's state signed with another's key",
    "another station's key",
    lambda w: (w.keys[GOOD],),
)
