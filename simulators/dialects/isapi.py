"""What a Hikvision camera says over HTTP: digest login and the temperature matrix.

Source: Hikvision Device Network SDK (Thermal) Developer Guide, `jpegPicWithAppendData`; digest
login: RFC 7616 with qop=auth and MD5, as such cameras offer it.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.request import parse_http_list, parse_keqv_list

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.devices.thermal_camera import Picture, Shutter, ThermalCameraDevice
from simulators.dialects.isapi_alarms import ALARM_KIND, ALARM_PATH, encode_event
from simulators.faults import Fault, Faults

MATRIX_PATH = re.compile(
    r"/ISAPI/Thermal/channels/(?P<channel>\d+)/thermometry/jpegPicWithAppendData\?format=json"
)
"""Path of a matrix pull."""

DEVICE_INFO_PATH = "/ISAPI/System/deviceInfo"
"""Path of the description of the device."""

BOUNDARY = "boundary"
"""The boundary that these cameras use."""

_MODEL, _SERIAL_NUMBER = "DS-2TD2637B-10/P", "SIMULATED0001"
_REALM = _MODEL
# Where zero lies in a two-byte matrix: value / scale + offset is kelvin.
_SCALE, _OFFSET = 100, 200


class Digest:
    """Checks digest logins of one account.

    Args:
        user: the account.
        password: its password.
        faults: whether every nonce is used up at once.
        nonce_life_s: how long a nonce is good, real seconds (chosen, no source).
        real_s: a clock that never jumps; tests put in their own.
    """

    def __init__(
        self,
        user: str,
        password: str,
        *,
        faults: Faults | None = None,
        nonce_life_s: float = 60.0,
        real_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._user = user
        self._password = password
        self._faults = faults or Faults()
        self._nonce_life_s = nonce_life_s
        self._real_s = real_s
        self._given_at_s: dict[str, float] = {}
        self.refused_count = 0
        """Logins with a wrong name or password so far."""

    def challenge(self, *, is_stale: bool) -> str:
        """Return the WWW-Authenticate header with a new nonce."""
        now_s = self._real_s()
        nonce = secrets.token_hex(16)
        self._given_at_s = {n: s for n, s in self._given_at_s.items() if self._is_young(s, now_s)}
        self._given_at_s[nonce] = now_s
        stale = "TRUE" if is_stale else "FALSE"
        return f'Digest qop="auth", realm="{_REALM}", nonce="{nonce}", stale="{stale}"'

    def refusal(self, method: str, path: str, authorization: str | None) -> str | None:
        """Return the challenge to answer with, or None if the header proves the password."""
        scheme, _, rest = (authorization or "").partition(" ")
        if scheme.lower() != "digest":
            return self.challenge(is_stale=False)
        try:
            given = parse_keqv_list(parse_http_list(rest))
            wanted = self._response(method, given)
            is_known = (
                given["username"] == self._user
                and given["uri"] == path
                and given["qop"] == "auth"
                and secrets.compare_digest(given["response"], wanted)
            )
            nonce = given["nonce"]
        except (KeyError, ValueError, TypeError):
            is_known, nonce = False, ""
        if not is_known:
            self.refused_count += 1
            return self.challenge(is_stale=False)
        given_at_s = self._given_at_s.get(nonce, float("-inf"))
        if not self._is_young(given_at_s, self._real_s()):
            return self.challenge(is_stale=True)
        if self._faults.has(Fault.STALE_NONCE):
            self._given_at_s.pop(nonce, None)
        return None

    def _is_young(self, given_at_s: float, now_s: float) -> bool:
        return now_s - given_at_s < self._nonce_life_s

    def _response(self, method: str, given: dict[str, str]) -> str:
        account = _md5(f"{self._user}:{_REALM}:{self._password}")
        request = _md5(f"{method}:{given['uri']}")
        parts = (account, given["nonce"], given["nc"], given["cnonce"], given["qop"], request)
        return _md5(":".join(parts))


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    code: int
    """Status."""
    kind: str
    """Content-Type."""
    body: bytes = b""
    """The whole body."""
    challenge: str | None = None
    """The WWW-Authenticate header."""
    is_endless: bool = False
    """Whether events follow for as long as the connection lasts."""


class IsapiDialect:
    """The camera's side of HTTP: a request in, a reply out.

    Args:
        device: the camera.
        digest: its account.
        faults: its switches.
        channel: the only thermal channel: 1, or 2 on a bi-spectrum camera.
        data_length: 4 for float32 °C, 2 for int16.
    """

    def __init__(
        self,
        device: ThermalCameraDevice,
        digest: Digest,
        faults: Faults,
        *,
        channel: int = 1,
        data_length: int = 4,
    ) -> None:
        self._device = device
        self._digest = digest
        self._faults = faults
        self._channel = channel
        self._data_length = data_length

    def answer(self, method: str, path: str, authorization: str | None) -> Reply:
        """Return the answer to a request."""
        return self._refusal(method, path, authorization) or self._content(path)

    def _refusal(self, method: str, path: str, authorization: str | None) -> Reply | None:
        """Return the answer of a camera that will not, or None if it will."""
        if self._faults.has(Fault.WRONG_DEVICE):
            return Reply(200, "text/html", b"<html><title>Printer status: ready</title></html>")
        challenge = self._digest.refusal(method, path, authorization)
        if challenge is None and self._faults.has(Fault.UNAUTHORIZED):
            challenge = self._digest.challenge(is_stale=False)
        if challenge is not None:
            return Reply(401, "application/xml", _status(4, "unauthorized"), challenge)
        if self._faults.has(Fault.BUSY):
            return Reply(503, "application/xml", _status(2, "deviceBusy"))
        return None

    def _content(self, path: str) -> Reply:
        if path == DEVICE_INFO_PATH:
            return Reply(200, "application/xml", _device_info())
        if path == ALARM_PATH:
            return Reply(200, ALARM_KIND, is_endless=True)
        match = MATRIX_PATH.fullmatch(path)
        if match is None or int(match["channel"]) != self._channel:
            # Which code the cameras give for a channel without thermometry is not documented.
            return Reply(403, "application/xml", _status(4, "notSupport"))
        kind, body = encode_reply(
            self._device.picture(),
            self._faults,
            channel=self._channel,
            data_length=self._data_length,
        )
        return Reply(200, kind, body)

    def event(self) -> bytes:
        """Return the alarm stream's next part."""
        picture = self._device.picture()
        return encode_event(picture, self._faults, channel=self._channel, wall=None)


def encode_reply(
    picture: Picture, faults: Faults, *, channel: int, data_length: int = 4
) -> tuple[str, bytes]:
    """Return Content-Type and body of a matrix pull.

    Args:
        picture: what the sensor sees.
        faults: which lengths to falsify.
        channel: the channel asked for.
        data_length: 4 for float32 °C, 2 for int16.
    """
    rows, columns = picture.temperature_c.shape
    is_frozen = faults.has(Fault.FREEZE_FLAG) or picture.shutter is Shutter.CLOSED
    matrix = _matrix(picture, data_length)
    jpeg = _jpeg(picture)
    announced = len(matrix) + (4 if faults.has(Fault.WRONG_LENGTH) else 0)
    meta = {
        "JpegPictureWithAppendData": {
            "channel": channel,
            "jpegPicLen": len(jpeg),
            "jpegPicWidth": columns,
            "jpegPicHeight": rows,
            "p2pDataLen": announced,
            "isFreezedata": is_frozen,
            "temperatureDataLength": data_length,
            "scale": _SCALE,
            "offset": _OFFSET,
        }
    }
    parts = (
        ("application/json; charset=UTF-8", json.dumps(meta, indent=2).encode()),
        ("image/pjpeg", jpeg),
        ("application/octet-stream", matrix),
    )
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Type: {kind}\r\n\r\n".encode() + data + b"\r\n"
        for kind, data in parts
    )
    body += f"--{BOUNDARY}--\r\n".encode()
    if faults.has(Fault.TRUNCATED):
        body = body[: len(body) // 2]
    return f"multipart/form-data; boundary={BOUNDARY}", body


def _matrix(picture: Picture, data_length: int) -> bytes:
    if data_length == 4:
        return picture.temperature_c.astype("<f4").tobytes()
    counts: NDArray[np.float32] = np.round((picture.temperature_c + 273.15 - _OFFSET) * _SCALE)
    return np.nan_to_num(counts).clip(-32768, 32767).astype("<i2").tobytes()


def _jpeg(picture: Picture) -> bytes:
    """Return the small grey picture that goes with the matrix."""
    grey = np.clip((np.nan_to_num(picture.temperature_c) - 20) * 12, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", grey[::2, ::2])[1])


def _status(code: int, sub_code: str) -> bytes:
    """Return the XML that ISAPI answers errors with."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ResponseStatus version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        f"<statusCode>{code}</statusCode><subStatusCode>{sub_code}</subStatusCode>"
        "</ResponseStatus>"
    ).encode()


def _device_info() -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<DeviceInfo version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        f"<deviceName>simulator</deviceName><model>{_MODEL}</model>"
        f"<serialNumber>{_SERIAL_NUMBER}</serialNumber></DeviceInfo>"
    ).encode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
