"""Whose readings are whose: the visits of those in view, by number, or by face without one.

A face is measured from its first frame on, whether it has a number or not. What was seen of it
without a number becomes the number's as soon as it has one, or a passage of its own when it leaves.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from station.core.frames import ThermalFrame
from station.core.tracks import Track
from station.core.visits import Visit, VisitLimits

# Longer than anybody is waited for who is out of sight.
_WAITED_TIMES = 5


class VisitBook:
    """Keeps the visits of one lane.

    Args:
        limits: when readings are enough.
        forget_s: seconds without a face before a traveller has left.
        new_id: makes passage ids.
    """

    def __init__(self, limits: VisitLimits, *, forget_s: float, new_id: Callable[[], UUID]) -> None:
        self._limits = limits
        self._forget_s = forget_s
        self._new_id = new_id
        self._by_number: dict[int, Visit] = {}
        # Of faces that have no number yet, or one that may be somebody else's.
        self._own: dict[Track, Visit] = {}
        # On which face each number was last seen without a doubt.
        self._wearers: dict[int, Track] = {}

    def numbered(self) -> tuple[Visit, ...]:
        """Return the visits of those who have a number."""
        return tuple(self._by_number.values())

    def of(self, track: Track, frame: ThermalFrame) -> Visit:
        """Return the visit that takes what is read of a face in this frame."""
        number = track.traveller
        if number is None or self.is_own(track):
            if track not in self._own:
                self._own[track] = self._new(frame)
            return self._own[track]
        visit, own = self._by_number.get(number), self._own.pop(track, None)
        if visit is None:
            visit = self._by_number[number] = own or self._new(frame)
            visit.begin()
        elif own is not None:
            visit.join(own)
        self._wearers[number] = track
        return visit

    def is_own(self, track: Track) -> bool:
        """Whether a face is measured for itself: without a number, or with one in doubt.

        The latter bears it since it came into sight, and has not proved yet that it is that
        traveller's.
        """
        number = track.traveller
        if number is None:
            return True
        return track.is_doubtful and self._wearers.get(number, track) is not track

    def may_be_flagged(self, track: Track, tracks: Iterable[Track]) -> bool:
        """Whether a face may be a traveller who was flagged and is not seen elsewhere."""
        if track.traveller is not None:
            return self._by_number[track.traveller].is_flagged
        seen = {other.traveller for other in tracks}
        return any(v.is_flagged and number not in seen for number, v in self._by_number.items())

    def keep(self, track: Track, visit: Visit) -> None:
        """Let a face's own visit be that of the number it has got."""
        self._own.pop(track, None)
        if track.traveller is not None:
            self._by_number[track.traveller] = visit
            self._wearers[track.traveller] = track

    def ended(self, track: Track) -> Visit | None:
        """Take out the visit of a face's number, or None if it never had one before."""
        if track.traveller is None:
            return None
        self._wearers.pop(track.traveller, None)
        return self._by_number.pop(track.traveller, None)

    def take_own(self, track: Track) -> Visit | None:
        """Take out what was seen of a face beside its number's visit, or None."""
        return self._own.pop(track, None)

    def lost_without_number(self, at_s: float) -> list[tuple[Track, Visit]]:
        """Take out who was measured without a number, and has not been seen since long ago."""
        lost = [t for t in self._own if at_s - t.seen_at_s > _WAITED_TIMES * self._forget_s]
        visits = [(track, self._own.pop(track)) for track in lost]
        return [(t, v) for t, v in visits if v.is_measured]

    def _new(self, frame: ThermalFrame) -> Visit:
        return Visit(self._new_id(), self._limits, frame.captured_at, frame.sequence)
