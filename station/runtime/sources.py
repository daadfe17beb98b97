"""The thread of a reference source on a wire: lanes measure by it only as long as it is well."""

from collections.abc import Callable, Iterable

from drivers.api import Capability, ReferenceSource, SourceState
from drivers.errors import DeviceError
from station.core.events import SourceChanged
from station.core.health import DeviceDoubt, StuckWatch
from station.core.ports import Clock, EventSink
from station.core.source import (
    BLOCKING,
    SourceLimits,
    SourceStanding,
    SourceWord,
    doubt_of,
    truth_of,
)
from station.runtime.devices import DeviceKeeper

_READ_TIMEOUT_S = 2.0
_FEWEST_EQUAL = 20


class SourceReader:
    """Asks one source how it is, and tells the lanes that look at it.

    Lanes get a standing that expires by itself: a source, or a thread, that falls silent blocks
    them without any word.

    Args:
        device_id: its name in the settings.
        keeper: keeps it open.
        limits: what the settings say of it.
        tell_lanes: take its standing; called from this thread.
        poll_s: seconds between two questions.
        silence_s: seconds after which an answer no longer counts.
        stuck_s: a finely told temperature moves within this time.
        clock: the machine's clocks.
        events: who listens.
        wait: sleeps; returns at once when the station stops.
    """

    def __init__(
        self,
        device_id: str,
        keeper: DeviceKeeper[ReferenceSource],
        limits: SourceLimits,
        tell_lanes: Iterable[Callable[[SourceStanding], None]],
        *,
        poll_s: float,
        silence_s: float,
        stuck_s: float,
        clock: Clock,
        events: EventSink,
        wait: Callable[[float], bool],
    ) -> None:
        self._device_id = device_id
        self._keeper = keeper
        self._limits = limits
        self._tell_lanes = tuple(tell_lanes)
        self._poll_s = poll_s
        self._silence_s = silence_s
        self._clock = clock
        self._events = events
        self._wait = wait
        self._stuck = StuckWatch(stuck_s, _FEWEST_EQUAL)

    def step(self) -> None:
        """Ask once."""
        source = self._keeper.ready()
        if source is None:
            self._stuck.forget()
            return
        try:
            state = source.read(_READ_TIMEOUT_S)
        except DeviceError as error:
            self._keeper.failed(error)
        else:
            self._take(state, source.emissivity)
        self._wait(self._poll_s)

    def stop(self) -> None:
        """Close the source; its set point and output stay as they are."""
        self._keeper.close()

    def _take(self, state: SourceState, emissivity: float | None) -> None:
        can = self._keeper.capabilities
        word = SourceWord(
            temperature_c=state.temperature_c,
            set_point_c=state.set_point_c,
            is_stable=state.is_stable,
            is_heating=state.is_heating,
            fault=state.fault,
            emissivity=emissivity,
            is_own=Capability.OWN_TEMPERATURE in can,
        )
        now_s = self._clock.monotonic_s()
        is_fine = Capability.FINE_TEMPERATURE in can
        is_stuck = is_fine and self._stuck.take(now_s, state.temperature_c)
        found = doubt_of(word, self._limits)
        if found is None and is_stuck:
            found = (
                DeviceDoubt.STUCK,
                f"{self._device_id} tells {state.temperature_c:.2f} °C to the last bit for too "
                "long: switch it off and on, or have it repaired.",
            )
        doubt, text = found or (None, "")
        self._keeper.worked(doubt, text)
        standing = SourceStanding(
            truth_of(word, self._limits),
            None if doubt is None else BLOCKING[doubt],
            now_s + self._silence_s,
        )
        for tell in self._tell_lanes:
            tell(standing)
        self._events.emit(
            SourceChanged(
                device_id=self._device_id,
                at=self._clock.now(),
                temperature_c=state.temperature_c,
                set_point_c=state.set_point_c,
                is_stable=state.is_stable,
                is_heating=state.is_heating,
                fault=state.fault,
                doubt=doubt,
            )
        )
