"""The pictures of travellers who wait for a second check: in memory only, and only for a time."""

import base64
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from station.core.cases import Case, CaseState
from station.core.events import CaseChanged, CasePictured, CasePictureGone, Event
from station.core.face_picture import FacePicture
from station.core.ports import Clock, EventSink

_LOOK_EVERY_S = 1.0
# A passage becomes a case within a moment, or never.
_PASSAGE_KEPT_S = 30.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The picture of a passage that may become a case."""

    picture: FacePicture
    until_s: float


class CasePictures:
    """Gives each new case its picture and forgets it when the second check ends or time is over.

    Nothing is written to the disk: a picture ends with this process at the latest. Its time runs by
    a clock that nobody sets back.

    Args:
        keep_s: how long a picture is kept, seconds.
        clock: the machine's clocks.
        events: who is told.
        wait: waits for a time, or less if the station ends.
    """

    def __init__(
        self, keep_s: float, *, clock: Clock, events: EventSink, wait: Callable[[float], bool]
    ) -> None:
        self._keep = timedelta(seconds=keep_s)
        self._clock = clock
        self._events = events
        self._wait = wait
        self._lock = threading.Lock()
        self._waiting: dict[UUID, _Waiting] = {}
        self._kept: dict[UUID, float] = {}

    @property
    def held(self) -> int:
        """How many pictures there are, those of passages included."""
        with self._lock:
            return len(self._waiting) + len(self._kept)

    def take(self, passage_id: UUID, picture: FacePicture) -> None:
        """Take the picture of a passage that is about to become a case; from any thread."""
        until_s = self._clock.monotonic_s() + _PASSAGE_KEPT_S
        with self._lock:
            self._waiting[passage_id] = _Waiting(picture, until_s)

    def emit(self, event: Event) -> None:
        """Take one event of the station; called from any thread."""
        if not isinstance(event, CaseChanged):
            return
        case = event.case
        told: CasePictured | CasePictureGone | None = None
        with self._lock:
            waiting = self._waiting.pop(case.passage_id, None)
            is_checked = case.state not in {CaseState.OPEN, CaseState.REFERRED}
            if is_checked:
                if self._kept.pop(case.case_id, None) is not None:
                    told = CasePictureGone(case.case_id)
            elif waiting is not None:
                told = self._pictured(case, waiting.picture)
        if told is not None:
            self._events.emit(told)

    def step(self) -> None:
        """Forget what has expired, then wait a moment."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            expired = [case_id for case_id, until_s in self._kept.items() if until_s <= now_s]
            for case_id in expired:
                del self._kept[case_id]
            stale = [passage for passage, one in self._waiting.items() if one.until_s <= now_s]
            for passage in stale:
                del self._waiting[passage]
        for case_id in expired:
            self._events.emit(CasePictureGone(case_id))
        self._wait(_LOOK_EVERY_S)

    def _pictured(self, case: Case, picture: FacePicture) -> CasePictured | None:
        until = case.opened_at + self._keep
        left = min(self._keep, until - self._clock.now())
        if left <= timedelta():
            return None
        self._kept[case.case_id] = self._clock.monotonic_s() + left.total_seconds()
        rows, columns = picture.pixels.shape
        pixels = base64.b64encode(picture.pixels.tobytes()).decode()
        return CasePictured(case.case_id, (rows, columns), pixels, until)
