"""`fever-station record`: record a camera into a file that `replay` screens again."""

import argparse
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from drivers.api import ThermalCamera
from drivers.cameras.recording import write_npz
from drivers.errors import DeviceError, DeviceTimeout
from station.commands.device_choice import add_arguments, choose
from station.core.errors import KnownError
from station.core.frames import FrameStatus, ThermalFrame

_READ_S = 1.0
_PATIENCE = 5
_ZERO_CELSIUS_K = 273.15
# A recording is kept in memory until its end.
_MOST_BYTES = 2_000_000_000


@dataclass(slots=True)
class _Film:
    pictures: list[NDArray[np.uint16]] = field(default_factory=list)
    times_ns: list[int] = field(default_factory=list)
    is_shutter: list[bool] = field(default_factory=list)
    started_at: datetime | None = None
    skipped: int = 0

    def add(self, frame: ThermalFrame) -> None:
        """Add one frame; one without temperatures is counted and left out."""
        if frame.status is FrameStatus.NOT_RADIOMETRIC:
            self.skipped += 1
            return
        if self.pictures and self.pictures[0].shape != frame.shape:
            raise KnownError("The camera has changed the size of its pictures: record it again.")
        centikelvin = np.rint((frame.temperature_c + np.float32(_ZERO_CELSIUS_K)) * 100)
        self.pictures.append(centikelvin.clip(0, np.iinfo(np.uint16).max).astype(np.uint16))
        self.times_ns.append(round(frame.monotonic_s * 1e9))
        self.is_shutter.append(frame.status is FrameStatus.SHUTTER)
        self.started_at = self.started_at or frame.captured_at

    @property
    def is_full(self) -> bool:
        """Whether no more fits into memory."""
        return bool(self.pictures) and len(self.pictures) * self.pictures[0].nbytes > _MOST_BYTES


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser("record", help="record a camera into a file for replay")
    add_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz")
    parser.add_argument("--seconds", type=float, default=10.0, help="stop by itself")


def run(args: argparse.Namespace) -> int:
    """Record until the time is over, the camera ends, or Ctrl+C; what came until then is kept.

    Returns:
        0 if the whole time was recorded, 1 if the camera was lost before.

    Raises:
        DeviceError: if the camera cannot be opened.
        KnownError: if the device is no camera, gave no frame, or the file cannot be written.
    """
    if args.out.exists():
        raise KnownError(f"{args.out} exists: choose another name.")
    camera = choose(args).create()
    if not isinstance(camera, ThermalCamera):
        raise KnownError("Only cameras are recorded: name one.")
    film, lost = _Film(), ""
    with camera:
        model, device = camera.info.model, camera.info.serial_number
        try:
            _film(camera, film, args.seconds)
        except DeviceError as error:
            lost = f" The camera was lost: {error}"
        except KeyboardInterrupt:
            pass
    _write(args.out, film, model, device)
    skipped = f", {film.skipped} without temperatures left out" if film.skipped else ""
    said = f"{len(film.pictures)} frames in {args.out}{skipped}.{lost}"
    Console(highlight=False).print(said, markup=False, soft_wrap=True)
    return 1 if lost else 0


def _film(camera: ThermalCamera, film: _Film, seconds: float) -> None:
    """Record; a camera that only hesitates is waited for."""
    ends_s, silences = time.monotonic() + seconds, 0
    while time.monotonic() < ends_s and not film.is_full:
        try:
            frame = camera.read(_READ_S)
        except DeviceTimeout:
            silences += 1
            if silences >= _PATIENCE:
                raise
            continue
        if frame is None:
            return
        silences = 0
        film.add(frame)


def _write(path: Path, film: _Film, model: str, device: str) -> None:
    if film.started_at is None:
        raise KnownError("The camera gave no frame with temperatures: nothing was recorded.")
    try:
        write_npz(
            path,
            np.stack(film.pictures),
            np.array(film.times_ns, dtype=np.int64),
            np.array(film.is_shutter),
            model=model,
            device=device,
            started_at=film.started_at,
        )
    except OSError as error:
        raise KnownError(f"{path} cannot be written ({error.strerror}): free the disk.") from error
