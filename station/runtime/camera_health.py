"""Watches how a camera sees its reference source: it must move a little, and not creep."""

from station.core.events import DeviceChanged, DeviceState
from station.core.health import DeviceDoubt, DriftLimits, DriftWatch, JumpWatch, StuckWatch
from station.core.ports import Clock, EventSink
from station.core.reference import ReferenceReading

# Frames of a camera, chosen: some seconds of the slowest.
_FEWEST_EQUAL = 30
# A doubt is told again, in case that somebody was told otherwise meanwhile.
_TELL_AGAIN_S = 30.0


class CameraHealth:
    """Follows the reference source in one camera's picture, and tells what is not believed.

    Args:
        camera_id: the camera's name in the settings.
        drift: how far its offset may creep.
        stuck_s: what it shows of the source moves within this time.
        clock: the machine's clocks.
        events: who listens.
    """

    def __init__(
        self,
        camera_id: str,
        drift: DriftLimits,
        stuck_s: float,
        *,
        clock: Clock,
        events: EventSink,
    ) -> None:
        self._camera_id = camera_id
        self._drift = DriftWatch(drift)
        self._jump = JumpWatch(drift)
        self._stuck = StuckWatch(stuck_s, _FEWEST_EQUAL)
        self._limits = drift
        self._clock = clock
        self._events = events
        self._is_stuck = False
        self._told: DeviceDoubt | None = None
        self._told_s = 0.0

    @property
    def is_stuck(self) -> bool:
        """Whether what it shows of the source no longer moves."""
        return self._is_stuck

    @property
    def is_source_doubtful(self) -> bool:
        """Whether its offset has jumped, or creeps so fast, that the source is not believed.

        No camera does that after its warm-up, but a source that cools, is set to another
        temperature or changed for another one does, and readings corrected by it would be wrong.
        """
        return self._drift.is_blocking or self._jump.has_jumped

    @property
    def moved_c(self) -> float:
        """By how much its offset has moved beyond what it does by itself, °C; 0 if it has not.

        Whether the camera or the source has moved cannot be seen from here.
        """
        told = [self._drift.trend_c] if self._drift.is_warning else []
        if self._jump.is_warning:
            told.append(self._jump.away_c)
        return max(told, key=abs, default=0.0)

    def look(self, seen: ReferenceReading, now_s: float, *, is_settled: bool) -> None:
        """Take the source in the next frame.

        Args:
            seen: the source in it.
            now_s: the frame's monotonic time.
            is_settled: whether the camera itself is: no warm-up, no shutter correction.
        """
        if not is_settled and not self._jump.has_jumped:
            # A shutter correction moves the camera's own offset.
            self._jump.forget()
        elif is_settled and seen.has_offset and seen.apparent_c is not None:
            self._is_stuck = self._stuck.take(now_s, seen.apparent_c)
            self._drift.take(now_s, seen.offset_c)
            self._jump.take(now_s, seen.offset_c)
        doubt = None
        if self._is_stuck:
            doubt = DeviceDoubt.STUCK
        elif self._jump.has_jumped:
            doubt = DeviceDoubt.OTHER_SET_POINT
        elif self.moved_c or self._drift.is_blocking:
            doubt = DeviceDoubt.DRIFTING
        is_old = doubt is not None and now_s - self._told_s > _TELL_AGAIN_S
        if doubt is not self._told or is_old:
            self._told, self._told_s = doubt, now_s
            self._tell(doubt)

    def forget(self) -> None:
        """Begin anew, as after a loss of the camera."""
        self._drift.forget()
        self._jump.forget()
        self._stuck.forget()
        self._is_stuck = False

    def _tell(self, doubt: DeviceDoubt | None) -> None:
        texts = {
            None: "",
            DeviceDoubt.STUCK: f"{self._camera_id} shows the reference source the same to the last "
            "bit for too long: switch it off and on, or have it repaired.",
            DeviceDoubt.OTHER_SET_POINT: f"{self._camera_id} sees the reference source jump by "
            f"{-self._jump.away_c:+.2f} °C while the room stays as it is: set the source back, or "
            "change [reference].set_point_c. Nobody is measured until then.",
            DeviceDoubt.DRIFTING: f"The offset of {self._camera_id} against the reference source "
            f"has moved by {self.moved_c or self._drift.trend_c:+.2f} °C within "
            f"{self._limits.stretch_s / 60:g} minutes: look for drafts and sun at source and "
            "camera, and certify the camera anew.",
        }
        state = DeviceState.READY if doubt is None else DeviceState.DOUBTFUL
        told = DeviceChanged(self._camera_id, self._clock.now(), state, texts[doubt], doubt)
        self._events.emit(told)
