"""Clips on a pipe as a camera would send them, and their truth in a file of its own.

The pipe carries messages: one line of JSON (UTF-8, ended by a line feed), and after a frame's line
the picture itself, `bytes` long: rows x columns unsigned 16-bit little-endian numbers, centikelvin,
the upper left pixel first.

* `{"kind": "clip", "name", "rows", "columns", "rate_hz", "sensors", "site"}` begins a film;
  `sensors` is what the room's instruments say, `site` the technician's settings.
* `{"kind": "frame", "sequence", "t_s", "captured_at", "status", "shutter_age_s", "bytes"}`: `t_s`
  counts from the clip's start on a clock that never jumps, `status` is live, shutter or
  not_radiometric.
* `{"kind": "end"}` ends the stream.

The truth file has one JSON line a clip, `{"clip", "facts"}`, and one a frame, `{"clip",
"sequence", "t_s", "source_c", "people"}`, each before the picture that it belongs to is sent.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

from simulators.twin.clips import Clip
from simulators.twin.people import FACE_WIDTH_MM
from simulators.twin.scene import TravellerTruth

_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_ZERO_C_K = 273.15


def send(clips: Iterable[Clip], frames: BinaryIO, truth: TextIO) -> None:
    """Send every clip, its truth ahead of it."""
    for clip in clips:
        _tell(truth, {"clip": clip.name, "facts": clip.facts})
        _put(frames, _clip_message(clip))
        for sequence, (t_s, message, picture) in enumerate(_frames(clip)):
            _tell(truth, _frame_truth(clip, sequence, t_s))
            _put(frames, message)
            frames.write(picture.tobytes())
    _put(frames, {"kind": "end"})
    frames.flush()


def _frames(clip: Clip) -> Iterator[tuple[float, dict[str, Any], NDArray[np.uint16]]]:
    frozen: NDArray[np.uint16] | None = None
    for sequence, t_s in enumerate(clip.times_s()):
        is_frozen = clip.frozen_s is not None and clip.frozen_s[0] <= t_s < clip.frozen_s[1]
        if not is_frozen or frozen is None:
            frozen = centikelvin(clip.scene.render(clip.start_s + t_s))
        has_shutter, age_s = clip.scene.sensor.told_shutter(clip.start_s + t_s)
        status = "shutter" if has_shutter else "live"
        jump_s = clip.clock_jump[1] if clip.clock_jump and t_s >= clip.clock_jump[0] else 0.0
        message = {
            "kind": "frame",
            "sequence": sequence,
            "t_s": t_s,
            "captured_at": (_NOON + timedelta(seconds=t_s + jump_s)).isoformat(),
            "status": status if clip.is_radiometric else "not_radiometric",
            "shutter_age_s": age_s,
            "bytes": frozen.nbytes,
        }
        yield t_s, message, frozen


def centikelvin(temperature_c: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return temperatures as a camera sends them: hundredths of a kelvin, rounded."""
    counts = np.rint((temperature_c + np.float32(_ZERO_C_K)) * 100)
    return np.asarray(np.clip(counts, 0, 65535), dtype="<u2")


def _clip_message(clip: Clip) -> dict[str, Any]:
    return {
        "kind": "clip",
        "name": clip.name,
        "rows": clip.shape[0],
        "columns": clip.shape[1],
        "rate_hz": clip.rate_hz,
        "sensors": asdict(clip.sensors),
        "site": clip.site,
    }


def _frame_truth(clip: Clip, sequence: int, t_s: float) -> dict[str, Any]:
    scene_s = clip.start_s + t_s
    return {
        "clip": clip.name,
        "sequence": sequence,
        "t_s": t_s,
        "source_c": clip.scene.reference.true_c(scene_s),
        "people": [_told(who) for who in clip.scene.truth(scene_s)],
    }


def _told(who: TravellerTruth) -> dict[str, Any]:
    box = who.box
    return {
        "name": who.name,
        "box": [box.top, box.left, box.bottom, box.right],
        "canthi": [who.canthi.image_left, who.canthi.image_right] if who.canthi else None,
        "canthus_c": who.canthus_c,
        "core_c": who.core_c,
        "distance_m": who.distance_m,
        "facing": who.facing,
        "yaw_deg": who.yaw_deg,
        "visible": who.visible,
        "mm_per_px": FACE_WIDTH_MM / box.width,
    }


def _put(stream: BinaryIO, message: dict[str, Any]) -> None:
    stream.write(json.dumps(message).encode() + b"\n")


def _tell(stream: TextIO, message: dict[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()
