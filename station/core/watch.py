"""What is watched beside the answers of one lane: warm against its crowd, and chilled arrivals.

Answers go in and come out unchanged; a passage may only gain a warning or a rest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from station.core.cohort import Cohort, CrowdLimits, CrowdStatus, CrowdWarning
from station.core.extraction import RejectReason
from station.core.lane_steps import EndedPassage, FaceObservation, Flag
from station.core.passages import Passage
from station.core.room import Room, rest_time_s


class LaneWatch:
    """Watches one lane; give it everything that the lane finds, in order, from one thread.

    Args:
        limits: what its crowd rests on.
    """

    def __init__(self, limits: CrowdLimits) -> None:
        self._cohort = Cohort(limits)
        self._warned: dict[int, CrowdWarning] = {}

    def look(self, faces: Sequence[FaceObservation], at: datetime) -> frozenset[int]:
        """Judge the travellers in view and return the numbers of those who carry a warning.

        A warning once shown stays until the traveller has left.
        """
        for face in faces:
            measured = face.screening.measurement if face.screening else None
            if face.traveller is None or measured is None:
                continue
            self._warn(face.traveller, measured.skin_c, at)
        return frozenset(f.traveller for f in faces if f.traveller in self._warned)

    def flagged(self, flag: Flag) -> Flag:
        """Return a flag with the crowd's hint."""
        return replace(flag, passage=self._hinted(flag.passage))

    def ended(self, ended: EndedPassage, room: Room) -> EndedPassage:
        """Return an ended passage with its hints; from now on it belongs to the crowd."""
        passage = self._hinted(ended.passage)
        self._warned.pop(passage.traveller, None)
        measured = passage.screening.measurement
        if measured is not None:
            self._cohort.take(measured.skin_c, passage.screening.outcome, passage.last_at)
        elif RejectReason.COLD_ARRIVAL in passage.screening.reasons:
            rest = timedelta(seconds=rest_time_s(room.outdoor_c))
            passage = replace(passage, rest_until=passage.last_at + rest)
        return replace(ended, passage=passage)

    def status(self, at: datetime) -> CrowdStatus:
        """Return what the crowd's watch rests on."""
        return self._cohort.status(at)

    def _hinted(self, passage: Passage) -> Passage:
        measured = passage.screening.measurement
        if measured is None:
            return passage
        warning = self._warn(passage.traveller, measured.skin_c, passage.last_at)
        return replace(passage, warning=warning) if warning else passage

    def _warn(self, traveller: int, skin_c: float, at: datetime) -> CrowdWarning | None:
        warning = self._cohort.warning(skin_c, at)
        known = self._warned.get(traveller)
        if warning is not None and (known is None or warning.excess_c > known.excess_c):
            self._warned[traveller] = warning
        return self._warned.get(traveller)
