"""`fever-station certify`: prove that a camera's readings follow a source."""

import argparse
import hashlib
import json
import math
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NoReturn, cast

from config.device_settings import CameraSettings, SweptSourceSettings
from config.loader import load_settings
from config.settings import Settings
from drivers.api import DeviceInfo, ReferenceSource, SetPointChange, ThermalCamera
from drivers.registry import DeviceKind, create, require_known
from station.commands.certify_arguments import add_arguments
from station.commands.results import write_result
from station.core.errors import KnownError
from station.core.linearity import STEP_C, SWEEP_C, MissedStep, Step, Verdict, judge
from station.core.swept_source import SweptSourceLimits, SweptSourceMeter, overlapping
from station.core.uncertainty import COVERAGE_FACTOR
from station.evaluation.certificate import (
    STATEMENT,
    Certificate,
    notes,
    summary,
    uncertainty_lines,
)
from station.evaluation.sweep import FrameFeed, Sweep, SweepLimits
from station.evaluation.swept_sources import ManualSource, SweptSource, WiredSource
from station.runtime.driver_options import driver_options
from station.runtime.lanes import build_limits, build_room
from station.service.certificates import keep_figures

_MANUAL = "manual"
_EXIT = {
    Verdict.PASS: 0,
    Verdict.NORMALISING: 1,
    Verdict.NOT_LINEAR: 1,
    Verdict.INCOMPLETE: 2,
}
_SOURCE_C = ReferenceSource.SETTABLE_C
_MOST_STEPS = 400
_LEAST_STEPS = 3
_SAME_EMISSIVITY = 0.005
_YES = ("y", "yes", "是", "确认")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    add_arguments(
        commands.add_parser(
            "certify", help="sweep a source and prove that a camera does not normalise"
        )
    )


def run(args: argparse.Namespace) -> int:
    """Sweep, print the verdict and write the certificate.

    Returns:
        0 for a pass, 1 for a camera that must not be used, 2 if the sweep is incomplete.

    Raises:
        KnownError: if the camera or the source cannot be had, or nobody confirms the sweep.
        ConfigError: if the site file does not fit.
    """
    settings = _overridden(load_settings(args.config), args)
    camera = _chosen(settings, args.camera)
    if settings.swept_source.driver != _MANUAL:
        require_known(DeviceKind.REFERENCE, settings.swept_source.driver)
    targets = sweep_targets(args.from_c, args.to_c, args.step)
    out = args.out or Path(f"certificate-{_file_name(camera.camera_id)}.pdf")
    meter = _build_meter(settings, camera)
    with ExitStack() as devices:
        # Whoever ends the sweep early, the source must not stay hot.
        before = signal.signal(signal.SIGTERM, _interrupt)
        devices.callback(signal.signal, signal.SIGTERM, before)
        feed = FrameFeed(_build_camera(camera), meter)
        devices.callback(feed.close)
        _say(f"camera {camera.camera_id}: {feed.info.model}, serial {feed.info.serial_number}")
        source = _build_source(settings.swept_source, args, targets)
        devices.callback(_finish, source)
        _say(f"swept source: {source.description}")
        sweep = Sweep(
            feed,
            source,
            SweepLimits(args.frames, args.patience),
            on_step=lambda step: _say(_told(step)),
            on_wait=lambda reason: _say(f"waiting: {reason}"),
        )
        steps, missed = sweep.run(targets)
        certificate = Certificate(
            judge(steps, missed),
            tuple(steps),
            tuple(missed),
            _facts(settings, camera, feed.info, source, args),
            datetime.now(UTC),
            _is_whole(targets),
        )
    folder = settings.station.export_folder
    return _conclude(certificate, camera.camera_id, out, args.json, folder)


def sweep_targets(from_c: float, to_c: float, step_c: float) -> list[float]:
    """Return the temperatures of a sweep, both ends included, °C.

    Raises:
        KnownError: if they make no sweep.
    """
    low_c, high_c = _SOURCE_C
    if not low_c <= from_c < to_c <= high_c:
        raise KnownError(
            f"A sweep from {from_c:g} to {to_c:g} °C is not possible: go upwards between "
            f"{low_c:g} and {high_c:g} °C."
        )
    count = math.floor((to_c - from_c) / step_c + 1e-6) + 1
    targets = [round(from_c + index * step_c, 4) for index in range(min(count, _MOST_STEPS + 1))]
    if to_c - targets[-1] > 1e-6:  # noqa: PLR2004 - rounding
        targets.append(to_c)
    if not _LEAST_STEPS <= len(targets) <= _MOST_STEPS:
        raise KnownError(
            f"A step of {step_c:g} °C does not fit from {from_c:g} to {to_c:g} °C: choose it so "
            f"that there are {_LEAST_STEPS} to {_MOST_STEPS} temperatures."
        )
    return targets


def _is_whole(targets: list[float]) -> bool:
    widest_c = max(hotter - colder for colder, hotter in pairwise(targets))
    is_wide = targets[0] <= SWEEP_C[0] and targets[-1] >= SWEEP_C[1]
    return is_wide and widest_c <= STEP_C + 1e-6


def _overridden(settings: Settings, args: argparse.Namespace) -> Settings:
    """Return the settings with the swept source as the command line wants it.

    Raises:
        KnownError: if its region touches the reference source's.
    """
    swept = settings.swept_source
    changes: dict[str, Any] = {
        "driver": args.source,
        "region": args.region,
        "emissivity": args.emissivity,
        "u_c": args.source_u,
        "dwell_s": args.dwell,
    }
    swept = replace(swept, **{name: v for name, v in changes.items() if v is not None})
    if args.source_port is not None:
        swept = replace(swept, options={**swept.options, "port": args.source_port})
    other = overlapping(swept.region, settings.reference.regions)
    if other is not None:
        raise KnownError(
            f"The swept source's region {list(swept.region)} overlaps the reference source's "
            f"region {list(other)}, so one could be taken for the other: narrow "
            "[reference].regions and [swept_source].region (or --region) until they lie apart."
        )
    return replace(settings, swept_source=swept)


def _chosen(settings: Settings, camera_id: str | None) -> CameraSettings:
    names = [camera.camera_id for camera in settings.cameras]
    if not names:
        raise KnownError("The site file has no camera: add a [[cameras]] section.")
    if camera_id is None and len(names) == 1:
        return settings.cameras[0]
    if camera_id not in names:
        raise KnownError(f"Name one of the cameras with --camera: {', '.join(names)}.")
    return settings.cameras[names.index(camera_id)]


def _build_meter(settings: Settings, camera: CameraSettings) -> SweptSourceMeter:
    limits, swept = build_limits(settings, camera), settings.swept_source
    return SweptSourceMeter(
        limits.reference,
        SweptSourceLimits(swept.region, swept.radius_fraction, swept.emissivity, swept.u_c),
        limits.frame,
        build_room(settings.room),
    )


def _build_camera(camera: CameraSettings) -> ThermalCamera:
    options = dict(
        driver_options(camera.options),
        camera_id=camera.camera_id,
        orientation=camera.orientation,
    )
    return cast(ThermalCamera, create(DeviceKind.CAMERA, camera.driver, **options))


def _build_source(
    swept: SweptSourceSettings, args: argparse.Namespace, targets: list[float]
) -> SweptSource:
    if swept.driver == _MANUAL:
        return ManualSource(_ask)
    if "port" not in swept.options:
        raise KnownError(
            f"The source {swept.driver!r} needs its port: name --source-port, or set port in "
            "[swept_source.options]; --source manual is for a source without a wire."
        )
    made = create(DeviceKind.REFERENCE, swept.driver, **driver_options(swept.options))
    source = WiredSource(
        cast(ReferenceSource, made),
        _confirmer(targets, is_confirmed=args.yes),
        dwell_s=swept.dwell_s,
        patience_s=args.settle,
    )
    told = source.emissivity
    if told is not None and abs(told - swept.emissivity) > _SAME_EMISSIVITY:
        source.finish()
        raise KnownError(
            f"The source tells its temperature for an emissivity of {told:g}, the settings say "
            f"{swept.emissivity:g}: set [swept_source].emissivity (or --emissivity) to {told:g}, "
            "or change it on the source."
        )
    return source


def _confirmer(
    targets: list[float], *, is_confirmed: bool
) -> Callable[[DeviceInfo, SetPointChange], bool]:
    def confirm(info: DeviceInfo, change: SetPointChange) -> bool:
        heats = " Its output is off and would be switched on." if change.starts_heating else ""
        question = (
            f"{info.model}, serial {info.serial_number}, is set to {change.from_c:.2f} °C and "
            f"would be swept from {targets[0]:.2f} to {targets[-1]:.2f} °C.{heats} Its plate gets "
            "warm; afterwards it is set back."
        )
        if is_confirmed:
            _say(f"{question} Confirmed by --yes.")
            return True
        answer = _ask(f"{question} May it? Type yes: ")
        return answer is not None and answer.strip().lower() in _YES

    return confirm


def _ask(question: str) -> str | None:
    """Return the answer's line, or None at the end of input."""
    sys.stdout.write(question)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        _say("")
    return line if line else None


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _finish(source: SweptSource) -> None:
    fault = source.finish()
    if fault:
        sys.stderr.write(f"fever-station certify: {fault}\n")


def _told(step: Step | MissedStep) -> str:
    if isinstance(step, MissedStep):
        return f"{step.target_c:6.2f} °C  not measured: {step.reason}"
    return (
        f"{step.true_c:6.2f} °C  shown {step.shown_c:.3f}  deviation {step.deviation_c:+.3f} "
        f"±{COVERAGE_FACTOR * step.noise_u_c:.3f} °C (k=2)  {step.frames} frames"
    )


def _facts(
    settings: Settings,
    camera: CameraSettings,
    info: DeviceInfo,
    source: SweptSource,
    args: argparse.Namespace,
) -> tuple[tuple[str, str], ...]:
    reference, swept, room = settings.reference, settings.swept_source, settings.room
    station = settings.station
    level = f"u {swept.u_c:g} °C, emissivity {swept.emissivity:g}"
    return (
        ("Camera", f"{info.model}, serial {info.serial_number or 'not told'}"),
        ("Named", f"{camera.camera_id}, lane {camera.lane}, driver {camera.driver}"),
        ("Site", f"{station.region} / {station.site} / {station.station_id}"),
        ("Software", f"fever-station {version('fever-station')}"),
        ("Settings", f"SHA-256 {settings_hash(settings)}"),
        (
            "Reference",
            f"set point {reference.set_point_c:.2f} °C, u {reference.set_point_u_c:g} °C, "
            f"emissivity {reference.emissivity:g}",
        ),
        ("Swept source", source.description),
        ("", level),
        ("Room", f"{room.ambient_c:g} °C, u {room.ambient_u_c:g} °C (as set)"),
        ("Frames", f"{args.frames} valid frames a step"),
    )


def settings_hash(settings: Settings) -> str:
    """Return the first 16 hex digits of the SHA-256 of all settings, passwords left out."""

    def without_secrets(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: without_secrets(v) for k, v in value.items() if "password" not in k}
        return [without_secrets(item) for item in value] if isinstance(value, tuple) else value

    content = json.dumps(without_secrets(asdict(settings)), sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _conclude(
    certificate: Certificate, camera_id: str, out: Path, json_out: Path | None, folder: Path
) -> int:
    """Print the verdict, write the files, and return the exit code."""
    # matplotlib takes longer to load than all other commands together: only who draws pays.
    from station.evaluation.certificate_page import write_pdf  # noqa: PLC0415

    judgement = certificate.judgement
    write_pdf(out, certificate)
    content = _figures(certificate, camera_id)
    if json_out is not None:
        _write_json(json_out, content)
    kept = keep_figures(folder, content)
    _say("")
    told = (summary(judgement), judgement.reasons, notes(judgement))
    for line in (*chain.from_iterable(told), *uncertainty_lines(certificate.steps)):
        _say(line)
    shortened = "" if certificate.is_whole else " (shortened sweep, not the whole check)"
    _say(f"verdict: {judgement.verdict.value}{shortened}")
    _say(f"certificate: {out}")
    _say(f"kept for the station: {kept}")
    _say(STATEMENT)
    return _EXIT[judgement.verdict]


def _figures(certificate: Certificate, camera_id: str) -> dict[str, Any]:
    return {
        "camera_id": camera_id,
        **asdict(certificate.judgement),
        "is_whole_sweep": certificate.is_whole,
        "finished_at": certificate.finished_at.isoformat(),
        "facts": [list(fact) for fact in certificate.facts],
        "steps": [{**asdict(s), "deviation_c": s.deviation_c} for s in certificate.steps],
        "missed": [asdict(step) for step in certificate.missed],
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    write_result(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _file_name(camera_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in camera_id)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
