"""What the station takes the room for, and who said so."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Literal
from uuid import UUID

from drivers.api import RoomSample
from station.core.commands import SetRoom
from station.core.errors import KnownError
from station.core.events import RoomChanged, RoomSource
from station.core.ports import Clock, EventSink
from station.core.room import Room, faults_of_room

Role = Literal["indoor", "outdoor"]
"""What a sensor tells: the room's air, or the outdoor temperature alone."""


class RoomKeeper:
    """Takes what was measured, checks it, and tells lanes and kiosks.

    The latest word counts, of indoor and outdoor air apart. A sensor that is no longer believed
    takes its word back: what it said is assumed again, with the larger uncertainty of that.

    Args:
        assumed: the settings' room, until somebody measures.
        measured_u_c: standard uncertainty of a room temperature that a person measured, °C.
        apply: hands the room to every lane; called from any thread.
        clock: the machine's clocks.
        events: who listens.
    """

    def __init__(
        self,
        assumed: Room,
        *,
        measured_u_c: float,
        apply: Callable[[Room], None],
        clock: Clock,
        events: EventSink,
    ) -> None:
        self._assumed = assumed
        self._measured_u_c = measured_u_c
        self._apply = apply
        self._clock = clock
        self._events = events
        self._lock = threading.Lock()
        # What was said, and by which sensor: a person's word has none.
        self._indoor: tuple[Room, str] | None = None
        self._outdoor: tuple[float | None, str] | None = None
        self._told: tuple[Room, RoomSource, str] | None = None

    def start(self) -> None:
        """Tell what is assumed."""
        with self._lock:
            self._tell(is_first=True)

    def set(self, command: SetRoom) -> None:
        """Take a room that a person measured.

        Raises:
            KnownError: naming every value that no room has; nothing is changed then.
        """
        room = Room(command.ambient_c, self._measured_u_c, command.humidity_pct, command.outdoor_c)
        _refuse_faults(room, "The room was not set", "Measure and set it again.")
        with self._lock:
            self._indoor = room, ""
            # Who measures the room alone says nothing against a sensor outdoors.
            if command.outdoor_c is not None or not (self._outdoor and self._outdoor[1]):
                self._outdoor = command.outdoor_c, ""
            self._tell(command.command_id)

    def sense(self, role: Role, sample: RoomSample, u_c: float, sensor: str) -> None:
        """Take what a sensor measures; of an outdoor one only the temperature counts.

        Args:
            role: which air.
            sample: its reading.
            u_c: standard uncertainty of its temperature, °C.
            sensor: its name.

        Raises:
            KnownError: if no air can be so; nothing is changed then.
        """
        what, then = f"{sensor} says what cannot be", "Check the sensor."
        with self._lock:
            if role == "indoor":
                room = Room(sample.ambient_c, u_c, sample.humidity_pct)
                _refuse_faults(room, what, then)
                self._indoor = room, sensor
            else:
                _refuse_faults(replace(self._assumed, outdoor_c=sample.ambient_c), what, then)
                self._outdoor = sample.ambient_c, sensor
            self._tell()

    def lose(self, sensor: str) -> None:
        """Take a sensor's word back, if it still counts; safe to call again and again."""
        with self._lock:
            if self._indoor is not None and self._indoor[1] == sensor:
                self._indoor = None
            if self._outdoor is not None and self._outdoor[1] == sensor:
                self._outdoor = None
            self._tell()

    def _tell(self, command_id: UUID | None = None, *, is_first: bool = False) -> None:
        """Hand on what counts now; noise below what a kiosk shows is no news."""
        room, sensor = self._indoor or (self._assumed, "")
        outdoor_c = self._outdoor[0] if self._outdoor else self._assumed.outdoor_c
        room = replace(room, outdoor_c=outdoor_c)
        source = RoomSource.ASSUMED if self._indoor is None else RoomSource.MEASURED
        news = (_rounded(room), source, sensor)
        if command_id is None and news == self._told:
            return
        if not is_first:
            self._apply(room)
        self._told = news
        now = self._clock.now()
        self._events.emit(RoomChanged(now, room, source, command_id, sensor))


def _refuse_faults(room: Room, what: str, then: str) -> None:
    faults = list(faults_of_room(room))
    if faults:
        raise KnownError(f"{what}: {'; '.join(faults)}. {then}")


def _rounded(room: Room) -> Room:
    """Return the room to 0.1 °C and 1 % of humidity."""
    humidity_pct, outdoor_c = room.humidity_pct, room.outdoor_c
    return replace(
        room,
        ambient_c=round(room.ambient_c, 1),
        humidity_pct=None if humidity_pct is None else float(round(humidity_pct)),
        outdoor_c=None if outdoor_c is None else round(outdoor_c, 1),
    )
