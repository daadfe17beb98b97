"""`fever-station devices capture`: record what crosses a device's wire, and what was understood.

Two files: `NAME.wire`, a line for each message with the seconds since the start, who spoke, and the
bytes in hex; and `NAME.values`, a line for each reading. Together they are a golden capture: the
bytes judge a driver's decoder, whoever wrote it.
"""

import argparse
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console

from drivers import wire_tap
from drivers.api import Device, ReferenceSource, RoomSensor
from drivers.errors import DeviceError
from station.commands.device_choice import add_arguments, choose
from station.commands.device_texts import read_line, told
from station.core.errors import KnownError

_READ_S = 1.0
# Sources and sensors answer whenever they are asked.
_ASK_EVERY_S = 1.0


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    parser = actions.add_parser("capture", help="record a device's bytes and readings as a file")
    add_arguments(parser)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--out", type=Path, required=True, metavar="NAME", help="without ending")


def run(args: argparse.Namespace) -> int:
    """Capture.

    Returns:
        0 if something was read, 1 if not: the bytes are kept all the same.

    Raises:
        DeviceError: if the device cannot be opened; what it said is kept.
        KnownError: if no device is named or the files cannot be written.
    """
    choice = choose(args)
    wire, values = args.out.with_suffix(".wire"), args.out.with_suffix(".values")
    with ExitStack() as files:
        try:
            wire_out = files.enter_context(wire.open("x", encoding="ascii"))
            values_out = files.enter_context(values.open("x", encoding="utf-8"))
        except OSError as error:
            raise KnownError(
                f"{error.filename} cannot be written ({error.strerror}): choose another name."
            ) from error
        with _tapped(wire_out), choice.create() as device:
            values_out.write(f"# {told(device.info)}\n")
            count = _read_for(device, args.seconds, values_out)
    said = f"{count} readings in {values}, their bytes in {wire}"
    Console(highlight=False).print(said, markup=False, soft_wrap=True)
    return 0 if count else 1


def _read_for(device: Device, seconds: float, out: TextIO) -> int:
    """Write each reading, or why there was none, with its time; return how many there were."""
    begun_s, count = time.monotonic(), 0
    while (now_s := time.monotonic() - begun_s) < seconds:
        if isinstance(device, ReferenceSource | RoomSensor):
            time.sleep(_ASK_EVERY_S)
        try:
            line = read_line(device, _READ_S)
        except DeviceError as error:
            out.write(f"{now_s:.3f} ! {error}\n")
            continue
        if line is not None:
            out.write(f"{now_s:.3f} {line}\n")
            count += 1
    return count


class _WireFile(logging.Handler):
    """Writes each message of the wire as a line."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out
        self._begun_s = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message."""
        data: bytes | None = getattr(record, "wire_bytes", None)
        if data is not None:
            since_s = time.monotonic() - self._begun_s
            speaker = getattr(record, "wire_from", "")
            self._out.write(f"{since_s:.4f} {speaker} {data.hex(' ')}\n")


@contextmanager
def _tapped(out: TextIO) -> Iterator[None]:
    handler, level = _WireFile(out), wire_tap.LOGGER.level
    wire_tap.LOGGER.addHandler(handler)
    wire_tap.LOGGER.setLevel(logging.DEBUG)
    was_passed_on, wire_tap.LOGGER.propagate = wire_tap.LOGGER.propagate, False
    try:
        yield
    finally:
        wire_tap.LOGGER.removeHandler(handler)
        wire_tap.LOGGER.setLevel(level)
        wire_tap.LOGGER.propagate = was_passed_on
