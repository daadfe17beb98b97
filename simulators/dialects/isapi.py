"""What a Hikvision camera says over HTTP: digest login and the temperature matrix.

Source: Hikvision Device Network SDK (Thermal) Developer Guide, `jpegPicWithAppendData`; digest
login: RFC 7616 with qop=auth and MD5, as such cameras offer it.
"""

import hashlib
import json
import re
import secrets
from urllib.request import parse_http_list, parse_keqv_list

import cv2
import numpy as np

from simulators.devices.hikvision_camera import MatrixPicture
from simulators.faults import Fault, Faults

MATRIX_PATH = re.compile(
    r"/ISAPI/Thermal/channels/(?P<channel>\d+)/thermometry/jpegPicWithAppendData\?format=json"
)
"""Path of a matrix pull."""

BOUNDARY = "boundary"
"""The boundary that these cameras use."""

_REALM = "DS-2TD2637B-10/P"


class Digest:
    """Checks digest logins of one account."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._nonce = secrets.token_hex(16)

    def challenge(self) -> str:
        """Return the WWW-Authenticate header."""
        return f'Digest qop="auth", realm="{_REALM}", nonce="{self._nonce}", stale="FALSE"'

    def accepts(self, method: str, authorization: str | None) -> bool:
        """Whether a request's Authorization header proves the password."""
        scheme, _, rest = (authorization or "").partition(" ")
        if scheme.lower() != "digest":
            return False
        try:
            given = parse_keqv_list(parse_http_list(rest))
            wanted = self._response(method, given)
            return (
                given["username"] == self._user
                and given["nonce"] == self._nonce
                and secrets.compare_digest(given["response"], wanted)
            )
        except (KeyError, ValueError):
            return False

    def _response(self, method: str, given: dict[str, str]) -> str:
        account = _md5(f"{self._user}:{_REALM}:{self._password}")
        request = _md5(f"{method}:{given['uri']}")
        parts = (account, self._nonce, given["nc"], given["cnonce"], given["qop"], request)
        return _md5(":".join(parts))


def encode_reply(
    picture: MatrixPicture, faults: Faults, *, channel: int, data_length: int = 4
) -> tuple[str, bytes]:
    """Return Content-Type and body of a matrix pull.

    Args:
        picture: what the sensor sees.
        faults: which lengths to falsify.
        channel: the channel asked for.
        data_length: 4 for float32 °C, 2 for int16 of kelvin times 100.
    """
    rows, columns = picture.temperature_c.shape
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
            "isFreezedata": picture.is_frozen,
            "temperatureDataLength": data_length,
            "scale": 100,
            "offset": 0,
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


def _matrix(picture: MatrixPicture, data_length: int) -> bytes:
    if data_length == 4:
        return picture.temperature_c.astype("<f4").tobytes()
    return np.round((picture.temperature_c + 273.15) * 100).astype("<i2").tobytes()


def _jpeg(picture: MatrixPicture) -> bytes:
    """Return the small grey picture that goes with the matrix."""
    grey = np.clip((picture.temperature_c - 20) * 12, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", grey[::2, ::2])[1])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
