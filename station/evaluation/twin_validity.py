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
    below: int
    """Travellers told to be BELOW from then on."""
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
        frames, first, leaks, below = 0, None, 0, set()
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
                if screening is not None and screening.outcome is Outcome.BELOW:
                    below.add(face.traveller)
            if moment.people:
                for name in named:
                    said[name] = said.get(name, 0) + 1
            if first is None and reason in named and moment.people:
                first = frames
        ends = [e.passage.screening for e in run.ended]
        if first is None and any(reason in (r.value for r in s.reasons) for s in ends):
            first = frames
        below_before = _below_before(run, from_s)
        order = sorted(said, key=lambda name: -said[name])
        self.injected[str(run.facts["name"])] = Injected(
            reason, first, leaks, len(below - below_before), tuple(order)
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
        below = sum(what.below for what in self.injected.values())
        rows.append(
            Row(
                "invalid_below",
                "travellers who became BELOW while nothing was valid",
                below,
                f"{below} in {len(self.injected)} injections"
                + "".join(f"; {n}" for n, w in self.injected.items() if w.below),
                "0",
                below == 0 and bool(self.injected),
            )
        )
        return rows


def _below_before(run: Run, from_s: float) -> set[int | None]:
    """Return who was BELOW already, from valid frames."""
    return {
        face.traveller
        for moment in run.moments
        if moment.t_s < from_s
        for face in moment.step.faces
        if face.screening is not None and face.screening.outcome is Outcome.BELOW
    }
