"""The scene that the simulated cameras show: the physical twin, again and again."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulators.twin.people import Traveller
from simulators.twin.scene import Scene, TravellerTruth
from simulators.twin.source import ReferenceSource

__all__ = [
    "LoopedScene",
    "ReferenceSource",
    "Scene",
    "Traveller",
    "TravellerTruth",
    "demo_travellers",
]


class LoopedScene:
    """A scene that starts again when everybody has passed, with new names each time.

    Args:
        scene: the scene.
        period_s: its length, s.
    """

    def __init__(self, scene: Scene, period_s: float) -> None:
        self._scene = scene
        self._period_s = period_s

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return the apparent temperatures at a scene time, °C, float32, upright."""
        return self._scene.render(t_s % self._period_s, is_source_covered=is_source_covered)

    def truth(self, t_s: float) -> tuple[TravellerTruth, ...]:
        """Return who is in view at a scene time, the nearest first."""
        lap, within_s = divmod(t_s, self._period_s)
        people = self._scene.truth(within_s)
        return tuple(replace(who, name=f"{who.name}-{int(lap) + 1}") for who in people)


LOOKS = ("glasses", "mask", "turned_away")
"""How people may look, by the names of `Traveller`'s fields."""


def looking_so(people: tuple[Traveller, ...], looks: Collection[str]) -> tuple[Traveller, ...]:
    """Return the same people, all of whom look as `looks` says and not otherwise."""
    glasses, mask, turned_away = (look in looks for look in LOOKS)
    return tuple(
        replace(who, glasses=glasses, mask=mask, turned_away=turned_away) for who in people
    )


def demo_travellers(
    seed: int, count: int, febrile_every: int, spacing_s: float
) -> tuple[Traveller, ...]:
    """Return people for a demonstration: every `febrile_every`th has a fever.

    Args:
        seed: for everything random.
        count: how many people.
        febrile_every: 0 for nobody.
        spacing_s: mean seconds between two people.
    """
    rng = np.random.default_rng(seed)
    people = []
    for i in range(count):
        is_febrile = febrile_every > 0 and i % febrile_every == febrile_every - 1
        core_c = rng.uniform(38.3, 39.3) if is_febrile else rng.normal(36.65, 0.2)
        people.append(
            Traveller(
                name=f"T{i + 1:02d}",
                core_c=round(float(core_c), 2),
                enters_at_s=spacing_s * i + float(rng.uniform(0, 0.3)) * spacing_s,
                speed_m_s=float(rng.uniform(0.75, 1.1)),
                canthus_below_core_c=float(rng.normal(1.25, 0.1)),
                glasses=not is_febrile and rng.random() < 0.15,
                turned_away=not is_febrile and rng.random() < 0.08,
                lane_offset=float(rng.uniform(-0.8, 0.8)),
            )
        )
    return tuple(people)
