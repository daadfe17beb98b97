"""`fever-station devices watch`: one device's numbers, and a camera's picture, as they come."""

import argparse
import time

import numpy as np
from numpy.typing import NDArray
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from drivers.api import Device, HandheldThermometer, ThermalCamera
from drivers.errors import DeviceError
from station.commands.device_choice import add_arguments, choose
from station.commands.device_texts import frame_text, read_line, told
from station.core.frame_figures import FrameFigures, FrameFiguresMeter
from station.core.frames import ThermalFrame

_READ_S = 1.0
_REFRESH_HZ = 5
_REOPEN_S = 1.0
_LINES_KEPT = 12
# What stands above the picture.
_TEXT_LINES = 9
_LEAST_SPAN_C = 0.5


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser("watch", help="show a device's numbers and picture as they come")
    add_arguments(parser)
    parser.add_argument("--seconds", type=float, default=0, help="stop by itself; 0 for never")
    parser.add_argument("--no-picture", action="store_true", help="numbers only")


def run(args: argparse.Namespace) -> int:
    """Watch until Ctrl+C or the time is over; a device that goes away is opened again.

    Raises:
        DeviceError: if it cannot be opened the first time.
        KnownError: if no device is named.
    """
    console = Console(highlight=False)
    lines = 0 if args.no_picture else console.size.height - _TEXT_LINES
    watch = _Watch(choose(args).create(), picture_lines=lines)
    ends_s = time.monotonic() + args.seconds if args.seconds else float("inf")
    try:
        with Live(console=console, refresh_per_second=_REFRESH_HZ) as live:
            while time.monotonic() < ends_s:
                live.update(watch.step())
    except KeyboardInterrupt:
        pass
    finally:
        watch.close()
    return 0


class _Watch:
    """Reads one device and draws it."""

    def __init__(self, device: Device, *, picture_lines: int) -> None:
        self._device = device
        self._palette = _palette() if picture_lines > 0 else None
        self._picture_lines = picture_lines
        self._meter = FrameFiguresMeter()
        self._lines: list[str] = []
        device.open()

    def step(self) -> RenderableType:
        """Return what there is to show after one more reading, or why there is none."""
        device = self._device
        try:
            if not device.is_open:
                device.open()
            shown = self._camera(device) if isinstance(device, ThermalCamera) else self._log(device)
        except DeviceError as error:
            device.close()
            time.sleep(_REOPEN_S)
            return Text(f"{error} Trying again.")
        return Group(Text(told(device.info)), shown)

    def close(self) -> None:
        """Close the device."""
        self._device.close()

    def _log(self, device: Device) -> RenderableType:
        """Add a reading to the latest lines."""
        if not isinstance(device, HandheldThermometer):
            # Sources and sensors answer at once; one question a second is enough.
            time.sleep(_READ_S)
        line = read_line(device, _READ_S)
        if line is not None:
            self._lines = [*self._lines, f"{time.strftime('%H:%M:%S')}  {line}"][-_LINES_KEPT:]
        return Text("\n".join(self._lines) or "nothing yet")

    def _camera(self, camera: ThermalCamera) -> RenderableType:
        frame = camera.read(_READ_S)
        if frame is None:
            time.sleep(_READ_S)
            return Text("the recording has ended")
        self._meter.take(frame)
        parts: list[RenderableType] = [
            Text(frame_text(frame, camera.sensor_c)),
            figures_table(self._meter.figures()),
        ]
        if self._palette is not None:
            parts.append(picture_text(frame, self._palette, self._picture_lines))
        return Group(*parts)


def figures_table(figures: FrameFigures) -> Table:
    """Return a camera's figures."""
    table = Table(show_header=False, box=None)
    rate = "-" if figures.rate_hz is None else f"{figures.rate_hz:.1f} a second"
    noise = "-" if figures.noise_c is None else f"{figures.noise_c * 1000:.0f} mK"
    statuses = ", ".join(f"{count} {status}" for status, count in figures.statuses)
    for name, value in (
        ("frames", f"{figures.frames} ({statuses})"),
        ("rate", rate),
        ("gaps", str(figures.gaps)),
        ("noise", noise),
    ):
        table.add_row(name, value)
    return table


def picture_text(frame: ThermalFrame, palette: NDArray[np.uint8], lines: int) -> Text:
    """Return the picture as coloured half blocks: two pixels a character, one above the other.

    Args:
        frame: the frame.
        palette: RGB, shape (256, 3).
        lines: height in lines of text.
    """
    rgb = palette[_shades(frame.temperature_c, 2 * lines)]
    text = Text()
    for upper, lower in zip(rgb[0::2], rgb[1::2], strict=True):
        for above, below in zip(upper, lower, strict=True):
            text.append("▀", style=f"rgb({_csv(above)}) on rgb({_csv(below)})")
        text.append("\n")
    return text


def _shades(temperature_c: NDArray[np.float32], rows: int) -> NDArray[np.uint8]:
    """Return a smaller picture of an even number of rows, at most so many, 0 cold to 255 hot."""
    rows_px, columns_px = temperature_c.shape
    height = min(rows, rows_px // 2 * 2)
    width = max(1, columns_px * height // rows_px)
    y, x = np.arange(height) * rows_px // height, np.arange(width) * columns_px // width
    small = np.nan_to_num(temperature_c[y][:, x])
    low, high = np.percentile(small, (1, 99))
    shades = np.clip((small - low) / max(float(high - low), _LEAST_SPAN_C), 0, 1) * 255
    return np.asarray(shades, dtype=np.uint8)


def _palette() -> NDArray[np.uint8]:
    """Return the colours, readable with every common colour blindness."""
    # Loaded only to draw: it takes half a second.
    from matplotlib import colormaps  # noqa: PLC0415

    return np.asarray(colormaps["cividis"](np.arange(256), bytes=True)[:, :3], dtype=np.uint8)


def _csv(rgb: NDArray[np.uint8]) -> str:
    return ",".join(str(int(part)) for part in rgb)
