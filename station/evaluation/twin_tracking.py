"""Whether identities survive crossing, and whether a reading ever goes to the wrong person."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from station.evaluation.twin_runs import (
    Row,
    Run,
    Snapshot,
    TrueFace,
    person_at,
    readings,
    same_face,
)

# Who is seen so well in so many frames counts: 20 px is the least that the station measures.
_LEAST_VISIBLE, _LEAST_WIDTH_PX, _LEAST_FRAMES = 0.6, 20.0, 9


@dataclass(slots=True)
class TrackingJudge:
    """Adds up the rounds of one crowd size.

    Args of its constructor: how many people cross, and which share of identities is wanted.
    """

    people: int
    """How many people cross each other."""
    wanted: float
    """Share of the identities to be kept."""
    counted: int = 0
    """People who were seen well for long enough."""
    kept: int = 0
    """Those with one number throughout that nobody else had."""
    missed: int = 0
    """Those who never had a number."""
    switches: int = 0
    """Changes of a person's number."""
    shared: int = 0
    """Numbers seen on more than one person."""
    wrong_readings: int = 0
    """Readings that lay on another person than the number's first."""
    stray_readings: int = 0
    """Readings that lay on nobody's head."""
    all_readings: int = 0
    """Valid readings of confirmed travellers."""
    seen_frames: int = 0
    """Times that somebody was seen well."""
    found_frames: int = 0
    """Those in which the face was found."""
    spoilt: list[str] = field(default_factory=list)
    """Clip and person of each identity that was not kept."""
    snapshot: Snapshot | None = None
    """A frame to look at."""

    def take(self, run: Run) -> None:
        """Add one round."""
        self.snapshot = self.snapshot or run.snapshot
        numbers: dict[str, list[int]] = defaultdict(list)
        well_seen: dict[str, int] = defaultdict(int)
        wearers: dict[int, set[str]] = defaultdict(set)
        first: dict[int, str] = {}
        for moment in run.moments:
            found: set[str] = set()
            for face in moment.step.faces:
                who = same_face(face, moment.people)
                if who is None:
                    continue
                found.add(who.name)
                if face.traveller is None:
                    continue
                first.setdefault(face.traveller, who.name)
                if _is_well_seen(who):
                    numbers[who.name].append(face.traveller)
                    wearers[face.traveller].add(who.name)
            for who in filter(_is_well_seen, moment.people):
                well_seen[who.name] += 1
                self.seen_frames += 1
                self.found_frames += who.name in found
        self._count_people(run.name, numbers, well_seen, wearers)
        self._count_readings(run, first)

    def _count_people(
        self,
        clip: str,
        numbers: dict[str, list[int]],
        well_seen: dict[str, int],
        wearers: dict[int, set[str]],
    ) -> None:
        self.shared += sum(len(names) > 1 for names in wearers.values())
        for name, frames in well_seen.items():
            if frames < _LEAST_FRAMES:
                continue
            own = numbers[name]
            self.counted += 1
            self.missed += not own
            self.switches += sum(a != b for a, b in pairwise(own))
            is_kept = len(set(own)) == 1 and wearers[own[0]] == {name}
            self.kept += is_kept
            if not is_kept:
                self.spoilt.append(f"{clip}/{name}")

    def _count_readings(self, run: Run, first: dict[int, str]) -> None:
        for moment, number, reading in readings(run):
            if number is None:
                continue
            self.all_readings += 1
            who = person_at(reading.point, moment.people)
            self.stray_readings += who is None
            self.wrong_readings += who is not None and who.name != first.get(number, who.name)

    def rows(self) -> list[Row]:
        """Return the figures."""
        key, share = f"crossing_{self.people}", self.kept / max(self.counted, 1)
        found = self.found_frames / max(self.seen_frames, 1)
        return [
            Row(
                f"{key}_kept",
                f"identities kept, {self.people} people crossing",
                share if self.counted else None,
                f"{share:.1%} ({self.kept} of {self.counted}; {self.switches} changes, "
                f"{self.missed} never counted, {self.shared} numbers shared)",
                f">= {self.wanted:.0%}",
                self.counted > 0 and share >= self.wanted,
            ),
            Row(
                f"{key}_wrong_readings",
                f"readings on the wrong person, {self.people} people",
                self.wrong_readings,
                f"{self.wrong_readings} of {self.all_readings} ({self.stray_readings} on nobody)",
                "0",
                self.wrong_readings == 0 and self.all_readings > 0,
            ),
            Row(
                f"{key}_found",
                f"well-seen faces found, {self.people} people",
                found,
                f"{found:.1%} of {self.seen_frames}",
            ),
        ]


def _is_well_seen(who: TrueFace) -> bool:
    return who.is_facing and who.visible >= _LEAST_VISIBLE and who.box.width >= _LEAST_WIDTH_PX
