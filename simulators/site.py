"""Where simulated devices stand: the room, who walks by, and what a camera there would see."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.devices.thermal_camera import View
from simulators.scene import LoopedScene, Scene, Traveller, TravellerTruth, demo_travellers
from simulators.source_scene import SourceScene

# After the last of the people the scene stays empty for so long, then it begins again.
_LAST_LEAVES_S = 8.0


@dataclass(frozen=True, slots=True)
class Guests:
    """People who walk by once; meanwhile the others stay away."""

    people: tuple[Traveller, ...]
    """Who; at least one."""
    from_s: float
    """Scene time at which they begin to come."""

    @property
    def until_s(self) -> float:
        """Scene time at which the last of them has left."""
        return self.from_s + self.people[-1].enters_at_s + _LAST_LEAVES_S


class Site:
    """One checkpoint, or a technician's bench with a source that is swept.

    Args:
        folder: where pseudo-terminals appear, under their devices' names.
        clock: scene time of all devices; None runs it in real time.
        people: who walks by, again and again. None takes the demonstration's.
        seed: for everything random.
        room_c: air temperature, °C.
        humidity_pct: relative humidity, %.
        is_bench: whether cameras look at two sources instead of people.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: SceneClock | None = None,
        people: tuple[Traveller, ...] | None = None,
        seed: int = 1,
        room_c: float = 22.0,
        humidity_pct: float = 40.0,
        is_bench: bool = False,
    ) -> None:
        self.folder = folder
        self.clock = clock or SceneClock()
        self.people = demo_travellers(seed, 12, 4, 4.0) if people is None else people
        self.guests: Guests | None = None
        self.seed = seed
        self.room_c = room_c
        self.humidity_pct = humidity_pct
        self.is_bench = is_bench
        self._swept: Callable[[], tuple[float, float]] = lambda: (room_c, 0.95)

    def view(self, shape: tuple[int, int]) -> View:
        """Return what a camera of that shape (rows, columns) sees here."""
        if self.is_bench:
            return SourceScene(self._look_at_swept, seed=self.seed, room_c=self.room_c)
        return Checkpoint(self, shape)

    def put_in_view(self, surface: Callable[[], tuple[float, float]]) -> None:
        """Put a source before the bench's camera.

        Args:
            surface: gives its apparent temperature, °C, and the emissivity it holds for.
        """
        self._swept = surface

    def _look_at_swept(self) -> tuple[float, float]:
        # A source may be put in view after the camera was.
        return self._swept()

    def seed_of(self, name: str) -> int:
        """Return a seed of a device's own."""
        words = np.frombuffer(name.encode(), dtype=np.uint8).tolist()
        return int(np.random.SeedSequence([self.seed, *words]).generate_state(1)[0])


class Checkpoint:
    """The people of a site as one camera sees them; it follows when other people are sent."""

    def __init__(self, site: Site, shape: tuple[int, int]) -> None:
        self._site = site
        self._shape = shape
        self._people: Any = None
        self._staged: tuple[Guests, Scene] | None = None
        self._scene = self._current()

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return the apparent temperatures at a scene time, °C, float32, upright."""
        scene, t_s = self._at(t_s)
        return scene.render(t_s, is_source_covered=is_source_covered)

    def truth(self, t_s: float) -> tuple[TravellerTruth, ...]:
        """Return who is in view at a scene time, the nearest first."""
        scene, t_s = self._at(t_s)
        return scene.truth(t_s)

    def _at(self, t_s: float) -> tuple[Scene | LoopedScene, float]:
        """Return what is to be seen at a scene time, and the time that this scene counts."""
        guests = self._site.guests
        if guests is None or not guests.from_s <= t_s < guests.until_s:
            return self._current(), t_s
        staged = self._staged
        if staged is None or staged[0] is not guests:
            staged = self._staged = guests, self._scene_of(guests.people)
        return staged[1], t_s - guests.from_s

    def _current(self) -> LoopedScene:
        people = self._site.people
        if people is not self._people:
            last_s = people[-1].enters_at_s if people else 0.0
            self._scene = LoopedScene(self._scene_of(people), last_s + _LAST_LEAVES_S)
            self._people = people
        return self._scene

    def _scene_of(self, people: tuple[Traveller, ...]) -> Scene:
        return Scene(
            shape=self._shape,
            travellers=people,
            seed=self._site.seed,
            room_c=self._site.room_c,
        )
