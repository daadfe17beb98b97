"""Whole messages of every codec, to be damaged; built here apart from drivers and simulators."""

import gzip
import io
import json
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from cptv import CPTVWriter, Frame

from tests.unit.flir_jpeg import flir_jpeg

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def texts(*lines):
    return tuple(line.encode() for line in lines)


def hexes(*lines):
    return tuple(bytes.fromhex(line) for line in lines)


def hikvision_reply(data_length):
    matrix = np.linspace(20, 38, 12, dtype="<f4")
    if data_length == 2:
        matrix = np.round((matrix + 73.15) * 100).astype("<i2")
    meta = {
        "jpegPicLen": 4, "jpegPicWidth": 4, "jpegPicHeight": 3, "p2pDataLen": matrix.nbytes,
        "temperatureDataLength": data_length, "scale": 100, "offset": 200, "isFreezedata": False,
    }  # fmt: skip
    parts = (json.dumps({"JpegPictureWithAppendData": meta}).encode(), b"JPEG", matrix.tobytes())
    heads = (b"--boundary\r\nContent-Type: x\r\n\r\n" + part + b"\r\n" for part in parts)
    return b"".join(heads) + b"--boundary--\r\n"


def cptv():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.cptv"
        writer = CPTVWriter(path.open("wb"))
        writer.timestamp, writer.device_name, writer.model = AT, b"fuzz", b"lepton3.5"
        rng = np.random.default_rng(1)
        for i in range(2):
            pixels = rng.integers(30_200, 30_400, (120, 160)).astype(np.uint16)
            on = timedelta(seconds=100 + i / 9)
            writer.write_frame(Frame(pixels, on, timedelta(seconds=90), 30.0, 30.0))
        writer.close()
        return packed(gzip.decompress(path.read_bytes()))


def npz():
    held = io.BytesIO()
    meta = json.dumps({"model": "M", "device": "D", "started_at": AT.isoformat()})
    times_ns = np.arange(2, dtype=np.int64)
    frames = np.full((2, 2, 2), 30_000, dtype=np.uint16)
    np.savez(
        held, frames=frames, t_ns=times_ns, ffc=np.zeros(2, dtype=np.uint8), meta=np.array(meta)
    )
    return held.getvalue()


def tiff():
    picture = np.arange(29_515, 29_527, dtype=np.uint16).reshape(3, 4)
    return cv2.imencodemulti(".tiff", [picture, picture + 1])[1].tobytes()


def packed(data):
    """Return bytes as a gzip stores them, whole, so that damage reaches what is inside."""
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def alarm(has_length):
    body = (
        b"<EventNotificationAlert><channelID>2</channelID><eventType>TMA</eventType>"
        b"<eventState>active</eventState><currTemperature>38.1</currTemperature>"
        b"</EventNotificationAlert>"
    )
    length = b"Content-Length: %d\r\n" % len(body) if has_length else b""
    return b"--b\r\nContent-Type: application/xml\r\n" + length + b"\r\n" + body + b"\r\n"


FEFD = hexes("FE FD 1A 01 01 76 0D 0A", "FE FD 15 01 03 DA 0D 0A", "FE FD 1A AA 55 5F 0D 0A")
SCPI = texts(
    "FLUKE,4180,B012,1.20\r", "36.98\r", "-1,5E+01\r\n", '-222,"Data out of range"\r', "1\r"
)
DEVICE_INFO = b"<DeviceInfo><model>M</model><serialNumber>1</serialNumber></DeviceInfo>"
REPLIES = (hikvision_reply(4), hikvision_reply(2))
ALARMS = (alarm(has_length=True), alarm(has_length=False))
FILES = {
    "cptv": cptv(),
    "npz": npz(),
    "tiff": tiff(),
    "flir jpeg": flir_jpeg(np.full((3, 4), 36.0)),
}
