"""Every codec that is fuzzed: a line each, with whole messages to damage.

A codec that is missing here fails `test_every_codec_of_the_drivers_is_fuzzed`.
"""

import gzip
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from cptv import CPTVWriter, Frame

from drivers.cameras import hikvision_codec, recording_codec
from drivers.errors import DeviceDisconnected, OpenFailed
from drivers.references import fluke418x_codec
from drivers.thermometers.fefd_codec import FefdParser
from tests.fuzz.engine import Codec, packed, stream, whole

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


def hikvision(body):
    return hikvision_codec.decode_reply("multipart/form-data; boundary=boundary", body)


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


def recording(data):
    # The cptv library tells what it skips on the standard streams, a line a byte.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return played(data)


def played(data):
    found = recording_codec.open_recording("fuzz", io.BytesIO(data))
    return tuple(found.pictures)


BROKEN_FILE = (OpenFailed, DeviceDisconnected)
FEFD = hexes("FE FD 1A 01 01 76 0D 0A", "FE FD 15 01 03 DA 0D 0A", "FE FD 1A AA 55 5F 0D 0A")
SCPI = texts(
    "FLUKE,4180,B012,1.20\r", "36.98\r", "-1,5E+01\r\n", '-222,"Data out of range"\r', "1\r"
)
SCPI_DECODERS = (
    fluke418x_codec.decode_identity,
    fluke418x_codec.decode_temperature,
    fluke418x_codec.decode_emissivity,
    fluke418x_codec.decode_flag,
    fluke418x_codec.decode_error,
)
INFO = b"<DeviceInfo><model>M</model><serialNumber>1</serialNumber></DeviceInfo>"
REPLIES = (hikvision_reply(4), hikvision_reply(2))

CODECS = (
    Codec("fefd", stream(FefdParser), FEFD),
    Codec("fluke418x", stream(fluke418x_codec.LineParser, *SCPI_DECODERS), SCPI),
    Codec("hikvision", whole(hikvision), REPLIES, is_stream=False),
    Codec("hikvision info", whole(hikvision_codec.decode_device_info), (INFO,), is_stream=False),
    Codec("cptv", whole(recording), (cptv(),), is_stream=False, errors=BROKEN_FILE),
    Codec("npz", whole(recording), (npz(),), is_stream=False, errors=BROKEN_FILE),
)
