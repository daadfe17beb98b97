"""What the driver makes of answers that no simulator gives."""

import json
from functools import partial

import httpx
import numpy as np
import pytest

from drivers.cameras import hikvision
from drivers.errors import DeviceDisconnected, OpenFailed, ProtocolError

MATRIX = np.full((2, 2), 30, dtype="<f4").tobytes()
META = {
    "jpegPicLen": 0,
    "jpegPicWidth": 2,
    "jpegPicHeight": 2,
    "p2pDataLen": 16,
    "temperatureDataLength": 4,
}
BODY = (
    b"--b\r\n\r\n"
    + json.dumps({"JpegPictureWithAppendData": META}).encode()
    + b"\r\n--b\r\n\r\n"
    + MATRIX
)
GOOD = {"headers": {"Content-Type": "multipart/x; boundary=b"}, "content": BODY}


@pytest.fixture
def device(monkeypatch):
    """A driver whose camera answers from a list, the last answer for ever."""

    def device(*answers, info=None, **options):
        left = list(answers)

        def answer(request):
            if "deviceInfo" in request.url.path:
                given = info or httpx.Response(403)
            else:
                given = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(given, Exception):
                raise given
            if isinstance(given, dict):
                return httpx.Response(200, **given)
            return given

        monkeypatch.setattr(
            hikvision.httpx,
            "Client",
            partial(httpx.Client, transport=httpx.MockTransport(answer)),
        )
        options = {"url": "http://camera/", "user": "u", "password": "p"} | options
        return hikvision.HikvisionCamera(**options, max_rate_hz=1000)

    return device


def test_a_camera_that_does_not_tell_its_name_is_opened(device):
    assert device(GOOD).open().model == "Hikvision ISAPI camera"
    refused = httpx.ConnectError("gone")
    assert device(GOOD, info=refused).open().serial_number == ""


def test_a_camera_tells_its_name(device):
    told = httpx.Response(200, content=b"<model>M</model><serialNumber>S</serialNumber>")
    info = device(GOOD, info=told).open()
    assert (info.model, info.serial_number) == ("M", "S")


def test_another_web_server_names_the_channel(device):
    with pytest.raises(ProtocolError, match=r"answers 404: .* channel is not 2"):
        device(httpx.Response(404), channel=2).open()


@pytest.mark.parametrize(
    "login",
    [
        'Digest realm="r", nonce="n", qop="auth", algorithm="ROT13"',
        'Digest realm="r", nonce="n", qop="auth-int"',
        "Digest nonsense",
    ],
)
def test_an_unknown_kind_of_login_is_told(device, login):
    with pytest.raises((ProtocolError, OpenFailed)):
        device(httpx.Response(401, headers={"WWW-Authenticate": login})).open()


def test_a_reply_without_end_is_cut_off(device, monkeypatch):
    monkeypatch.setattr(hikvision, "_MAX_BODY_BYTES", 1000)
    with pytest.raises(ProtocolError, match="larger than any matrix"):
        device(GOOD | {"content": bytes(2000)}).open()


def test_a_reply_that_lies_about_its_compression_is_told(device):
    lie = {"headers": GOOD["headers"] | {"Content-Encoding": "gzip"}, "content": b"no gzip"}
    with pytest.raises(OpenFailed):
        device(lie).open()


@pytest.mark.parametrize("url", ["camera", "ftp://camera", "http://[", "http://camera:port"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(OpenFailed, match="check its power, cable and address"):
        hikvision.HikvisionCamera(url=url, user="u", password="p").open()


def test_a_camera_that_goes_away_is_told(device):
    camera = device(GOOD, httpx.ReadError("reset"))
    camera.open()
    with pytest.raises(DeviceDisconnected, match="is gone"):
        camera.read(1.0)
