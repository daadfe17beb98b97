"""What a camera's driver does with one frame that has come, against copying the frame once."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from drivers.cameras import boson_codec, lepton_codec, p2pro_codec
from drivers.cameras.hikvision import HikvisionCamera
from drivers.cameras.hikvision_codec import decode_reply
from simulators.devices.thermal_camera import Picture, Shutter
from simulators.dialects.isapi import encode_reply
from simulators.faults import Faults
from tests.benchmarks.timing import Figures, interleaved

RUNS = 1000


def payload_costs() -> dict[str, Figures]:
    """Return the cost of each camera's frame; the floor copies the same bytes."""
    rng = np.random.default_rng(1)
    # A room at 22 °C in hundredths of a kelvin, and in 1/64 K below a black picture.
    boson = rng.integers(29_000, 31_000, 512 * 640).astype("<u2").tobytes()
    lepton = np.full(120 * 160, 29_515, "<u2").tobytes() + bytes(416)
    lepton += b"\1\0\1\0" + bytes(220)
    p2pro = bytes(98_304) + np.full(192 * 256, 18_890, "<u2").tobytes()
    return {
        "ISAPI float32, 640x480": isapi_cost(4),
        "ISAPI int16, 640x480": isapi_cost(2),
        "Boson Y16, 640x512": payload_cost(_boson, boson),
        "Lepton Y16, 160x120": payload_cost(_lepton, lepton),
        "P2 Pro, 256x192": payload_cost(_p2pro, p2pro),
    }


def isapi_cost(data_length: int) -> Figures:
    """From the whole reply to the frame that the station gets; the floor copies the matrix."""
    rng = np.random.default_rng(1)
    picture_c = rng.normal(25, 3, (480, 640)).astype(np.float32)
    picture = Picture(picture_c, 0, 0.0, Shutter.NEVER, None)
    kind, body = encode_reply(picture, Faults(), channel=1, data_length=data_length)
    camera = HikvisionCamera(url="http://x", user="u", password="p")
    copied = np.empty_like(picture_c)

    def read(_: int) -> None:
        camera._frame(decode_reply(kind, body), datetime.now(UTC), time.monotonic())

    return interleaved(read, lambda _: np.copyto(copied, picture_c), RUNS)


def payload_cost(decode: Callable[[bytes], object], payload: bytes) -> Figures:
    """A video camera's payload to °C."""
    source = np.frombuffer(payload, np.uint8)
    copied = np.empty_like(source)
    return interleaved(lambda _: decode(payload), lambda _: np.copyto(copied, source), RUNS)


def _boson(payload: bytes) -> object:
    pixels = boson_codec.decode_pixels(payload, is_telemetry_below=True)
    celsius = boson_codec.to_celsius(pixels)
    return boson_codec.looks_like_counts(celsius)


def _lepton(payload: bytes) -> object:
    return lepton_codec.decode(payload).temperature_c()


def _p2pro(payload: bytes) -> object:
    return p2pro_codec.decode(p2pro_codec.raw_half(payload))
