"""The lines of a replay; README documents the format, and it stays stable."""

from typing import Any

from station.core.extraction import SkinReading
from station.core.faces import Box
from station.core.lane_steps import FaceObservation, LaneStep
from station.core.passages import Passage
from station.core.uncertainty import mm_per_px

Line = dict[str, Any]
"""One JSON object."""


def frame_line(name: str, index: int, step: LaneStep) -> Line:
    """Return the JSON line of one frame; the format is documented in README and stable."""
    reference = step.reference
    return {
        "type": "frame",
        "recording": name,
        "index": index,
        "lane": step.state.value,
        "reference": {
            "state": reference.state.value,
            "box": _xywh(reference.box) if reference.box else None,
            "apparent_c": _rounded(reference.apparent_c),
        },
        "faces": [_face(observation) for observation in step.faces],
    }


def passage_line(name: str, passage: Passage) -> Line:
    """Return the JSON line of one passage."""
    screening = passage.screening
    measured = screening.measurement
    return {
        "type": "passage",
        "recording": name,
        "traveller": passage.traveller,
        "first": passage.first_sequence,
        "last": passage.last_sequence,
        "outcome": screening.outcome.value,
        "skin_c": _rounded(measured.skin_c if measured else None),
        "u_c": _rounded(measured.u_c if measured else None),
        "reasons": [reason.value for reason in screening.reasons],
        "site": measured.site.value if measured else None,
        "mm_per_px": _rounded(measured.mm_per_px if measured else None),
        "pre_screen": measured.is_pre_screen if measured else None,
        "oral_c": _rounded(measured.oral.oral_c) if measured and measured.oral else None,
        "oral_u_c": _rounded(measured.oral.u_c) if measured and measured.oral else None,
        "facing_frames": passage.facing_frames,
    }


def _face(observation: FaceObservation) -> Line:
    result = observation.result
    reading = result if isinstance(result, SkinReading) else None
    point = result.point
    return {
        "traveller": observation.traveller,
        "box": _xywh(observation.face.box),
        "site": reading.site.value if reading else None,
        "point": [round(point[1], 1), round(point[0], 1)] if point else None,
        "skin_c": _rounded(reading.skin_c if reading else None),
        "u_c": _rounded(reading.u_c if reading else None),
        "valid": reading is not None,
        "reasons": [] if isinstance(result, SkinReading) else [result.reason.value],
        "outcome": observation.screening.outcome.value if observation.screening else None,
        "mm_per_px": round(mm_per_px(observation.face), 2),
        "frontality": round(observation.face.frontality, 2),
    }


def _xywh(box: Box) -> list[float]:
    return [round(v, 1) for v in (box.left, box.top, box.width, box.height)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
