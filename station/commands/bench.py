"""`fever-station bench loop`: the cost of a frame, everything on, in floors timed beside it."""

import argparse
import json
import resource
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import cv2
import numpy as np
from numpy.typing import NDArray

from config.loader import load_settings
from config.settings import Settings
from station.commands.results import result_file, write_result
from station.commands.twin_stream import TwinFilm, at_site, film
from station.core.extraction import SkinReading
from station.core.frames import ThermalFrame
from station.core.lane import Lane
from station.core.lane_steps import LaneStep
from station.core.room import Room
from station.evaluation.loop_figures import (
    LoopFigures,
    growth_exponent,
    loop_figures,
    per_face_ms,
)
from station.runtime.lanes import build_lane, build_locator

_RATE_HZ = 9.0
_ZERO_C_K = 273.15
# Frames until every track is confirmed and every window is full.
_WARM_UP = 40
# Cases: rows, columns, people.
_SMALL, _LARGE, _LARGEST = (120, 160), (480, 640), (768, 1024)
_CASES = (
    (*_SMALL, 1),
    (*_LARGE, 1),
    (*_LARGE, 10),
    (*_LARGE, 20),
    (*_LARGE, 30),
    (*_LARGEST, 10),
)
_MB = 1024.0


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("bench", help="time the measuring loop on this machine")
    parser.add_argument("what", choices=("loop",), help="the measuring loop, as JSON")
    parser.add_argument("--frames", type=int, default=400, help="timed in each case (400)")
    parser.add_argument(
        "--soak", type=int, default=0, metavar="N", help="then N frames for memory's growth"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--json", type=result_file, metavar="OUT", help="write here instead of printing"
    )


def run(args: argparse.Namespace) -> int:
    """Time every case and print one JSON object.

    Raises:
        KnownError: if the twin does not run, or the file cannot be written.
    """
    settings = load_settings(None)
    figures = {
        _name(rows, columns, people): _timed(
            _filmed(settings, rows, columns, people, args.seed), args.frames
        )
        for rows, columns, people in _CASES
    }
    report = _report(figures)
    if args.soak:
        report["soak"] = _soaked(_filmed(settings, *_SMALL, 1, args.seed), args.soak)
    text = json.dumps(report, indent=2) + "\n"
    if args.json is None:
        sys.stdout.write(text)
        return 0
    write_result(args.json, text)
    return 0


class _Loop:
    """One lane that sees a film forwards and backwards, again and again."""

    def __init__(self, settings: Settings, scene: TwinFilm) -> None:
        settings, camera = at_site(settings, scene.site)
        numbers = count(1)
        self.lane: Lane = build_lane(
            settings, camera, build_locator(settings.locator), lambda: UUID(int=next(numbers))
        )
        self.lane.set_room(Room(**scene.sensors))
        self._pictures = scene.there_and_back()
        self._started_at = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def raw(self, number: int) -> NDArray[np.uint16]:
        """Return the frame's pixels as a camera gives them."""
        return self._pictures[number % len(self._pictures)]

    def step(self, number: int) -> LaneStep:
        """Do all that is done for one frame."""
        elapsed_s = number / _RATE_HZ
        return self.lane.step(
            ThermalFrame(
                convert(self.raw(number)),
                number,
                self._started_at + timedelta(seconds=elapsed_s),
                elapsed_s,
                "twin",
            )
        )


def convert(
    counts: NDArray[np.uint16], into: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return centikelvin as °C; the floor converts into memory that is there already."""
    converted = cv2.addWeighted(counts, 0.01, counts, 0.0, -_ZERO_C_K, dst=into, dtype=cv2.CV_32F)
    return np.asarray(converted)


def _filmed(settings: Settings, rows: int, columns: int, people: int, seed: int) -> _Loop:
    options = {"--rows": rows, "--columns": columns, "--people": people, "--seed": seed}
    return _Loop(settings, film("standing", options))


def _timed(loop: _Loop, frames: int) -> LoopFigures:
    for number in range(_WARM_UP):
        loop.step(number)
    costs_s, floors_s, faces, readings = [], [], 0, 0
    kept = convert(loop.raw(0))
    for number in range(_WARM_UP, _WARM_UP + frames):
        floors_s.append(min(_converted_s(loop.raw(number), kept) for _ in range(3)))
        started_s = time.perf_counter()
        step = loop.step(number)
        costs_s.append(time.perf_counter() - started_s)
        faces += len(step.faces)
        readings += sum(isinstance(face.result, SkinReading) for face in step.faces)
    shape = loop.raw(0).shape
    return loop_figures(
        (shape[0], shape[1]),
        costs_s,
        floors_s,
        faces=faces / frames,
        readings=readings / frames,
    )


def _converted_s(counts: NDArray[np.uint16], into: NDArray[np.float32]) -> float:
    started_s = time.perf_counter()
    convert(counts, into)
    return time.perf_counter() - started_s


def _soaked(loop: _Loop, frames: int) -> dict[str, float]:
    """Return how the process grew over the last nine tenths of many frames."""
    tenth = max(frames // 10, 1)
    for number in range(tenth):
        loop.step(number)
    before_mb = _resident_mb()
    for number in range(tenth, frames):
        loop.step(number)
    return {
        "frames": frames,
        "resident_mb": round(_resident_mb(), 1),
        "grown_mb": round(_resident_mb() - before_mb, 2),
    }


def _resident_mb() -> float:
    # The peak: what never grows again after the first tenth does not grow at all.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


def _report(figures: dict[str, LoopFigures]) -> dict[str, Any]:
    few, many = figures[_name(*_LARGE, 1)], figures[_name(*_LARGE, 30)]
    small, large = figures[_name(*_SMALL, 1)], figures[_name(*_LARGE, 10)]
    return {
        "cases": {
            name: {key: round(value, 4) for key, value in asdict(case).items()}
            | {
                "mean_ratio": round(case.mean_ratio, 1),
                "median_ratio": round(case.median_ratio, 1),
                "p99_ratio": round(case.p99_ratio, 1),
            }
            for name, case in figures.items()
        },
        "further_face_ms": round(per_face_ms(few, many), 4),
        "further_face_ratio": round(per_face_ms(few, many) / few.floor_ms, 2),
        "growth_with_pixels": round(growth_exponent(large, figures[_name(*_LARGEST, 10)]), 2),
        # A core that converts 640x480 in 0.05 ms would need so many ms for a small frame.
        "small_frame_ms_on_a_reference_core": round(0.05 * small.mean_ms / few.floor_ms, 3),
    }


def _name(rows: int, columns: int, people: int) -> str:
    return f"{columns}x{rows}, {people} people"
