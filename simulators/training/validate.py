"""Measures a face locator against annotations, animals and scenes."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from simulators.scene import Scene, TravellerTruth, demo_travellers
from simulators.training.recordings import animal_frames
from simulators.training.samples import Annotation, Sample
from station.core.faces import Box, FaceLocator, FaceRegion
from station.vision.locator import HeatmapFaceLocator

_log = logging.getLogger(__name__)

_HIT = 0.4
# A face on a doubtful face is not held against the locator.
_EXCUSED = 0.2
_FACING = 0.5
_MEASURABLE_PX = 25.0
# Nothing says how counts become °C, so animals are looked at in three contrasts.
_ANIMAL_CONTRASTS = (0.01, 0.02, 0.05)


@dataclass(slots=True)
class Figures:
    """Counts over annotated frames."""

    frames: int = 0
    """Annotated frames."""
    wanted: int = 0
    """Sure faces."""
    hits: int = 0
    """Sure faces found with an overlap of 0.4 or more."""
    with_glasses: int = 0
    """Sure faces with glasses."""
    glasses_hits: int = 0
    """Those of them that were found."""
    facing: int = 0
    """Hits that are said to face the camera."""
    false: int = 0
    """Faces found where the annotator saw none."""

    def __str__(self) -> str:
        return (
            f"{self.frames} frames: found {self.hits}/{self.wanted}, with glasses "
            f"{self.glasses_hits}/{self.with_glasses}, facing {self.facing}/{self.hits}, "
            f"false {self.false} ({self.false / max(self.frames, 1):.3f} a frame)"
        )


@dataclass(frozen=True, slots=True)
class SceneFigures:
    """Counts over rendered scenes."""

    wanted: int
    """Faces wider than 25 px, turned to the camera, whole and not hidden."""
    hits: int
    """Those found with an overlap of 0.4 or more."""
    facing: int
    """Hits that are said to face the camera."""
    turned: int
    """Found faces of people who are turned away."""
    turned_said_facing: int
    """Those of them that are said to face the camera."""
    false: int
    """Faces found where nobody is."""
    canthus_error: float
    """Median distance from a canthus to its place, in face widths."""


def annotated_figures(locator: FaceLocator, samples: Iterable[Sample]) -> Figures:
    """Return the counts over the annotated ones of the samples."""
    figures = Figures()
    for sample in samples:
        if sample.annotation is not None:
            _count(figures, locator.locate(sample.temperature_c), sample.annotation)
    return figures


def _count(figures: Figures, found: Sequence[FaceRegion], seen: Annotation) -> None:
    figures.frames += 1
    rest = list(found)
    for box, has_glasses in zip(seen.sure, seen.has_glasses, strict=True):
        best = max(rest, key=lambda face: face.box.iou(box), default=None)
        is_hit = best is not None and best.box.iou(box) >= _HIT
        figures.wanted += 1
        figures.with_glasses += has_glasses
        figures.hits += is_hit
        figures.glasses_hits += is_hit and has_glasses
        if best is not None and is_hit:
            figures.facing += best.frontality >= _FACING
            rest.remove(best)
    figures.false += sum(
        not any(face.box.iou(box) >= _EXCUSED for box in seen.unsure) for face in rest
    )


def longest_run(
    locator: FaceLocator, samples: Sequence[Sample], *, min_frontality: float = 0.0
) -> int:
    """Return the longest run of consecutive samples in which such a face is found."""
    longest = run = 0
    for sample in samples:
        found = locator.locate(sample.temperature_c)
        run = run + 1 if any(face.frontality >= min_frontality for face in found) else 0
        longest = max(longest, run)
    return longest


def scene_figures(locator: FaceLocator, *, seed: int, scenes: int = 12) -> SceneFigures:
    """Return the counts over scenes with many people, as a station's camera sees them."""
    wanted = hits = facing = turned = turned_said_facing = false = 0
    errors: list[float] = []
    for i in range(scenes):
        rng = np.random.default_rng([seed, i])
        shape = ((288, 384), (480, 640), (120, 160), (192, 256))[i % 4]
        people = demo_travellers(seed + i, 8, 3, 2.0)
        offset_c, room_c = float(rng.uniform(-5, 3)), float(rng.uniform(16, 30))
        scene = Scene(
            shape=shape, travellers=people, room_c=room_c, camera_offset_c=offset_c, seed=seed + i
        )
        for t_s in np.arange(1.0, 18.0, 0.7):
            found = locator.locate(scene.render(float(t_s)))
            truths = scene.truth(float(t_s))
            false += sum(not any(f.box.iou(t.box) >= _EXCUSED for t in truths) for f in found)
            for truth in _whole(truths, shape):
                best = max(found, key=lambda face: face.box.iou(truth.box), default=None)
                is_hit = best is not None and best.box.iou(truth.box) >= _HIT
                wanted += truth.facing
                hits += is_hit and truth.facing
                if best is None or not is_hit:
                    continue
                facing += truth.facing and best.frontality >= _FACING
                turned += not truth.facing
                turned_said_facing += not truth.facing and best.frontality >= _FACING
                errors += _canthus_errors(best, truth)
    error = round(float(median(errors)), 4) if errors else float("nan")
    return SceneFigures(wanted, hits, facing, turned, turned_said_facing, false, error)


def _whole(truths: Sequence[TravellerTruth], shape: tuple[int, int]) -> list[TravellerTruth]:
    """Return those wide enough, inside the picture and not behind somebody else."""
    picture = Box(0, 0, *shape)
    corners = [((t.box.top, t.box.left), (t.box.bottom - 1, t.box.right - 1)) for t in truths]
    return [
        truth
        for i, truth in enumerate(truths)
        if truth.box.width > _MEASURABLE_PX
        and all(picture.contains(corner) for corner in corners[i])
        and all(truth.box.iou(nearer.box.grown(1.5)) < 0.05 for nearer in truths[:i])
    ]


def _canthus_errors(face: FaceRegion, truth: TravellerTruth) -> list[float]:
    if face.canthi is None or truth.canthi is None:
        return []
    pairs = (
        (face.canthi.image_left, truth.canthi.image_left),
        (face.canthi.image_right, truth.canthi.image_right),
    )
    return [float(np.hypot(a[0] - b[0], a[1] - b[1])) / truth.box.width for a, b in pairs]


def log_figures(
    weights: Path, recordings: Path, samples: Sequence[Sample], devices: Sequence[str]
) -> None:
    """Log every figure of the model card; of all cameras if `devices` is empty."""
    locator = HeatmapFaceLocator(weights)
    index = json.loads((recordings / "index.json").read_text(encoding="utf-8"))["recordings"]
    entries = [e for e in index if not devices or e["device"] in devices]
    for device in sorted({e["device"] for e in entries if e.get("model") == "lepton3.5"}):
        own = [sample for sample in samples if sample.device == device]
        _log.info("%s: %s", device, annotated_figures(locator, own))
    chosen = [s for s in samples if not devices or s.device in devices]
    _log.info("all: %s", annotated_figures(locator, chosen))
    for entry in entries:
        if entry.get("persons_facing_camera_near") == 0 and entry.get("model") == "lepton3.5":
            own = [sample for sample in samples if sample.source == entry["file"]]
            _log.info(
                "nobody near faces the camera in %s (%s): longest runs %d, facing %d, of %d",
                entry["name"],
                entry.get("note"),
                longest_run(locator, own),
                longest_run(locator, own, min_frontality=_FACING),
                len(own),
            )
        if entry["cptv_version"] == 1:
            runs = [
                longest_run(
                    locator, animal_frames(recordings / entry["file"], "", c_per_count=contrast)
                )
                for contrast in _ANIMAL_CONTRASTS
            ]
            _log.info("animals in %s: longest runs %s", entry["name"], runs)
    _log.info("scenes: %s", scene_figures(locator, seed=1000))
