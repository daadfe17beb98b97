"""Reads development recordings and labels them by annotations and a teacher."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from cptv import CPTVReader
from numpy.typing import NDArray

from simulators.training.samples import Annotation, LabelledFace, Sample
from station.core.faces import Box, Canthi

# Scores from which the teacher's word is taken, and below which it is not even a doubt.
_KEEP, _DOUBT = 0.4, 0.15
# Medians of (teacher - annotation) over the sure annotations, as fractions of the teacher's box:
# left and right by its width, top and bottom by its height.
_CALIBRATION = (-0.031, -0.12, 0.016, -0.014)
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
    detector = cv2.FaceDetectorYN.create(str(teacher), "", (240, 320), _DOUBT, 0.3, 50)
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


def _labelled(path: Path, entry: dict[str, Any], detector: Any) -> list[Sample]:
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
    detector: Any, picture: NDArray[np.float32]
) -> tuple[tuple[LabelledFace, ...], tuple[Box, ...]]:
    low = np.percentile(picture, 20)
    high = max(np.percentile(picture, 99.5), low + 4)
    grey = np.clip((picture - low) / (high - low) * 255, 0, 255).astype(np.uint8)
    size = (picture.shape[1] * 2, picture.shape[0] * 2)
    detector.setInputSize(size)
    large = cv2.cvtColor(cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC), cv2.COLOR_GRAY2BGR)
    _, rows = detector.detect(large)
    faces, doubtful = [], []
    for row in () if rows is None else rows:
        box = _calibrated(*(row[:4] / 2))
        if row[14] >= _KEEP:
            faces.append(_face(box, row[4:10] / 2))
        else:
            doubtful.append(box)
    return tuple(faces), tuple(doubtful)


def _calibrated(x: float, y: float, width: float, height: float) -> Box:
    left, top, right, bottom = _CALIBRATION
    return Box(
        float(y + top * height),
        float(x + left * width),
        float(y + height + bottom * height),
        float(x + width + right * width),
    )


def _face(box: Box, points: NDArray[np.float32]) -> LabelledFace:
    """Return a face from eyes and nose; the nose between the eyes means that it faces us."""
    left_x, left_y, right_x, right_y, nose_x, _ = (float(v) for v in points)
    apart = max(float(np.hypot(right_x - left_x, right_y - left_y)), 1.0)
    sideways = abs(nose_x - (left_x + right_x) / 2) / apart
    frontality = float(np.clip(1.15 - sideways, 0, 1)) if apart > 0.25 * box.width else 0.0
    # The teacher marks the eyes' middles; the canthi lie a quarter of the distance inside.
    dx, dy = 0.25 * (right_x - left_x), 0.25 * (right_y - left_y)
    return LabelledFace(
        box, frontality, Canthi((left_y + dy, left_x + dx), (right_y - dy, right_x - dx))
    )


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
