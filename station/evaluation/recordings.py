"""Judges a replay's lines against an index of annotated recordings.

It reads nothing but the documented lines of `fever-station replay`, so that anybody can repeat it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from station.core.faces import Box

# A found face is the annotated one from this overlap on; a face that overlaps an uncertain one is
# neither right nor wrong from the lesser one on.
_HIT_IOU = 0.4
_EXCUSED_IOU = 0.2
_FACING = 0.5
_NEAR_FACING_FRAMES = 5
_PROMPT_FRAMES = 18


@dataclass(slots=True)
class FaceFigures:
    """Faces found in annotated frames."""

    frames: int = 0
    """Annotated frames."""
    wanted: int = 0
    """Faces that the annotator was sure of."""
    found: int = 0
    """Those found with an overlap of 0.4 or more."""
    false: int = 0
    """Found faces where the annotator saw none."""

    @property
    def recall(self) -> float:
        """Share of the wanted faces that were found; 1 if none was wanted."""
        return self.found / self.wanted if self.wanted else 1.0


@dataclass(slots=True)
class PeopleFigures:
    """Travellers of one recording."""

    name: str
    """The recording."""
    wanted: int
    """People near the camera who face it."""
    counted: int
    """Travellers who faced the camera, near enough to be measured, in five frames or more."""
    travellers: int
    """All confirmed travellers."""
    answered: int
    """Of the counted ones, those with an answer or a named reason within two seconds of facing."""
    measured: int
    """Travellers with a reading."""
    frames_to_answer: tuple[int, ...] = ()
    """For each traveller with a reading, the frames from first facing to the answer."""


@dataclass(slots=True)
class RecordingFigures:
    """Everything that was judged."""

    by_attribute: dict[str, FaceFigures] = field(default_factory=dict)
    """Faces by what the annotator noted: all, glasses, and each device."""
    people: list[PeopleFigures] = field(default_factory=list)
    """Each recording."""

    @property
    def right_counts(self) -> int:
        """Recordings with exactly as many near facing people as annotated."""
        return sum(p.counted == p.wanted for p in self.people)

    @property
    def frames_to_answer(self) -> float | None:
        """Median frames from facing the camera to the answer, or None without any."""
        waits = [n for people in self.people for n in people.frames_to_answer]
        return float(median(waits)) if waits else None


def judge(
    lines: Iterable[Mapping[str, Any]], index: Sequence[Mapping[str, Any]]
) -> RecordingFigures:
    """Compare a replay with the annotations.

    Args:
        lines: a replay's lines, in order.
        index: one entry a recording: `file`, `name`, `device`, `annotated_frames` (each `frame`
            and `faces` with `box_upright`, `flags`, `uncertain`), `persons_facing_camera_near`.

    Recordings of the index that the lines do not have are left out.
    """
    frames: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    passages: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in lines:
        kind = frames if line["type"] == "frame" else passages
        kind[line["recording"]].append(line)
    figures = RecordingFigures()
    for entry in index:
        own = frames.get(entry["file"])
        if own is None:
            continue
        _judge_faces(figures.by_attribute, own, entry)
        figures.people.append(_judge_people(own, passages[entry["file"]], entry))
    return figures


def _judge_faces(
    by_attribute: dict[str, FaceFigures],
    frames: Sequence[Mapping[str, Any]],
    entry: Mapping[str, Any],
) -> None:
    by_number = {frame["index"]: frame for frame in frames}
    for annotated in entry.get("annotated_frames", ()):
        frame = by_number.get(annotated["frame"])
        if frame is None:
            continue
        rest = [box_of(face["box"]) for face in frame["faces"]]
        groups = [by_attribute.setdefault(key, FaceFigures()) for key in ("all", entry["device"])]
        for figures in groups:
            figures.frames += 1
        for face in annotated["faces"]:
            if face["uncertain"] or not face["box_upright"]:
                continue
            wanted = box_of(face["box_upright"])
            best = max(rest, key=wanted.iou, default=None)
            is_found = best is not None and best.iou(wanted) >= _HIT_IOU
            if is_found and best is not None:
                rest.remove(best)
            flags = [by_attribute.setdefault(flag, FaceFigures()) for flag in face["flags"]]
            for figures in (*groups, *flags):
                figures.wanted += 1
                figures.found += is_found
        seen = [box_of(f["box_upright"]) for f in annotated["faces"] if f["box_upright"]]
        false = sum(all(box.iou(other) < _EXCUSED_IOU for other in seen) for box in rest)
        for figures in groups:
            figures.false += false


def _judge_people(
    frames: Sequence[Mapping[str, Any]],
    passages: Sequence[Mapping[str, Any]],
    entry: Mapping[str, Any],
) -> PeopleFigures:
    facing: dict[int, list[int]] = defaultdict(list)
    named: dict[int, bool] = defaultdict(bool)
    answered_at: dict[int, int] = {}
    for frame in frames:
        for face in frame["faces"]:
            traveller = face["traveller"]
            if traveller is None:
                continue
            if face["frontality"] >= _FACING and "too_far" not in face["reasons"]:
                facing[traveller].append(frame["index"])
                named[traveller] |= bool(face["reasons"]) and _is_prompt(facing[traveller])
            if face["outcome"] is not None:
                answered_at.setdefault(traveller, frame["index"])
    counted = [p for p in passages if p["facing_frames"] >= _NEAR_FACING_FRAMES]
    waits = {t: at - facing[t][0] + 1 for t, at in answered_at.items() if facing.get(t)}
    measured = [p["traveller"] for p in passages if p["outcome"] != "not_measured"]
    return PeopleFigures(
        name=entry["name"],
        wanted=entry.get("persons_facing_camera_near") or 0,
        counted=len(counted),
        travellers=len(passages),
        answered=sum(
            named[p["traveller"]] or waits.get(p["traveller"], _PROMPT_FRAMES + 1) <= _PROMPT_FRAMES
            for p in counted
        ),
        measured=len(measured),
        frames_to_answer=tuple(waits[t] for t in measured if t in waits),
    )


def _is_prompt(numbers: Sequence[int]) -> bool:
    """Whether the latest of these frames is within two seconds of the first."""
    return numbers[-1] - numbers[0] < _PROMPT_FRAMES


def box_of(xywh: Sequence[float]) -> Box:
    """Return the box of a line's [x, y, width, height]."""
    x, y, width, height = xywh
    return Box(y, x, y + height, x + width)
