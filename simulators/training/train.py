"""The training loop. Needs PyTorch; takes about a quarter of an hour on one core."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from simulators.training.augment import random_view
from simulators.training.network import FaceNetwork, known, losses, target
from simulators.training.samples import Sample
from simulators.training.synthetic import crowd_samples, scene_sample
from station.vision.locator import network_input

torch: Any = import_module("torch")
_log = logging.getLogger(__name__)

_BATCH = 24
_SCENES = 800
# How often a batch renews one of them: painting one takes longer than learning from a batch.
_RENEWED = 0.25
_SCENE_SHARE, _ANIMAL_SHARE = 0.4, 0.05
_PEAK_RATE = 4e-3
# A network that knows faces already is led on gently.
_PEAK_RATE_KNOWN = 1.5e-3
# Weights of heat, box, frontality and canthi in the loss.
_WEIGHTS = (1.0, 1.0, 1.0, 2.0)
_REPORT_EVERY = 200


def train(samples: list[Sample], steps: int, seed: int, start: Path | None = None) -> Any:
    """Train a network on labelled recordings and on scenes, and return it.

    Args:
        samples: the recordings' frames; rare cameras and frames with faces are drawn more often.
        steps: batches of 24 pictures.
        seed: for everything random.
        start: an exported network to go on from; None begins anew.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(seed)
    draw = _Draw(samples, np.random.default_rng(seed))
    network = FaceNetwork() if start is None else known(start)
    network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-4)
    peak = _PEAK_RATE if start is None else _PEAK_RATE_KNOWN
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, steps)
    weights = torch.tensor(_WEIGHTS)
    recent, began_s = [], time.monotonic()
    for step in range(1, steps + 1):
        images, asked = draw.batch()
        parts = losses(network(images), asked)
        optimizer.zero_grad()
        (parts * weights).sum().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        recent.append(parts.detach().numpy())
        if step % _REPORT_EVERY == 0:
            mean = np.mean(recent[-_REPORT_EVERY:], axis=0).round(3)
            _log.info("step %d: losses %s, %.0f s", step, mean, time.monotonic() - began_s)
    return network.eval()


def _stock(rng: np.random.Generator) -> Iterator[Sample]:
    """Yield two lanes and a hall in turn, without end: only lanes show heads from behind."""
    while True:
        for hall in crowd_samples(rng):
            yield hall
            yield scene_sample(rng)
            yield scene_sample(rng)


class _Draw:
    """Draws batches from recordings, animals and a slowly renewed stock of scenes."""

    def __init__(self, samples: list[Sample], rng: np.random.Generator) -> None:
        self._rng = rng
        self._people = [sample for sample in samples if not sample.is_animal]
        self._animals = [sample for sample in samples if sample.is_animal]
        frames = Counter(sample.device for sample in self._people)
        chances = np.array([frames[s.device] ** -0.5 * _eagerness(s) for s in self._people])
        self._cumulated = np.cumsum(chances / chances.sum())
        self._stock = _stock(rng)
        self._scenes = [next(self._stock) for _ in range(_SCENES)]

    def batch(self) -> tuple[Any, Any]:
        if self._rng.random() < _RENEWED:
            self._scenes[self._rng.integers(_SCENES)] = next(self._stock)
        views = [random_view(self._one(), self._rng) for _ in range(_BATCH)]
        images = np.stack([network_input(view.temperature_c) for view in views])
        asked = np.stack([target(view) for view in views])
        last = torch.channels_last
        return torch.from_numpy(images).to(memory_format=last), torch.from_numpy(asked)

    def _one(self) -> Sample:
        kind = self._rng.random()
        if kind < _SCENE_SHARE or not self._people:
            return self._scenes[self._rng.integers(_SCENES)]
        if kind < _SCENE_SHARE + _ANIMAL_SHARE and self._animals:
            animal = self._animals[self._rng.integers(len(self._animals))]
            return replace(animal, temperature_c=animal.temperature_c * self._rng.uniform(0.3, 3))
        place = int(np.searchsorted(self._cumulated, self._rng.random()))
        return self._people[min(place, len(self._people) - 1)]


def _eagerness(sample: Sample) -> float:
    """Return how much more often than an empty frame this one is drawn."""
    if any(face.frontality < 0.5 for face in sample.faces):
        return 5.0
    return 2.0 if sample.faces else 1.0
