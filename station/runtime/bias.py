"""Compares the cameras while travellers pass, and tells when one differs."""

import threading

from station.core.camera_bias import BiasWatch, CameraBias
from station.core.events import BiasChanged, Event, PassageRecorded
from station.core.ports import Clock, EventSink

# Chosen: a difference grows over minutes.
_EVERY_S = 30.0


class BiasKeeper:
    """Listens to recorded passages; takes events from any thread.

    Args:
        watch: compares the cameras.
        clock: the machine's clocks.
        events: who is told.
    """

    def __init__(self, watch: BiasWatch, *, clock: Clock, events: EventSink) -> None:
        self._watch = watch
        self._clock = clock
        self._events = events
        self._lock = threading.Lock()
        self._compared_s = clock.monotonic_s()
        self._told: tuple[object, ...] = ()

    def emit(self, event: Event) -> None:
        """Take one event; only recorded passages count."""
        if not isinstance(event, PassageRecorded):
            return
        with self._lock:
            self._watch.take(event.passage)
            changed = self._compare()
        # Outside of the lock: whoever listens may call back.
        if changed is not None:
            self._events.emit(changed)

    def _compare(self) -> BiasChanged | None:
        now_s = self._clock.monotonic_s()
        if now_s - self._compared_s < _EVERY_S:
            return None
        self._compared_s, now = now_s, self._clock.now()
        found = self._watch.compare(now)
        shown = tuple(_shown(bias) for bias in found)
        if shown == self._told:
            return None
        self._told = shown
        return BiasChanged(now, found)


def _shown(bias: CameraBias) -> tuple[object, ...]:
    """What staff see of it: a change of the second digit is none."""
    return bias.warmer, bias.cooler, bias.stands_out, round(bias.difference_c, 1)
