"""Whole messages of every codec, to be damaged; built here apart from drivers and simulators."""

import gzip
import io
import json
import struct
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


def typed(text):
    """Return the key events of a thermometer that types, press and release."""
    keys = {"0": 11, ".": 52, "\n": 28} | {str(digit): digit + 1 for digit in range(1, 10)}
    return b"".join(
        struct.pack("<qqHHi", 1, 2, 1, keys[letter], value) for letter in text for value in (1, 0)
    )


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
GY_90614 = hexes("5A 5A 45 04 0E 4A 09 E3 41", "5A 5A 45 04 FE 0C 08 34 43")
GY_90640 = (
    bytes.fromhex("5A 5A 02 06") + b"\xc4\x09" * 768 + bytes.fromhex("8C 0A E8 B6"),
    bytes.fromhex("5A 5A 5F 13"),
)
RAYTEK = texts("!T36.6\r\n", "!T-12.5\r\n", "!XV0A0027\r\n", "*Syntax Error\r\n")
OMEGA = texts(
    "OS534; E:95; MAX:78; MIN:65; DIF:13; PRN:5; PRNF:1; IR:73; CF:0; FF:1; LF: 0:\r\nEnd\r\n"
)
OPTRIS = hexes("05 56", "04 D3")
MODBUS = hexes("01 03 0E 01 6E 01 6C 01 70 01 6E 01 6F 00 F5 00 00 FB 8F", "01 83 02 C0 F1")
CALEX = hexes("01 6E 01 6C 01 70 01 6E 01 6F 00 F5 00 00")
ROOM = hexes("01 31 02 22")
HART = texts("t:   36.98 C\r", "set: 37.00 C\r\n", "s\r")
M340 = texts("\n#01R00=36.9C\r", "\n#01R01=37.0C\r", "#01M01 0200C\r")
LEPTON = (b"\xf5\x78" * (160 * 120), b"\x4b\x73" * (160 * 122))
P2PRO = (b"\x80" * 98_304 + b"\x6a\x4d" * 49_152,)
BOSON = (b"\xf5\x78" * (256 * 320),)
FSLP = hexes(
    "8E 00 00 00 00 02 00 05 00 02 00 00 00 00 00 02 30 9E 81 6D 7D AE",
    "8E 00 00 00 00 04 00 05 00 54 00 00 00 00 00 00 00 02 8F 48 AE",
)
GENICAM = (b"\xf5\x78" * 12,)
HEALTH = hexes("00 6E 01 00 FF", "06 8D 0E 00 FE EA 07 0B 18 09 1E 0F 02")
TAIDOC = hexes("51 26 76 01 00 00 A5 93", "51 25 78 35 1E 09 A5 EF")
WEDGE = (typed("37.4\n"), typed("98.6\n"))
HTPA_FRAME = (b"\x19\x0c" * 131, (b"\x19\x0c" * 131 + b"\x1a\x0c" * 131))
HTPA_CALL = (b"HTPA series responsed! I am Arraytype 11 MODTYPE 011 DevID: 0000004711",)
ALARMS = (alarm(has_length=True), alarm(has_length=False))
FILES = {
    "cptv": cptv(),
    "npz": npz(),
    "tiff": tiff(),
    "flir jpeg": flir_jpeg(np.full((3, 4), 36.0)),
}
