"""Reads development recordings and labels them by annotations and a teacher."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from cptv import CPTVReader
from numpy.typing import NDArray

from simulators.training.samples import Annotation, LabelledFace, Sample
from station.core.faces import Box, Canthi, FaceLocator
from station.vision.yunet import YuNetFaceLocator

# Scores from which the teacher's word is taken, and below which it is not even a doubt.
_KEEP, _DOUBT = 0.4, 0.15
_SAME_FACE = 0.3
# Where nobody near faces the camera, heads this wide are seen from the side or from behind.
_NEAR_PX = 20.0
_TURNED = 0.1
# A face seen this many frames before or after makes a place doubtful (9 frames a second).
_NEIGHBOURS = 4
_ANIMAL_STEP = 5
_ANIMAL_C_PER_COUNT = 0.02


def load(directory: Path, teacher: Path) -> list[Sample]:
    """Return every usable frame of the recordings, labelled, and every 5th of the animals'.

    Args:
        directory: holds CPTV files and `index.json`.
        teacher: YuNet's weights, an ONNX file.
    """
    index = json.loads((directory / "index.json").read_text(encoding="utf-8"))
    detector = YuNetFaceLocator(teacher, min_score=_DOUBT)
    samples: list[Sample] = []
    for entry in index["recordings"]:
        if entry.get("model") == "lepton3.5":
            samples += _labelled(directory / entry["file"], entry, detector)
        elif entry["cptv_version"] == 1:
            samples += animal_frames(directory / entry["file"], entry["device"], _ANIMAL_STEP)
    return samples


def animal_frames(
    path: Path, device: str, step: int = 1, c_per_count: float = _ANIMAL_C_PER_COUNT
) -> list[Sample]:
    """Return every `step`th frame of a recording in counts, scaled to look like °C."""
    samples = []
    for number, counts in enumerate(_pictures(path)):
        if number % step == 0:
            picture = (counts - np.median(counts)) * np.float32(c_per_count) + np.float32(22)
            samples.append(
                Sample(picture, device=device, source=path.name, index=number, is_animal=True)
            )
    return samples


def _pictures(path: Path) -> list[NDArray[np.float32]]:
    """Return the upright frames of a recording, in counts."""
    with path.open("rb") as file:
        return [np.ascontiguousarray(f.pix.T, dtype=np.float32) for f in CPTVReader(file)]


def _labelled(path: Path, entry: dict[str, Any], detector: FaceLocator) -> list[Sample]:
    annotations = {a["frame"]: a["faces"] for a in entry.get("annotated_frames") or []}
    samples: list[Sample] = []
    for number, counts in enumerate(_pictures(path)):
        picture = counts * np.float32(0.01) - np.float32(273.15)
        taught, doubtful = _ask_teacher(detector, picture)
        sample = Sample(
            picture, taught, doubtful, device=entry["device"], source=path.name, index=number
        )
        if number in annotations:
            sample = _annotated(sample, annotations[number])
        samples.append(sample)
    if entry.get("persons_facing_camera_near") == 0:
        return [replace(sample, faces=_turned_if_near(sample.faces)) for sample in samples]
    return _doubted_by_neighbours(samples)


def _ask_teacher(
    teacher: FaceLocator, picture: NDArray[np.float32]
) -> tuple[tuple[LabelledFace, ...], tuple[Box, ...]]:
    found = teacher.locate(picture)
    faces = tuple(
        LabelledFace(face.box, face.frontality, face.canthi)
        for face in found
        if face.score >= _KEEP
    )
    return faces, tuple(face.box for face in found if face.score < _KEEP)


def _annotated(sample: Sample, seen: list[dict[str, Any]]) -> Sample:
    """Return the sample with a person's labels put before the teacher's."""
    faces, ignored, sure, glasses, unsure = [], list(sample.ignored), [], [], []
    rest = list(sample.faces)
    for face in seen:
        if face["box_upright"] is None:
            continue
        x, y, width, height = face["box_upright"]
        box = Box(y, x, y + height, x + width)
        taught = next((other for other in rest if other.box.iou(box) > _SAME_FACE), None)
        rest = [other for other in rest if other.box.iou(box) <= _SAME_FACE]
        is_turned = "turned/profile" in face["flags"]
        if face["uncertain"]:
            unsure.append(box)
            if taught and is_turned:
                faces.append(replace(taught, frontality=min(taught.frontality, 0.2)))
            else:
                faces += [taught] if taught else []
            ignored += [] if taught else [box]
            continue
        sure.append(box)
        glasses.append("glasses" in face["flags"])
        frontality = max(taught.frontality, 0.7) if taught else 1.0
        canthi = _canthi(face) or (taught.canthi if taught else None)
        faces.append(LabelledFace(box, frontality, canthi))
    note = Annotation(tuple(sure), tuple(glasses), tuple(unsure))
    return replace(sample, faces=(*faces, *rest), ignored=tuple(ignored), annotation=note)


def _canthi(face: dict[str, Any]) -> Canthi | None:
    points = face["inner_canthi_upright"]
    if not points:
        return None
    (left_x, left_y), (right_x, right_y) = points
    return Canthi((left_y, left_x), (right_y, right_x))


def _turned_if_near(faces: tuple[LabelledFace, ...]) -> tuple[LabelledFace, ...]:
    return tuple(
        replace(face, frontality=_TURNED) if face.box.width > _NEAR_PX else face for face in faces
    )


def _doubted_by_neighbours(samples: list[Sample]) -> list[Sample]:
    """Return the samples with places ignored where only a neighbouring frame shows a face."""
    doubted = []
    for i, sample in enumerate(samples):
        near = samples[max(i - _NEIGHBOURS, 0) : i + _NEIGHBOURS + 1]
        known = [face.box for face in sample.faces]
        extra = [
            face.box
            for other in near
            for face in other.faces
            if all(face.box.iou(box) <= _SAME_FACE for box in known)
        ]
        doubted.append(replace(sample, ignored=(*sample.ignored, *extra)))
    return doubted
