"""Feeds lanes from the twin: it runs as a process of its own and is known only by its messages.

`python -m simulators twin` documents the format. Each clip gets a lane of its own, built as the
runtime builds it, with the settings that a technician would have made at that place.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from config.device_settings import CameraSettings
from config.settings import Settings
from station.core.errors import KnownError
from station.core.faces import Box, FaceLocator
from station.core.frames import FrameStatus, ThermalFrame
from station.core.lane import Lane
from station.core.room import Room
from station.evaluation.twin_runs import Moment, Run, Snapshot, TrueFace
from station.runtime.lanes import build_lane

_ZERO_C_K = 273.15
_HALF_MIDDLE_PX = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """How to run one scenario through the station.

    Every lane is fresh; several variants may watch the same frames.
    """

    scenario: str
    """Its name."""
    options: Mapping[str, int | float]
    """Options of the twin's command line."""
    settings: Settings
    """The station's settings."""
    locator: FaceLocator
    """Finds faces."""
    variants: tuple[Callable[[Settings, Room], tuple[Settings, Room]], ...] = (lambda s, r: (s, r),)
    """Each makes another lane of the settings and the known room."""

    def runs(self) -> Iterator[tuple[Run, ...]]:
        """Yield each clip as every variant's lane saw it.

        Raises:
            KnownError: if the twin cannot be started, or ends too early.
        """
        with _twin(self.scenario, self.options) as (frames, truth):
            yield from self._clips(frames, truth)

    def _clips(self, frames: IO[bytes], truth: IO[str]) -> Iterator[tuple[Run, ...]]:
        message = _message(frames)
        while message["kind"] != "end":
            clip = message
            facts = json.loads(truth.readline())["facts"]
            watchers = [self._watcher(clip, variant) for variant in self.variants]
            while (message := _message(frames))["kind"] == "frame":
                frame = _frame(message, _payload(frames, message["bytes"]), clip)
                people = tuple(_true_face(who) for who in json.loads(truth.readline())["people"])
                for watcher in watchers:
                    watcher.watch(frame, message["t_s"], people)
            yield tuple(watcher.run(clip, facts) for watcher in watchers)

    def _watcher(
        self,
        clip: dict[str, Any],
        variant: Callable[[Settings, Room], tuple[Settings, Room]],
    ) -> "_Watcher":
        settings, camera = at_site(self.settings, clip["site"])
        settings, room = variant(settings, Room(**clip["sensors"]))
        numbers = count(1)
        lane = build_lane(settings, camera, self.locator, lambda: UUID(int=next(numbers)))
        lane.set_room(room)
        return _Watcher(lane, room, [])


@dataclass(slots=True)
class _Watcher:
    lane: Lane
    room: Room
    moments: list[Moment]
    snapshot: Snapshot | None = None

    def watch(self, frame: ThermalFrame, t_s: float, people: tuple[TrueFace, ...]) -> None:
        rows, columns = (n // 2 for n in frame.shape)
        middle = frame.temperature_c[
            rows - _HALF_MIDDLE_PX : rows + _HALF_MIDDLE_PX,
            columns - _HALF_MIDDLE_PX : columns + _HALF_MIDDLE_PX,
        ]
        step = self.lane.step(frame)
        moment = Moment(t_s, people, step, float(middle.mean()))
        self.moments.append(moment)
        most = len(self.snapshot.moment.step.faces) if self.snapshot else -1
        if len(step.faces) > most:
            self.snapshot = Snapshot(frame.temperature_c, moment)

    def run(self, clip: dict[str, Any], facts: dict[str, Any]) -> Run:
        ended = [e for moment in self.moments for e in moment.step.ended]
        return Run(
            name=clip["name"],
            facts=facts,
            room=self.room,
            rate_hz=clip["rate_hz"],
            moments=tuple(self.moments),
            ended=(*ended, *self.lane.end()),
            snapshot=self.snapshot,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TwinFilm:
    """One clip of the twin, kept: pictures as a camera gives them, without the truth."""

    site: Mapping[str, Any]
    """The technician's settings."""
    sensors: Mapping[str, Any]
    """What the room's instruments say."""
    pictures: tuple[NDArray[np.uint16], ...]
    """Centikelvin, each of shape (rows, columns)."""

    def there_and_back(self) -> list[NDArray[np.uint16]]:
        """Return the pictures forwards and backwards: shown again and again, nobody jumps.

        Backwards all is 0.01 K warmer: no camera shows a picture twice to the last bit.
        """
        back = (picture + np.uint16(1) for picture in self.pictures[:0:-1])
        return [*self.pictures[:-1], *back]


def film(scenario: str, options: Mapping[str, int | float]) -> TwinFilm:
    """Return the first clip of a scenario.

    Raises:
        KnownError: if the twin cannot be started, or ends too early.
    """
    with _twin(scenario, options) as (frames, _):
        clip = _message(frames)
        pictures = []
        while (message := _message(frames))["kind"] == "frame":
            pictures.append(_counts(_payload(frames, message["bytes"]), clip))
    return TwinFilm(clip["site"], clip["sensors"], tuple(pictures))


@contextmanager
def _twin(scenario: str, options: Mapping[str, int | float]) -> Iterator[tuple[IO[bytes], IO[str]]]:
    """Run the twin as a process of its own; give its frames and its truth."""
    with TemporaryDirectory(prefix="fever-twin-") as folder:
        truth_path = Path(folder) / "truth.jsonl"
        truth_path.touch()
        command = [
            sys.executable, "-m", "simulators", "twin", scenario, "--truth", str(truth_path),
            *(str(x) for item in options.items() for x in item),
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - ours
        try:
            with truth_path.open(encoding="utf-8") as truth:
                if process.stdout is not None:
                    yield process.stdout, truth
        finally:
            if process.stdout is not None:
                process.stdout.close()
            process.terminate()
            process.wait()


def at_site(settings: Settings, site: Mapping[str, Any]) -> tuple[Settings, CameraSettings]:
    """Return settings and camera with what a technician set at this place, as `section.key`.

    Raises:
        KnownError: if the twin names a setting that the station does not have.
    """
    camera = CameraSettings("twin", "twin", "twin", warm_up_s=0.0)
    for name, value in site.items():
        section, _, key = name.partition(".")
        try:
            if section == "camera":
                camera = replace(camera, **{key: _parsed(camera, key, value)})
            elif section == "policies":
                policies = tuple(
                    replace(p, **{key: _parsed(p, key, value)}) for p in settings.policies
                )
                settings = replace(settings, policies=policies)
            else:
                part = getattr(settings, section)
                changed = replace(part, **{key: _parsed(part, key, value)})
                settings = replace(settings, **{section: changed})
        except (AttributeError, TypeError) as error:
            raise KnownError(
                f"The twin sets {name!r}, which this station does not know: install both alike."
            ) from error
    return settings, camera


def _parsed(part: Any, key: str, value: Any) -> Any:
    """Return a JSON value as the setting's own type."""
    kinds = {f.name: str(f.type) for f in fields(part)}
    if isinstance(value, str) and "date" in kinds.get(key, ""):
        return date.fromisoformat(value)
    if isinstance(value, list):
        return tuple(tuple(inner) if isinstance(inner, list) else inner for inner in value)
    return value


def _message(frames: IO[bytes]) -> dict[str, Any]:
    line = frames.readline()
    if not line:
        raise KnownError("The twin ended too early: its complaint stands above.")
    message: dict[str, Any] = json.loads(line)
    return message


def _payload(frames: IO[bytes], size: int) -> bytes:
    data = frames.read(size)
    if len(data) != size:
        raise KnownError("The twin ended within a frame: its complaint stands above.")
    return data


def _frame(message: dict[str, Any], data: bytes, clip: dict[str, Any]) -> ThermalFrame:
    return ThermalFrame(
        temperature_c=_counts(data, clip) * np.float32(0.01) - np.float32(_ZERO_C_K),
        sequence=message["sequence"],
        captured_at=datetime.fromisoformat(message["captured_at"]),
        monotonic_s=message["t_s"],
        camera_id="twin",
        status=FrameStatus(message["status"]),
        shutter_age_s=message["shutter_age_s"],
    )


def _counts(data: bytes, clip: dict[str, Any]) -> NDArray[np.uint16]:
    counts: NDArray[np.uint16] = np.frombuffer(data, "<u2")
    return counts.reshape(clip["rows"], clip["columns"])


def _true_face(who: dict[str, Any]) -> TrueFace:
    return TrueFace(
        name=who["name"],
        box=Box(*who["box"]),
        canthus_c=who["canthus_c"],
        core_c=who["core_c"],
        is_facing=who["facing"],
        visible=who["visible"],
        mm_per_px=who["mm_per_px"],
    )
