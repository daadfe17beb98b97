"""The thread of a room sensor: what it says reaches the room, as long as it is believed."""

from collections.abc import Callable

from drivers.api import RoomSample, RoomSensor
from drivers.errors import DeviceError
from station.core.errors import KnownError
from station.core.health import DeviceDoubt, StuckWatch
from station.core.ports import Clock
from station.runtime.devices import DeviceKeeper
from station.runtime.room import Role, RoomKeeper

_READ_TIMEOUT_S = 2.0
# Two equal readings say nothing, however far apart they are.
_FEWEST_EQUAL = 20


class RoomSensorReader:
    """Reads one sensor and tells the room; a sensor that fails gives the room back.

    Args:
        device_id: its name in the settings.
        role: which air it tells.
        keeper: keeps it open.
        room: who takes its word.
        u_c: standard uncertainty of its temperature, °C.
        poll_s: seconds between two readings.
        silence_s: seconds without a reading after which its word is taken back.
        stuck_s: some value moves within this time.
        clock: the machine's clocks.
        wait: sleeps; returns at once when the station stops.
    """

    def __init__(
        self,
        device_id: str,
        role: Role,
        keeper: DeviceKeeper[RoomSensor],
        room: RoomKeeper,
        *,
        u_c: float,
        poll_s: float,
        silence_s: float,
        stuck_s: float,
        clock: Clock,
        wait: Callable[[float], bool],
    ) -> None:
        self._device_id = device_id
        self._role = role
        self._keeper = keeper
        self._room = room
        self._u_c = u_c
        self._poll_s = poll_s
        self._silence_s = silence_s
        self._clock = clock
        self._wait = wait
        self._stuck = StuckWatch(stuck_s, _FEWEST_EQUAL)
        self._heard_s = clock.monotonic_s()

    def step(self) -> None:
        """Take one reading, or notice that none comes."""
        sensor = self._keeper.ready()
        if sensor is None:
            self._notice_silence()
            return
        try:
            sample = sensor.read(_READ_TIMEOUT_S)
        except DeviceError as error:
            self._keeper.failed(error)
            self._notice_silence()
        else:
            self._take(sample)
        self._wait(self._poll_s)

    def stop(self) -> None:
        """Close the sensor."""
        self._keeper.close()

    def _take(self, sample: RoomSample) -> None:
        now_s = self._clock.monotonic_s()
        if self._stuck.take(now_s, sample.ambient_c, sample.humidity_pct):
            text = f"{self._device_id} says the same to the last bit for too long: renew it."
            self._disbelieve(DeviceDoubt.STUCK, text)
            return
        try:
            self._room.sense(self._role, sample, self._u_c, self._device_id)
        except KnownError as error:
            self._disbelieve(DeviceDoubt.IMPLAUSIBLE, str(error))
            return
        self._heard_s = now_s
        self._keeper.worked()

    def _disbelieve(self, doubt: DeviceDoubt, text: str) -> None:
        self._room.lose(self._device_id)
        self._keeper.worked(doubt, text)

    def _notice_silence(self) -> None:
        if self._clock.monotonic_s() - self._heard_s > self._silence_s:
            self._stuck.forget()
            self._room.lose(self._device_id)
