"""The same transcripts judge the driver and the simulator, which never see each other."""

import json
import re
from functools import partial
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from drivers.cameras.hikvision import HikvisionCamera
from simulators.clock import SceneClock
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.dialects.isapi import DEVICE_INFO_PATH, Digest, IsapiDialect
from simulators.faults import Fault, Faults

TRANSCRIPTS = sorted((Path(__file__).parent / "hikvision").glob("*.json"))
MATRIX_PATH = "/ISAPI/Thermal/channels/1/thermometry/jpegPicWithAppendData?format=json"


@pytest.fixture(params=TRANSCRIPTS, ids=lambda path: path.stem)
def transcript(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


class FixedView:
    def __init__(self, temperature_c):
        self._temperature_c = np.array(temperature_c, dtype=np.float32)

    def render(self, t_s, *, is_source_covered=False):
        return self._temperature_c.copy()


def reply_of(transcript):
    """The documented reply to a transcript's request, put together here."""
    jpeg = b"\xff\xd8\xff\xd9"
    described = {"JpegPictureWithAppendData": transcript["described"] | {"jpegPicLen": len(jpeg)}}
    body = b"".join(
        b"--7MA4YWxk\r\nContent-Type: x\r\n\r\n" + part + b"\r\n"
        for part in (json.dumps(described).encode(), jpeg, bytes.fromhex(transcript["matrix"]))
    )
    kind = "multipart/form-data; boundary=7MA4YWxk"
    return httpx.Response(200, headers={"Content-Type": kind}, content=body)


def test_the_driver_keeps_to_the_transcript(transcript, monkeypatch):
    asked = []

    def answer(request):
        asked.append(request.url.raw_path.decode())
        return httpx.Response(404) if "deviceInfo" in asked[-1] else reply_of(transcript)

    monkeypatch.setattr(
        "drivers.cameras.hikvision.httpx.Client",
        partial(httpx.Client, transport=httpx.MockTransport(answer)),
    )
    with HikvisionCamera(
        url="http://camera", user="u", password="p", channel=transcript["channel"]
    ) as camera:
        frame = camera.read(1.0)
    assert set(asked) == {transcript["path"], "/ISAPI/System/deviceInfo"}
    # A two-byte matrix has steps of 0.01 °C.
    np.testing.assert_allclose(frame.temperature_c, transcript["temperature_c"], atol=0.006)
    assert frame.status == transcript["status"]


def simulated(transcript):
    faults = Faults()
    for name in transcript.get("faults", ()):
        faults.set(Fault(name), is_on=True)
    device = ThermalCameraDevice(FixedView(transcript["temperature_c"]), SceneClock(), faults)
    size = transcript["described"]["temperatureDataLength"]
    digest = Digest("u", "p", faults=faults)
    return IsapiDialect(device, digest, faults, channel=transcript["channel"], data_length=size)


def login(dialect, path):
    """Log in as httpx does; the simulator must accept a client that is not ours."""
    request = httpx.Request("GET", "http://camera" + path)
    flow = httpx.DigestAuth("u", "p").sync_auth_flow(request)
    next(flow)
    refused = dialect.answer("GET", path, None)
    assert refused.code == 401
    headers = {"WWW-Authenticate": refused.challenge}
    request = flow.send(httpx.Response(401, headers=headers, request=request))
    return request.headers["Authorization"]


def test_the_simulator_keeps_to_the_transcript(transcript):
    dialect = simulated(transcript)
    reply = dialect.answer("GET", transcript["path"], login(dialect, transcript["path"]))
    assert reply.code == 200
    boundary = re.fullmatch(r"multipart/form-data; boundary=(\w+)", reply.kind)[1].encode()
    first, rest = reply.body.split(b"\r\n\r\n", 1)
    assert first.startswith(b"--" + boundary + b"\r\n")
    text, _, rest = rest.partition(b"\r\n--" + boundary + b"\r\n")
    described = json.loads(text)["JpegPictureWithAppendData"]
    assert transcript["described"].items() <= described.items()
    jpeg_start = rest.index(b"\r\n\r\n") + 4
    jpeg = rest[jpeg_start : jpeg_start + described["jpegPicLen"]]
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE) is not None
    rest = rest[jpeg_start + len(jpeg) :]
    assert rest.startswith(b"\r\n--" + boundary + b"\r\n")
    matrix_start = rest.index(b"\r\n\r\n") + 4
    matrix = bytes.fromhex(transcript["matrix"])
    assert rest[matrix_start : matrix_start + len(matrix)].hex(" ") == matrix.hex(" ")
    assert rest[matrix_start + len(matrix) :] == b"\r\n--" + boundary + b"--\r\n"


@pytest.fixture
def plain():
    return json.loads((Path(__file__).parent / "hikvision" / "float32.json").read_text())


def test_a_login_for_one_path_does_not_open_another(plain):
    dialect = simulated(plain)
    assert dialect.answer("GET", DEVICE_INFO_PATH, login(dialect, MATRIX_PATH)).code == 401
    good = dialect.answer("GET", DEVICE_INFO_PATH, login(dialect, DEVICE_INFO_PATH))
    assert (good.code, b"<model>" in good.body) == (200, True)


def test_an_old_nonce_is_stale_but_the_password_was_right(plain):
    now = [0.0]
    faults = Faults()
    digest = Digest("u", "p", faults=faults, nonce_life_s=10.0, real_s=lambda: now[0])
    device = ThermalCameraDevice(FixedView(plain["temperature_c"]), SceneClock(), faults)
    dialect = IsapiDialect(device, digest, faults)
    header = login(dialect, MATRIX_PATH)
    assert dialect.answer("GET", MATRIX_PATH, header).code == 200
    now[0] = 10.0
    reply = dialect.answer("GET", MATRIX_PATH, header)
    assert reply.code == 401
    assert 'stale="TRUE"' in reply.challenge
    assert digest.refused_count == 0


@pytest.mark.parametrize("header", ["Basic dTpw", "Digest", "Digest username=u", "Digest a=b, c"])
def test_other_logins_are_refused(plain, header):
    reply = simulated(plain).answer("GET", MATRIX_PATH, header)
    assert reply.code == 401
    assert 'stale="FALSE"' in reply.challenge


def test_a_channel_without_thermometry_is_refused(plain):
    dialect = simulated(plain)
    path = MATRIX_PATH.replace("channels/1", "channels/2")
    assert dialect.answer("GET", path, login(dialect, path)).code == 403
