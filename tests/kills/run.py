"""One campaign: station and kiosk under the supervisor, killed at random moments."""

import json
import os
import random
import signal
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.kills import judge
from tests.kills.parts import LOST, Up, World, wait_for
from tests.kills.witness import Witness

BACK_S, SAYS_SO_S, START_S = 5.0, 2.0, 20.0
"""Within these times a part is back, a lane tells its loss, and a station begins to screen."""
LEFT_ALONE = 3
"""So many cases stay open; the kiosk is at the last of them, not at the one it would choose."""
# Two readings make a second check; neighbours differ, so that each can be found again.
_BODIES_C = (36.4, 36.7, 38.6, 39.1, 36.9, 36.6, 38.1, 38.4)
_TRIGGER_EVERY_S = 2.2
_DWELL_S = (0.5, 5.0)
_WAIT_S = 40.0
_UNDER_WAY_S = 0.1


class _Kill(NamedTuple):
    part: str
    at_s: float
    pid: int


@dataclass
class Outcome:
    """How a campaign went."""

    figures: dict = field(default_factory=dict)
    failures: list = field(default_factory=list)


def campaign(kills, seed, *, say=lambda text: None):
    """Kill so many times and return what was lost and how long everything took.

    Raises:
        KnownError: if a part around the station does not start.
    """
    with TemporaryDirectory(prefix="kills-") as folder, World(Path(folder)) as world:
        run = _Campaign(world, random.Random(seed), say)
        try:
            run.go(kills)
        finally:
            run.close()
        run.account()
        return run.outcome


class _Campaign:
    def __init__(self, world, rng, say):
        self._world, self._rng, self._say = world, rng, say
        self.outcome = Outcome()
        self._witness = Witness(world.folder / "bridge", LEFT_ALONE)
        self._up = None
        self._triggers = []
        self._next_trigger_s = 0.0
        self._kills = []
        self._start_s = 0.0

    def go(self, kills):
        self._open_cases()
        begun_s = time.monotonic()
        self._up = Up(self._world.site, kiosk=True)
        self._await_lane(begun_s, _WAIT_S)
        self._start_s = self._witness.lane_s[-1] - begun_s
        self._place = self._await_kiosk()
        while len(self._kills) < kills:
            self._live(self._rng.uniform(*_DWELL_S))
            self._kill(self._rng.choice(("station", "kiosk")), len(self._kills) + 1)
        self._await_back()
        self._live(2.0)
        wait_for(
            lambda: judge.all_delivered(self._world.ledger), "not every alert was delivered", 60
        )
        code = self._up.end()
        if code != 0:
            self.outcome.failures.append(f"the supervisor ended with code {code}")

    def close(self):
        self._witness.close()
        if self._up is not None:
            self._up.kill_all()

    def account(self):
        """Hold what was told against ledger and inbox, and the times against their limits."""
        world, failures = self._world, self.outcome.failures
        failures += judge.lost_rows(world.ledger, self._witness)
        failures += judge.lost_triggers(world.ledger, self._triggers, self._witness)
        failures += judge.undelivered(world.ledger, world.inbox)
        rows = judge.counts(world.ledger)
        if rows["integrity"] != "ok":
            failures.append(f"the ledger is damaged: {rows['integrity']}")
        self.outcome.figures = {
            "kills": Counter(kill.part for kill in self._kills),
            "start_to_lane_s": round(self._start_s, 2),
            "ledger": rows,
            "told": {
                "passages": len(self._witness.passages),
                "readings": len(self._witness.readings),
                "case states": len(self._witness.told),
            },
            "triggers": len(self._triggers),
            "load": os.getloadavg()[0],
        }
        self._judge_times()

    def _open_cases(self):
        """Have some cases opened first, and put the kiosk at the last one of those left alone."""
        alone = Up(self._world.site, kiosk=False)
        try:
            cases = wait_for(
                lambda: self._witness.open_cases()[LEFT_ALONE - 1 :], "no cases were opened", 90
            )
        finally:
            alone.end()
        place = {"case_id": str(cases[0].case_id), "lane": "1"}
        (self._world.folder / "bridge.place").write_text(json.dumps(place))

    def _live(self, seconds):
        """Let time pass; staff measure somebody now and then."""
        end_s = time.monotonic() + seconds
        while (now_s := time.monotonic()) < end_s:
            if now_s >= self._next_trigger_s:
                body_c = _BODIES_C[len(self._triggers) % len(_BODIES_C)]
                self._world.hub.ask(
                    do="tell", device="gun", command="trigger", temperature_c=body_c
                )
                self._triggers.append((now_s, body_c))
                self._next_trigger_s = now_s + _TRIGGER_EVERY_S
            time.sleep(0.02)

    def _kill(self, part, number):
        self._await_back()
        # The moment itself is random too: right after the other part's return, or much later.
        self._live(self._rng.uniform(0, 1.5))
        self._strike(part)
        self._say(f"{number}: {part} killed")
        # Sometimes the other one too, or the same one while it starts.
        again = self._rng.choices(("", "station", "kiosk"), (0.7, 0.15, 0.15))[0]
        if again:
            self._live(self._rng.uniform(0, 2.0))
            self._strike(again)
            self._say(f"{number}: {again} killed as well")

    def _strike(self, part):
        """Kill a part's process; the one that was killed before is none, though not yet missed."""
        pid = wait_for(lambda: self._running(part), f"{part} is not started", _WAIT_S)
        self._kills.append(_Kill(part, time.monotonic(), pid))
        os.kill(pid, signal.SIGKILL)

    def _running(self, part):
        pid = self._up.pid(part)
        return None if pid in {kill.pid for kill in self._kills} else pid

    def _await_back(self):
        if self._kills:
            self._await_lane(self._kills[-1].at_s, _WAIT_S)
            self._await_kiosk()

    def _await_lane(self, since_s, within_s):
        wait_for(lambda: self._lane_after(since_s), "the lane is not back", within_s)

    def _lane_after(self, since_s):
        # What was under way in the bridge may come a moment later.
        later = (at_s for at_s in self._witness.lane_s if at_s > since_s + _UNDER_WAY_S)
        return next(later, None)

    def _await_kiosk(self):
        """Wait until the kiosk shows a lane again and return the case that it is at."""
        return wait_for(self._kiosk_place, "the kiosk is not back", _WAIT_S)

    def _kiosk_place(self):
        pid, said = self._running("kiosk"), self._up.said("kiosk", "status")
        shown = [s for s in said if s["pid"] == pid and _shows_lane(s)]
        last = [s for s in said if s["pid"] == pid][-1:]
        is_back = shown and last and _shows_lane(last[0])
        return shown[-1]["text"].rpartition(" ")[2] if is_back else None

    def _judge_times(self):
        figures, failures = self.outcome.figures, self.outcome.failures
        if self._start_s > START_S:
            failures.append(f"the lane was ready after {self._start_s:.1f} s only")
        lane_s = [self._lane_after(kill.at_s) - kill.at_s for kill in self._last_kills("station")]
        says_s = [s for kill in self._kills_of("station") if (s := self._says_so_s(kill.at_s))]
        kiosk_s = [self._kiosk_back_s(kill) for kill in self._last_kills("kiosk")]
        for name, times_s, limit_s in (
            ("capture back", lane_s, BACK_S),
            ("lane says so", says_s, SAYS_SO_S),
            ("kiosk back at its case", kiosk_s, BACK_S),
        ):
            figures[name] = _summary(times_s)
            late = [f"{one:.2f}" for one in times_s if one > limit_s]
            if late:
                failures.append(f"{name}: {len(late)} of {len(times_s)} late: {', '.join(late)} s")

    def _kills_of(self, part):
        return [kill for kill in self._kills if kill.part == part]

    def _last_kills(self, part):
        """Return a part's kills without those whose return was cut short by the next one."""
        kills = self._kills_of(part)
        back = self._is_lane_back if part == "station" else self._shown_after
        return [
            kill
            for kill, following in zip(kills, [*kills[1:], None], strict=True)
            if following is None or back(kill, following)
        ]

    def _is_lane_back(self, kill, following):
        return self._lane_after(kill.at_s) < following.at_s

    def _shown_after(self, kill, following=None):
        """Return what the kiosk's next process said when it showed a lane; None if it never did."""
        pids = [said["pid"] for said in self._up.said("kiosk", "started")]
        own = pids[pids.index(kill.pid) + 1]
        return next(
            (s for s in self._up.said("kiosk", "status") if s["pid"] == own and _shows_lane(s)),
            None,
        )

    def _kiosk_back_s(self, kill):
        """Return how long the kiosk was away, and note if it came back elsewhere.

        With the station down as well there is no lane to come back to: its kill counts then.
        """
        back = self._shown_after(kill)
        place = back["text"].rpartition(" ")[2]
        if place != self._place:
            text = f"the kiosk came back at case {place} instead of {self._place}"
            self.outcome.failures.append(text)
        downs = [one.at_s for one in self._kills_of("station") if one.at_s < back["at_s"]]
        return back["at_s"] - max([kill.at_s, *downs[-1:]])

    def _says_so_s(self, killed_s):
        """Return how soon a kiosk on show told that the station is gone; None if none was."""
        statuses = self._up.said("kiosk", "status")
        before = [s for s in statuses if s["at_s"] <= killed_s][-1:]
        is_killed = any(
            -SAYS_SO_S * 3 < kill.at_s - killed_s < SAYS_SO_S for kill in self._kills_of("kiosk")
        )
        if is_killed or not before or not _shows_lane(before[0]):
            return None
        told = next((s for s in statuses if s["at_s"] > killed_s and _is_lost(s)), None)
        return told["at_s"] - killed_s if told else float("inf")


def _is_lost(status):
    return status["text"].startswith(LOST)


def _shows_lane(status):
    return not _is_lost(status) and not status["text"].startswith("Starting")


def _summary(times_s):
    if not times_s:
        return {"n": 0}
    ordered = sorted(times_s)
    return {
        "n": len(ordered),
        "median_s": round(statistics.median(ordered), 2),
        "p95_s": round(ordered[int(0.95 * (len(ordered) - 1))], 2),
        "worst_s": round(ordered[-1], 2),
    }
