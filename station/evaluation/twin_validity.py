"""Whether doubt is noticed: faults of the reference, and each reason injected."""

from dataclasses import dataclass, field

from station.core.extraction import Rejection
from station.core.reference import ReferenceState
from station.core.screening import Outcome
from station.evaluation.twin_runs import Row, Run

_BLOCK_BAR_S = 2.0


@dataclass(slots=True)
class SourceJudge:
    """How fast a fault of the reference source blocks readings."""

    blocked_s: dict[str, float | None] = field(default_factory=dict)
    """By fault: seconds until the first frame that gives no reading; None for never."""
    states: dict[str, str] = field(default_factory=dict)
    """By fault: what the station said then, and later."""

    def take(self, run: Run) -> None:
        """Add one fault."""
        name, from_s = str(run.facts["fault"]), float(run.facts["from_s"])
        before = [m for m in run.moments if m.t_s < from_s]
        after = [m for m in run.moments if m.t_s >= from_s]
        was_healthy = bool(before) and before[-1].step.reference.state is ReferenceState.HEALTHY
        first = next(
            (m for m in after if m.step.reference.state is not ReferenceState.HEALTHY), None
        )
        self.blocked_s[name] = first.t_s - from_s if first is not None and was_healthy else None
        seen = dict.fromkeys(m.step.reference.state.value for m in after)
        self.states[name] = ", ".join(seen) if was_healthy else "never healthy before"

    def rows(self) -> list[Row]:
        """Return the figures."""
        return [
            Row(
                f"source_{name.replace(' ', '_')}",
                f"reference source: {name}",
                seconds,
                f"{'never' if seconds is None else f'{seconds:.2f} s'} ({self.states[name]})",
                f"blocked within {_BLOCK_BAR_S:g} s",
                seconds is not None and seconds <= _BLOCK_BAR_S,
            )
            for name, seconds in self.blocked_s.items()
        ]


@dataclass(slots=True)
class Injected:
    """What became of one injected reason."""

    reason: str
    """The reason that should be named."""
    first_frames: int | None
    """Frames from the first one with the face until it was named; None for never."""
    leaks: int
    """Readings taken while nothing was valid."""
    told_below: int
    """Travellers told to be BELOW for a while from then on."""
    ended_below: int
    """Those of them whose passage ended so."""
    said: tuple[str, ...]
    """What was said instead or besides, the most frequent first."""


@dataclass(slots=True)
class ReasonJudge:
    """Whether each reason is named, and nobody invalid ends BELOW."""

    injected: dict[str, Injected] = field(default_factory=dict)
    """By the injection's name."""

    def take(self, run: Run) -> None:
        """Add one injection."""
        reason, from_s = str(run.facts["reason"]), float(run.facts["from_s"])
        said: dict[str, int] = {}
        frames, first, leaks = 0, None, 0
        below: set[int] = set()
        for moment in run.moments:
            if moment.t_s < from_s:
                continue
            step = moment.step
            frames += bool(moment.people)
            named = [step.blocked.value] if step.blocked is not None else []
            for face in step.faces:
                if isinstance(face.result, Rejection):
                    named.append(face.result.reason.value)
                else:
                    leaks += 1
                screening = face.screening
                is_below = screening is not None and screening.outcome is Outcome.BELOW
                if is_below and face.traveller is not None:
                    below.add(face.traveller)
            if moment.people:
                for name in named:
                    said[name] = said.get(name, 0) + 1
            if first is None and reason in named and moment.people:
                first = frames
        ends = {e.passage.traveller: e.passage.screening for e in run.ended}
        if first is None and any(reason in (r.value for r in s.reasons) for s in ends.values()):
            first = frames
        below -= _below_before(run, from_s)
        ended = sum(ends[who].outcome is Outcome.BELOW for who in below if who in ends)
        order = sorted(said, key=lambda name: -said[name])
        self.injected[str(run.facts["name"])] = Injected(
            reason, first, leaks, len(below), ended, tuple(order)
        )

    def rows(self) -> list[Row]:
        """Return the figures."""
        rows = []
        for name, what in self.injected.items():
            others = ", ".join(r for r in what.said if r != what.reason)
            frames = what.first_frames
            rows.append(
                Row(
                    f"reason_{name.replace(' ', '_')}",
                    f"injected: {name.replace('_', ' ')}",
                    frames,
                    ("not named" if frames is None else f"named after {frames} frames")
                    + (f", {what.leaks} readings meanwhile" if what.leaks else "")
                    + (f" (also: {others})" if others else ""),
                    "named",
                    frames is not None,
                )
            )
        ended = {name: what.ended_below for name, what in self.injected.items()}
        told = {name: what.told_below for name, what in self.injected.items()}
        rows += [
            Row(
                "invalid_ended_below",
                "travellers who ended BELOW though nothing was valid",
                sum(ended.values()),
                _counted(ended),
                "0",
                not any(ended.values()) and bool(ended),
            ),
            Row(
                "invalid_told_below",
                "  those who were BELOW for a while",
                sum(told.values()),
                _counted(told),
            ),
        ]
        return rows


def _counted(by_name: dict[str, int]) -> str:
    where = "".join(f"; {name}" for name, number in by_name.items() if number)
    return f"{sum(by_name.values())} in {len(by_name)} injections{where}"


def _below_before(run: Run, from_s: float) -> set[int]:
    """Return who was BELOW already, from valid frames."""
    return {
        face.traveller
        for moment in run.moments
        if moment.t_s < from_s
        for face in moment.step.faces
        if face.traveller is not None
        and face.screening is not None
        and face.screening.outcome is Outcome.BELOW
    }
