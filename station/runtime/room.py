"""What the station takes the room for, and who said so."""

from collections.abc import Callable

from station.core.errors import KnownError
from station.core.events import RoomChanged, RoomSource, SetRoom
from station.core.ports import Clock, EventSink
from station.core.room import Room, faults_of_room


class RoomKeeper:
    """Takes what was measured, checks it, and tells lanes and kiosks.

    Args:
        assumed: the settings' room, until somebody measures.
        measured_u_c: standard uncertainty of a measured room temperature, °C.
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

    def start(self) -> None:
        """Tell what is assumed."""
        self._events.emit(RoomChanged(self._clock.now(), self._assumed, RoomSource.ASSUMED))

    def set(self, command: SetRoom) -> None:
        """Take a measured room.

        Raises:
            KnownError: naming every value that no room has; nothing is changed then.
        """
        room = Room(command.ambient_c, self._measured_u_c, command.humidity_pct, command.outdoor_c)
        faults = list(faults_of_room(room))
        if faults:
            raise KnownError(
                f"The room was not set: {'; '.join(faults)}. Measure and set it again."
            )
        self._apply(room)
        self._events.emit(
            RoomChanged(self._clock.now(), room, RoomSource.MEASURED, command.command_id)
        )
